<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Outbox;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** What deliverAfterResponse() does at the end of a program. Sites do it in {@see OutboxSiteTest}. */
final class AfterResponseTest extends TestCase
{
    use AccountForLeads;

    private Sandbox $sandbox;
    private string $folder;
    private Outbox $outbox;

    protected function setUp(): void
    {
        $this->sandbox = new Sandbox();
        $this->folder = Server::newFolder();
        $client = new Client('username', Sandbox::SECRET, ['base_url' => $this->sandbox->url]);
        $this->outbox = new Outbox("{$this->folder}/leads.db", $client);
    }

    protected function tearDown(): void
    {
        $this->outbox->__destruct();
        exec('rm -rf ' . escapeshellarg($this->folder));
    }

    /** @return array<string, array{string, string, int}> what is printed, and the exit code */
    public static function ends(): array
    {
        return [
            'the last line' => ['end', '~^the page$~', 0],
            'the last line, and nobody has the outbox any more' => ['dropped', '~^the page$~', 0],
            'exit' => ['exit', '~^the page$~', 7],
            'an exception that nobody catches' => ['exception', '~Uncaught RuntimeException.*the page$~s', 255],
            'a fatal error' => ['fatal', '~Allowed memory size.*the page$~s', 255],
            "a site's error handler that throws" => ['throwing', '~^the page$~', 0],
        ];
    }

    /** @dataProvider ends */
    #[DataProvider('ends')]
    public function testItIsDeliveredOnceAtTheEndOf(string $how, string $printed, int $code): void
    {
        [$said, $ended, $log] = $this->ended(['HOW' => $how]);
        self::assertMatchesRegularExpression($printed, $said);
        self::assertStringNotContainsString('justclick', strtolower($log));
        self::assertSame($code, $ended);
        self::assertSame(["{$how}@b.ru"], array_column($this->sandbox->books()['contacts'], 'email'));
        self::assertSame(['delivered' => 1], array_filter(self::accountFor(1, $this->outbox)));
    }

    /** @return array<string, array{array<string, string>, string}> */
    public static function failures(): array
    {
        return [
            'a wrong secret' => [
                ['JUSTCLICK_SECRET' => 'Geheimnis'],
                'justclick: Outbox::deliver: 0 delivered, 0 dead, 1 to be tried again; the account waits',
            ],
            'a limit that cannot be' => [['LIMIT' => '-1'], 'JC_INVALID_ARGUMENT: leads: it must be a whole number'],
            'a client that was closed' => [['HOW' => 'closed'], 'JC_INVALID_ARGUMENT: this client is closed'],
        ];
    }

    /**
     * @dataProvider failures
     * @param array<string, string> $environment
     */
    #[DataProvider('failures')]
    public function testAFailureIsToldInTheLogAndTheLeadIsKept(array $environment, string $told): void
    {
        [$said, $ended, $log] = $this->ended($environment + ['HOW' => 'jemand']);
        self::assertSame(['the page', 0], [$said, $ended]);
        self::assertStringContainsString($told, $log);
        self::assertStringNotContainsString('emand', $log);
        self::assertStringNotContainsString('eheimnis', $log);
        self::assertSame(['waiting' => 1], array_filter(self::accountFor(1, $this->outbox)));
    }

    /**
     * @param array<string, string> $environment
     * @return array{string, int, string} what it printed, its exit code, and its log
     */
    private function ended(array $environment): array
    {
        $environment += Site::environment($this->sandbox) + ['LOCATION' => "{$this->folder}/leads.db"];
        $log = "{$this->folder}/error.log";
        $options = [...PhpProgram::STRICT, '-d', "error_log={$log}", '-d', 'html_errors=0'];
        $command = [PHP_BINARY, ...$options, __DIR__ . '/programs/after_response.php'];
        $output = [1 => ['pipe', 'w'], 2 => ['redirect', 1]];
        $process = proc_open($command, $output, $pipes, null, $environment + getenv());
        self::assertNotFalse($process);
        $said = trim((string) stream_get_contents($pipes[1]));
        return [$said, proc_close($process), (string) @file_get_contents($log)];
    }
}
