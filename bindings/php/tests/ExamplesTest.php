<?php

declare(strict_types=1);

namespace JustClick\Tests;

use PHPUnit\Framework\TestCase;

final class ExamplesTest extends TestCase
{
    public function testTheExampleAddsItsLeadAndSaysWhyNot(): void
    {
        $sandbox = new Sandbox('--tls');
        $environment = [
            'JUSTCLICK_USERNAME' => 'username',
            'JUSTCLICK_SECRET' => Sandbox::SECRET,
            'JUSTCLICK_BASE_URL' => $sandbox->url,
            'JUSTCLICK_CA_FILE' => $sandbox->caFile,
        ];
        $sent = 'activation sent (code 0: Activation email sent to subscriber)';
        self::assertSame([0, $sent], self::example($environment));
        self::assertSame('lead@email.com', $sandbox->books()['contacts'][0]['email']);

        [$status, $said] = self::example($environment, 'nowhere');
        self::assertSame(1, $status);
        self::assertStringStartsWith('JC_REJECTED: ', $said);

        [$status, $said] = self::example(['JUSTCLICK_SECRET' => 'wrong'] + $environment);
        self::assertSame(1, $status);
        self::assertStringStartsWith('JC_NOT_ACCEPTED: ', $said);

        self::assertStringEndsWith('Keep this lead and send it again later.', $said);

        self::assertSame([2, 'Set JUSTCLICK_USERNAME and JUSTCLICK_SECRET.'], self::example([]));
    }

    /**
     * @param array<string, string> $environment
     * @return array{int, string} the exit code and what it said
     */
    private static function example(array $environment, string $group = ''): array
    {
        $program = dirname(__DIR__, 3) . '/examples/php/add_lead.php';
        $command = [PHP_BINARY, ...PhpProgram::STRICT, $program, ...array_filter([$group])];
        $output = [1 => ['pipe', 'w'], 2 => ['redirect', 1]];
        $process = proc_open($command, $output, $pipes, null, $environment + getenv());
        self::assertNotFalse($process);
        $said = trim((string) stream_get_contents($pipes[1]));
        return [proc_close($process), $said];
    }
}
