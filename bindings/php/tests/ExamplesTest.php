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

    public function testTheFormKeepsWhatDoesNotPassAndAnotherProgramSendsItLater(): void
    {
        $sandbox = new Sandbox();
        $port = (string) parse_url($sandbox->url, PHP_URL_PORT);
        $sandbox->stop();
        $folder = Server::newFolder();
        chmod($folder, 0777);
        $environment = Site::environment($sandbox) + ['JUSTCLICK_KEPT' => "{$folder}/kept"];
        $site = new Site($environment, ['php_admin_value[ffi.enable] = 1']);
        foreach (['1@b.ru', '2@b.ru', '3@b.ru'] as $email) {
            [$status, $page] = $site->submit('Ирина', $email);
            self::assertSame(200, $status, $site->log());
            self::assertStringContainsString('You will be subscribed soon', $page);
        }
        $program = 'send_kept.php';
        [, $said] = self::example($environment, program: $program);
        self::assertStringEndsWith('0 sent, 0 refused, 3 kept', $said);

        $sandbox = new Sandbox('--port', $port);
        // A run that was cut off left this; the lead in it is refused.
        file_put_contents("{$folder}/kept.sending", '{"rid":["nowhere"],"lead_email":"x@b.ru"}' . "\n");
        [, $said] = self::example($environment, program: $program);
        self::assertStringEndsWith('3 sent, 1 refused, 0 kept', $said);
        self::assertSame(['1@b.ru', '2@b.ru', '3@b.ru'], array_column($sandbox->books()['contacts'], 'email'));
        self::assertSame([0, '0 sent, 0 refused, 0 kept'], self::example($environment, program: $program));
        exec('rm -rf ' . escapeshellarg($folder));
    }

    /**
     * @param array<string, string> $environment
     * @return array{int, string} the exit code and what it said
     */
    private static function example(array $environment, string $group = '', string $program = 'add_lead.php'): array
    {
        $command = [PHP_BINARY, dirname(__DIR__, 3) . "/examples/php/{$program}", ...array_filter([$group])];
        $output = [1 => ['pipe', 'w'], 2 => ['redirect', 1]];
        $process = proc_open($command, $output, $pipes, null, $environment + getenv());
        self::assertNotFalse($process);
        $said = trim((string) stream_get_contents($pipes[1]));
        return [proc_close($process), $said];
    }
}
