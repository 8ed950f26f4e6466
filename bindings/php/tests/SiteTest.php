<?php

declare(strict_types=1);

namespace JustClick\Tests;

use PHPUnit\Framework\TestCase;

/** A real site: nginx, php-fpm with PHP's stock settings, and a visitor with a browser. */
final class SiteTest extends TestCase
{
    private const PRELOAD = [
        'opcache.preload=' . __DIR__ . '/../preload.php',
        'opcache.preload_user=www-data',
    ];

    public function testAVisitorSubscribes(): void
    {
        $sandbox = new Sandbox('--tls');
        $site = new Site(self::environment($sandbox), options: self::PRELOAD);
        $browser = new Browser();
        foreach (['Thank you!', 'You are subscribed already'] as $title) {
            $browser->open("{$site->url}/form.php");
            self::assertSame('Our news by mail', $browser->text('h1'));
            $browser->type('input[name=name]', 'Ирина ~!*');
            $browser->type('input[name=email]', 'irina@example.ru');
            $browser->click('button');
            self::assertSame($title, $browser->text('h1'), $site->log());
        }
        $contacts = $sandbox->books()['contacts'];
        self::assertCount(1, $contacts);
        self::assertSame('irina@example.ru', $contacts[0]['email']);
        self::assertSame('Ирина ~!*', $contacts[0]['fields']['lead_name']);

        $sandbox->stop();
        $browser->open("{$site->url}/form.php");
        $browser->type('input[name=email]', 'later@example.ru');
        $start = microtime(true);
        $browser->click('button');
        self::assertSame('Not now, sorry', $browser->text('h1'));
        // The form's own deadline is 5 seconds.
        self::assertLessThan(15, microtime(true) - $start);
        self::assertStringContainsString('JC_UNREACHABLE', $site->log());
        self::assertStringNotContainsString('later@', $site->log());
    }

    public function testTwoHundredSubmissionsOverFourWorkersAllArrive(): void
    {
        $sandbox = new Sandbox('--tls');
        $site = new Site(self::environment($sandbox), options: self::PRELOAD);
        $before = $sandbox->books()['connections'];
        self::submitMany($site, 200);
        $books = $sandbox->books();
        $emails = array_column($books['contacts'], 'email');
        sort($emails);
        $expected = array_map(static fn (int $number) => "{$number}@b.ru", range(1, 200));
        sort($expected);
        self::assertSame($expected, $emails, $site->log());
        // Each worker keeps its connection from one request to the next; one is this look.
        self::assertSame($site->workers(200), $books['connections'] - $before - 1);
    }

    /** Each of eight visitors sends every eighth form, all at once. */
    private static function submitMany(Site $site, int $count): void
    {
        $visitors = [];
        for ($visitor = 1; $visitor <= 8; $visitor++) {
            $program = __DIR__ . '/programs/visitor.php';
            $command = [PHP_BINARY, $program, "{$site->url}/form.php", (string) $visitor, '8', (string) $count];
            $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
            self::assertNotFalse($process);
            $visitors[] = [$process, $pipes[1]];
        }
        foreach ($visitors as [$process, $pipe]) {
            $said = stream_get_contents($pipe);
            self::assertSame(0, proc_close($process), (string) $said);
        }
    }

    /**
     * The master adds leads while it preloads, and its worker is forked with its connection open.
     * Started as root it would preload in a process of its own.
     */
    public function testWhatTheMasterHasOpenStaysWithTheMaster(): void
    {
        $sandbox = new Sandbox('--tls');
        $options = ['opcache.preload=' . __DIR__ . '/programs/preload_and_send.php'];
        $unprivileged = ['setpriv', '--reuid', 'www-data', '--regid', 'www-data', '--clear-groups'];
        $before = $sandbox->books()['connections'];
        $site = new Site(self::environment($sandbox), ['pm.max_children = 1'], $options, $unprivileged);
        self::assertSame(['master1@b.ru', 'master2@b.ru'], array_column($sandbox->books()['contacts'], 'email'));
        self::submitMany($site, 40);
        $books = $sandbox->books();
        self::assertCount(42, $books['contacts'], $site->log());
        // The master's one, the worker's one, and two looks at the books.
        self::assertSame(1 + 1 + 2, $books['connections'] - $before);
    }

    public function testOnePoolMayHaveFfi(): void
    {
        $sandbox = new Sandbox();
        $site = new Site(self::environment($sandbox), ['php_admin_value[ffi.enable] = 1']);
        [$status, $page] = $site->submit('Name', 'pool@b.ru');
        self::assertSame(200, $status, $site->log());
        self::assertStringContainsString('Thank you!', $page);
        self::assertCount(1, $sandbox->books()['contacts']);
    }

    public function testWithoutEitherTheLogSaysWhatToDo(): void
    {
        $sandbox = new Sandbox();
        $site = new Site(self::environment($sandbox));
        [$status, $page] = $site->submit('Name', 'nobody@b.ru');
        self::assertSame(503, $status);
        self::assertStringContainsString('Not now, sorry', $page);
        self::assertStringContainsString('FFI is not allowed here (ffi.enable=preload)', $site->log());
        self::assertStringContainsString('opcache.preload=', $site->log());
        self::assertStringContainsString('/fpm/php.ini', $site->log());
        self::assertSame([], $sandbox->books()['contacts']);
    }

    public function testAVisitorWhoMistypesIsAskedAgain(): void
    {
        $sandbox = new Sandbox();
        $site = new Site(self::environment($sandbox), options: self::PRELOAD);
        [$status, $page] = $site->submit('"><script>', 'nobody');
        self::assertSame(422, $status, $site->log());
        self::assertStringContainsString('value="&quot;&gt;&lt;script&gt;"', $page);
        self::assertStringNotContainsString('<script>', $page);
    }

    /**
     * The settings of the site.
     *
     * @return array<string, string>
     */
    private static function environment(Sandbox $sandbox): array
    {
        $environment = [
            'JUSTCLICK_LIBRARY' => (string) realpath((string) getenv('JUSTCLICK_LIBRARY')),
            'JUSTCLICK_USERNAME' => 'username',
            'JUSTCLICK_SECRET' => Sandbox::SECRET,
            'JUSTCLICK_BASE_URL' => $sandbox->url,
        ];
        if (str_starts_with($sandbox->url, 'https')) {
            $environment['JUSTCLICK_CA_FILE'] = $sandbox->caFile;
        }
        return $environment;
    }
}
