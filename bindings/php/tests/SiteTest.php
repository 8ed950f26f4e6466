<?php

declare(strict_types=1);

namespace JustClick\Tests;

use PHPUnit\Framework\TestCase;

/** A real site: nginx, php-fpm with PHP's stock settings, and a visitor with a browser. */
final class SiteTest extends TestCase
{
    public function testAVisitorSubscribes(): void
    {
        $sandbox = new Sandbox('--tls');
        $site = new Site(Site::environment($sandbox), options: Site::PRELOAD);
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

    public function testOnePoolMayHaveFfi(): void
    {
        $sandbox = new Sandbox();
        $site = new Site(Site::environment($sandbox), ['php_admin_value[ffi.enable] = 1']);
        [$status, $page] = $site->submit('Name', 'pool@b.ru');
        self::assertSame(200, $status, $site->log());
        self::assertStringContainsString('Thank you!', $page);
        self::assertCount(1, $sandbox->books()['contacts']);
    }

    public function testWithoutEitherTheLogSaysWhatToDo(): void
    {
        $sandbox = new Sandbox();
        $site = new Site(Site::environment($sandbox));
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
        $site = new Site(Site::environment($sandbox), options: Site::PRELOAD);
        [$status, $page] = $site->submit('"><script>', 'nobody');
        self::assertSame(422, $status, $site->log());
        self::assertStringContainsString('value="&quot;&gt;&lt;script&gt;"', $page);
        self::assertStringNotContainsString('<script>', $page);
    }
}
