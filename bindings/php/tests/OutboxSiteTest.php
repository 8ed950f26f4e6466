<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Outbox;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** A real site, nginx and php-fpm, that keeps its leads in an outbox. */
final class OutboxSiteTest extends TestCase
{
    use AccountForLeads;

    /** The client's attempt_timeout_ms, for which a service that hangs holds who asks it. */
    private const ATTEMPT_SECONDS = 5;
    private const PRELOAD_AND_KEEP = __DIR__ . '/programs/preload_and_keep.php';

    /**
     * Two hundred forms while the service hangs. Each is answered at once, no worker but one waits for the
     * service, and all leads arrive when it comes back.
     */
    public function testAServiceThatHangsHoldsNoVisitor(): void
    {
        $sandbox = new Sandbox();
        $pool = ['pm.max_children = 5', 'php_admin_value[ffi.enable] = 1'];
        $site = new Site(Site::environment($sandbox), $pool);
        $outbox = $site->outbox($sandbox);
        self::assertSame(200, $site->submit('Name', 'first@b.ru')[0]);
        $site->until(static fn () => $outbox->status()['delivered'] === 1);

        $sandbox->pause();
        $hung = microtime(true);
        $accepted = 1;
        do {
            $visitors = new HurriedVisitors($site, $accepted, $accepted + 199);
            $accepted += 200;
            // A visitor who waits for the service waits for seconds, on however busy a machine.
            self::assertLessThan(self::ATTEMPT_SECONDS / 2, $visitors->sent[199], 'seconds of the slowest form');
            self::assertLessThan(self::ATTEMPT_SECONDS / 2, $visitors->seen[199], 'seconds of the slowest page');
            $more = $visitors->sent[100] - $visitors->seen[100];
        } while ($more > 0.05 * self::crowd() && $accepted < 1000);
        self::assertLessThan(0.05 * self::crowd(), $more, 'seconds of a form over those of a page, medians');
        $hung = microtime(true) - $hung;
        $counts = self::accountFor($accepted, $outbox);
        self::assertSame([1, 0], [$counts['delivered'], $counts['dead']]);
        $sandbox->goOn();

        $this->deliverAll($site, $sandbox, $outbox, $accepted);
        self::assertSame(['delivered' => $accepted], array_filter(self::accountFor($accepted, $outbox)));
        $books = $sandbox->books();
        $expected = ['first@b.ru', ...array_map(static fn (int $number) => "{$number}@b.ru", range(1, $accepted - 1))];
        self::assertEqualsCanonicalizing($expected, array_column($books['contacts'], 'email'));
        // What was sent while the service hung is sent again: one lead in each of the circuit's periods, the
        // first of which may have two.
        $periods = 1 + $hung / (self::ATTEMPT_SECONDS + 1);
        self::assertLessThanOrEqual($accepted + ceil($periods) + 1, $books['requests']);
        self::assertStringNotContainsString('@b.ru', $site->log());
    }

    public function testCronDeliversWhatNoRequestDid(): void
    {
        $sandbox = new Sandbox();
        $port = (string) parse_url($sandbox->url, PHP_URL_PORT);
        $sandbox->stop();
        $site = new Site(Site::environment($sandbox), ['php_admin_value[ffi.enable] = 1']);
        $outbox = $site->outbox($sandbox);
        foreach (range(1, 5) as $number) {
            [$status, $page] = $site->submit('Ирина', "{$number}@b.ru");
            self::assertSame(200, $status, $site->log());
            self::assertStringContainsString('you will hear from us', $page);
        }
        $site->until(static fn () => $outbox->status()['leased'] === 0);
        self::assertSame(['waiting' => 5], array_filter(self::accountFor(5, $outbox)));
        [$code, $said] = $this->cron($site, $sandbox);
        self::assertSame(1, $code);
        self::assertStringStartsWith('the leads wait: ', $said);
        self::assertStringNotContainsString('@b.ru', $said);

        $sandbox = new Sandbox('--port', $port);
        $this->deliverAll($site, $sandbox, $outbox, 5);
        self::assertSame([0, ''], $this->cron($site, $sandbox));
        $contacts = array_column($sandbox->books()['contacts'], null, 'email');
        self::assertCount(5, $contacts);
        self::assertSame('Ирина', $contacts['1@b.ru']['fields']['lead_name']);
        self::assertSame(['delivered' => 5], array_filter(self::accountFor(5, $outbox)));
    }

    /** @return array<string, array{string, string}> */
    public static function pages(): array
    {
        return [
            'a page' => ['plain', '~^the page and its end$~'],
            'a page in buffers' => ['buffered', '~^THE PAGE AND ITS END$~'],
            'exit' => ['exit', '~^the page and its end$~'],
            'a fatal error' => ['fatal', '~Allowed memory size.* and its end$~s'],
            'an error handler that throws' => ['throwing', '~^the page and its end$~'],
            'a session' => ['session', '~^the page and its end$~'],
        ];
    }

    /** @dataProvider pages */
    #[DataProvider('pages')]
    public function testTheVisitorHasTheWholePageBeforeAnythingIsSent(string $how, string $expected): void
    {
        $sandbox = new Sandbox();
        $site = new Site(Site::environment($sandbox), ['php_admin_value[ffi.enable] = 1'], root: Site::PAGES);
        $outbox = $site->outbox($sandbox);
        $sandbox->pause();
        $cookie = '';
        $page = $this->quickly($site, "after.php?how={$how}", $cookie);
        self::assertMatchesRegularExpression($expected, $page, $site->log());
        $site->until(static fn () => $outbox->status()['leased'] === 1);
        if ($how === 'session') {
            // The session is not locked while the lead is sent.
            self::assertStringStartsWith('again the', $this->quickly($site, 'after.php?how=session&only=1', $cookie));
        }
        $sandbox->goOn();
        $this->deliverAll($site, $sandbox, $outbox, 1);
        self::assertSame(['delivered' => 1], array_filter(self::accountFor(1, $outbox)));
        self::assertSame(["{$how}@b.ru"], array_column($sandbox->books()['contacts'], 'email'));
    }

    /** PHP's own server cannot end a response: the page is there, and the connection stays. */
    public function testWhereAResponseCannotBeEndedThePageIsFlushed(): void
    {
        $sandbox = new Sandbox();
        $folder = Server::newFolder();
        $environment = Site::environment($sandbox) + ['JUSTCLICK_OUTBOX' => "{$folder}/leads.db"];
        $server = new PhpServer(Site::PAGES . '/after.php', ['-d', 'ffi.enable=1'], $environment);
        $sandbox->pause();
        $stream = fopen("{$server->url}/?how=buffered", 'r', false, stream_context_create(['http' => [
            'timeout' => self::ATTEMPT_SECONDS / 2,
        ]]));
        self::assertNotFalse($stream);
        $expected = 'THE PAGE AND ITS END';
        self::assertSame($expected, stream_get_contents($stream, strlen($expected)));
        $sandbox->goOn();
        stream_set_timeout($stream, 60);
        self::assertSame('', stream_get_contents($stream), $server->output());
        self::assertCount(1, $sandbox->books()['contacts']);
        exec('rm -rf ' . escapeshellarg($folder));
    }

    /** The master keeps a lead while it preloads; its workers were forked with the outbox open. */
    public function testAnOutboxOfTheMasterDoesNotDisturbTheWorkers(): void
    {
        $sandbox = new Sandbox();
        $folder = Server::newFolder();
        chmod($folder, 0777);
        $environment = Site::environment($sandbox) + ['JUSTCLICK_OUTBOX' => "{$folder}/leads.db"];
        $options = ['opcache.preload=' . self::PRELOAD_AND_KEEP];
        $unprivileged = ['setpriv', '--reuid', 'www-data', '--regid', 'www-data', '--clear-groups'];
        $site = new Site($environment, [], $options, $unprivileged);
        foreach (range(1, 20) as $number) {
            self::assertSame(200, $site->submit('Name', "{$number}@b.ru")[0], $site->log());
        }
        $outbox = $site->outbox($sandbox);
        $this->deliverAll($site, $sandbox, $outbox, 21);
        self::assertSame(['delivered' => 21], array_filter(self::accountFor(21, $outbox)));
        self::assertContains('master@b.ru', array_column($sandbox->books()['contacts'], 'email'));
        exec('rm -rf ' . escapeshellarg($folder));
    }

    /** How many programs share a core, so that each takes so many times as long; at least 1. */
    private static function crowd(): float
    {
        return max(1.0, (sys_getloadavg() ?: [0.0])[0] / max(1, (int) shell_exec('nproc')));
    }

    /** Runs cron's line again and again, as cron does each minute. A lead that failed waits for half a minute. */
    private function deliverAll(Site $site, Sandbox $sandbox, Outbox $outbox, int $count): void
    {
        $site->until(function () use ($site, $sandbox, $outbox, $count): bool {
            $this->cron($site, $sandbox);
            return $outbox->status()['delivered'] === $count;
        }, 120);
    }

    /** @return array{int, string} the exit code of cron's program and what it said */
    private function cron(Site $site, Sandbox $sandbox): array
    {
        $environment = Site::environment($sandbox) + ['JUSTCLICK_OUTBOX' => $site->outbox];
        $user = ['setpriv', '--reuid', 'www-data', '--regid', 'www-data', '--clear-groups'];
        $command = [...$user, PHP_BINARY, ...PhpProgram::STRICT, dirname(__DIR__, 3) . '/examples/form/deliver.php'];
        $output = [1 => ['pipe', 'w'], 2 => ['redirect', 1]];
        $process = proc_open($command, $output, $pipes, null, $environment + getenv());
        self::assertNotFalse($process);
        $said = trim((string) stream_get_contents($pipes[1]));
        return [proc_close($process), $said];
    }

    /** A page that comes while somebody else waits for the service. */
    private function quickly(Site $site, string $page, string &$cookie): string
    {
        $options = ['timeout' => self::ATTEMPT_SECONDS / 2, 'header' => $cookie];
        $answer = new HttpAnswer("{$site->url}/{$page}", $options);
        if (preg_match('/^Set-Cookie: ([^;]+)/mi', implode("\n", $answer->headers), $found) === 1) {
            $cookie = "Cookie: {$found[1]}";
        }
        return $answer->body;
    }
}
