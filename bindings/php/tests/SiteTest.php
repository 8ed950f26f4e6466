<?php

declare(strict_types=1);

namespace JustClick\Tests;

use PHPUnit\Framework\TestCase;

/** A real site: nginx, php-fpm with PHP's stock settings, and a visitor with a browser. */
final class SiteTest extends TestCase
{
    use AccountForLeads;

    public function testAVisitorSubscribes(): void
    {
        $sandbox = new Sandbox('--tls');
        $site = new Site(Site::environment($sandbox), options: Site::PRELOAD);
        $outbox = $site->outbox($sandbox);
        $browser = new Browser();
        for ($time = 0; $time < 2; $time++) {
            $browser->open("{$site->url}/form.php");
            self::assertSame('Our news by mail', $browser->text('h1'));
            $browser->type('input[name=name]', 'Ирина ~!*');
            $browser->type('input[name=email]', 'irina@example.ru');
            $browser->click('button');
            self::assertSame('Thank you!', $browser->text('h1'), $site->log());
            $said = $time === 0 ? 'you will hear from us' : 'You are subscribed already.';
            self::assertStringContainsString($said, $browser->text('main'));
            $site->until(static fn () => $outbox->status()['delivered'] === $time + 1);
        }
        $contacts = $sandbox->books()['contacts'];
        self::assertCount(1, $contacts);
        self::assertSame('irina@example.ru', $contacts[0]['email']);
        self::assertSame('Ирина ~!*', $contacts[0]['fields']['lead_name']);

        $sandbox->stop();
        $browser->open("{$site->url}/form.php");
        $browser->type('input[name=email]', 'later@example.ru');
        $browser->click('button');
        self::assertSame('Thank you!', $browser->text('h1'));
        $site->until(static fn () => str_contains($site->log(), '1 to be tried again'));
        self::assertStringNotContainsString('later@', $site->log());
        self::assertEquals(['waiting' => 1, 'delivered' => 2], array_filter(self::accountFor(3, $outbox)));
    }

    public function testOnePoolMayHaveFfi(): void
    {
        $sandbox = new Sandbox();
        $site = new Site(Site::environment($sandbox), ['php_admin_value[ffi.enable] = 1']);
        [$status, $page] = $site->submit('Name', 'pool@b.ru');
        self::assertSame(200, $status, $site->log());
        self::assertStringContainsString('Thank you!', $page);
        $site->until(static fn () => count($sandbox->books()['contacts']) === 1);
    }

    public function testWithoutEitherTheLogSaysWhatToDo(): void
    {
        $sandbox = new Sandbox();
        $site = new Site(Site::environment($sandbox));
        [$status, $page] = $site->submit('Name', 'nobody@b.ru');
        self::assertSame(503, $status);
        self::assertStringContainsString('We cannot take this at the moment', $page);
        self::assertStringContainsString('FFI is not allowed here (ffi.enable=preload)', $site->log());
        self::assertStringContainsString('opcache.preload=', $site->log());
        self::assertStringContainsString('/fpm/php.ini', $site->log());
        self::assertSame([], $sandbox->books()['contacts']);
    }
}
