<?php

declare(strict_types=1);

namespace JustClick\WordPress\Tests;

use JustClick\Tests\Browser;
use JustClick\Tests\Sandbox;
use PHPUnit\Framework\TestCase;

/** The plugin in a real WordPress. */
final class WordPressTest extends TestCase
{
    public function testAnOwnerSetsItUpAndAVisitorSubscribes(): void
    {
        $sandbox = new Sandbox();
        $wordpress = new WordPress();
        $browser = new Browser();
        $browser->open("{$wordpress->url}/wp-login.php");
        $browser->type('#user_login', 'owner');
        $browser->type('#user_pass', WordPress::PASSWORD);
        $browser->click('#wp-submit');
        $browser->open("{$wordpress->url}/wp-admin/plugins.php");
        $browser->click('#activate-justclick-subscriptions');
        self::assertStringContainsString('login, secret or group are not set', $browser->text('#wpbody'));

        // The secret is wrong at first.
        $this->fillIn($browser, $wordpress, [
            'username' => 'username',
            'secret' => 'wrong',
            'group' => 'super',
            'base_url' => $sandbox->url,
        ]);
        self::assertStringNotContainsString('not set', $browser->text('#wpbody'));
        $this->subscribe($browser, $wordpress, 'Ирина "~!*" O\'Neil \\', 'irina@example.ru');
        $notice = $wordpress->visitUntil(static function () use ($browser, $wordpress): ?string {
            $browser->open("{$wordpress->url}/wp-admin/options-general.php?page=justclick");
            $shown = $browser->text('#wpbody');
            return str_contains($shown, 'the secret is wrong') && str_contains($shown, 'leads wait') ? $shown : null;
        }, 60);
        self::assertStringContainsString('1 leads wait', $notice);
        self::assertSame([], $sandbox->books()['contacts']);

        // The corrected one sends the lead without anything else that has to be done.
        $this->fillIn($browser, $wordpress, ['secret' => Sandbox::SECRET]);
        $contacts = $wordpress->visitUntil(static fn () => $sandbox->books()['contacts'] ?: null, 180);
        self::assertSame(['irina@example.ru'], array_column($contacts, 'email'));
        self::assertSame('Ирина "~!*" O\'Neil \\', $contacts[0]['fields']['lead_name']);
        $browser->open("{$wordpress->url}/wp-admin/options-general.php?page=justclick");
        self::assertStringNotContainsString('leads wait', $browser->text('#wpbody'));
        self::assertStringNotContainsString(Sandbox::SECRET, $browser->source());
    }

    public function testAHundredSubscribeWhileTheServiceIsAwayForAWhile(): void
    {
        $sandbox = new Sandbox();
        $wordpress = new WordPress();
        $this->setUpPlugin($wordpress, $sandbox);
        self::assertSame([], Subscribers::complaints($wordpress->form(), 6, 1, 50), $wordpress->log());
        $first = $wordpress->visitUntil(
            static fn () => count($sandbox->books()['contacts']) === 50 ? $sandbox->books()['contacts'] : null,
            30,
        );
        self::assertSame('O\'Brien "1" \\', $this->byEmail($first)['1@b.ru']['fields']['lead_name']);

        $port = (string) parse_url($sandbox->url, PHP_URL_PORT);
        $sandbox->stop();
        self::assertSame([], Subscribers::complaints($wordpress->form(), 6, 51, 100), $wordpress->log());
        self::assertSame(50, $this->leads($wordpress)['waiting']);
        self::assertStringContainsString('refused', $this->leads($wordpress)['reason']);
        self::assertStringNotContainsString('@b.ru', $wordpress->log());

        $sandbox = new Sandbox('--port', $port);
        $second = $wordpress->visitUntil(
            static fn () => count($sandbox->books()['contacts']) === 50 ? $sandbox->books() : null,
            240,
        );
        $emails = [...array_column($first, 'email'), ...array_column($second['contacts'], 'email')];
        $expected = array_map(static fn (int $number) => "{$number}@b.ru", range(1, 100));
        self::assertEqualsCanonicalizing($expected, $emails);
        self::assertSame(50, $second['requests'], 'a lead was sent twice');
        $left = $wordpress->visitUntil(fn () => $this->leads($wordpress)['waiting'] === 0 ? 0 : null, 30);
        self::assertSame(0, $left);
        self::assertSame(0, $this->leads($wordpress)['dead']);
    }

    public function testWhatIsRefusedIsKeptAndUsersAreSubscribed(): void
    {
        $sandbox = new Sandbox();
        $wordpress = new WordPress();
        $this->setUpPlugin($wordpress, $sandbox, ['group' => 'nowhere']);
        self::assertSame([], Subscribers::complaints($wordpress->form(), 1, 1, 1));
        $leads = $wordpress->visitUntil(function () use ($wordpress): ?array {
            $leads = $this->leads($wordpress);
            return $leads['dead'] > 0 ? $leads : null;
        }, 30);
        self::assertSame([0, 1, '1@b.ru'], [$leads['waiting'], $leads['dead'], $leads['refused'][0]['email']]);
        self::assertStringStartsWith('a group does not exist', $leads['refused'][0]['reason']);

        // The lead goes to the group that is set by then.
        $this->setUpPlugin($wordpress, $sandbox);
        $wordpress->do('retry');
        $contacts = $wordpress->visitUntil(static fn () => $sandbox->books()['contacts'] ?: null, 30);
        self::assertSame([['1@b.ru'], [['super']]], [
            array_column($contacts, 'email'),
            array_column($contacts, 'groups'),
        ]);
        self::assertSame(0, $this->leads($wordpress)['dead']);

        $page = $this->post($wordpress, ['action' => 'justclick_subscribe', 'justclick_email' => 'x@b.ru']);
        self::assertStringContainsString('Please send the form again', $page);
        self::assertCount(1, $sandbox->books()['contacts']);
    }

    /** Ten users register while the service hangs; none waits, and no visitor does. */
    public function testUsersWhoRegisterWaitForNothing(): void
    {
        $sandbox = new Sandbox();
        $wordpress = new WordPress();
        $this->setUpPlugin($wordpress, $sandbox, ['users' => true]);
        $this->seconds(fn () => $wordpress->home());
        $before = array_map(fn () => $this->seconds(fn () => $wordpress->home()), range(1, 5));
        $sandbox->pause();
        [$home, $registering] = [[], []];
        foreach (range(1, 10) as $number) {
            $registering[] = $this->seconds(fn () => $wordpress->registerUser("user{$number}", "{$number}@b.ru"));
            $home[] = $this->seconds(fn () => $wordpress->home());
        }
        // One attempt alone takes 5 seconds.
        self::assertLessThan($this->median($before) + 2, $this->median($home), 'seconds');
        self::assertLessThan($this->median($before) + 2, $this->median($registering), 'seconds');
        $sandbox->goOn();
        $contacts = $wordpress->visitUntil(
            static fn () => count($sandbox->books()['contacts']) === 10 ? $sandbox->books()['contacts'] : null,
            240,
        );
        $names = array_map(static fn (array $contact) => $contact['fields']['lead_name'], $contacts);
        self::assertEqualsCanonicalizing(array_map(static fn (int $number) => "user{$number}", range(1, 10)), $names);
        $wordpress->visitUntil(fn () => $this->leads($wordpress)['waiting'] === 0 ? 0 : null, 90);
    }

    /** What the folder holds is nobody's but PHP's. */
    public function testTheLeadsAreNotServed(): void
    {
        $sandbox = new Sandbox();
        $wordpress = new WordPress();
        $this->setUpPlugin($wordpress, $sandbox);
        self::assertSame([], Subscribers::complaints($wordpress->form(), 1, 1, 1), $wordpress->log());
        [$folder] = glob("{$wordpress->root}/wp-content/justclick-*") ?: [''];
        self::assertMatchesRegularExpression('~/justclick-[0-9a-f]{32}$~', $folder);
        self::assertSame([0700, 0600], [fileperms($folder) & 0777, fileperms("{$folder}/leads.db") & 0777]);
        self::assertStringContainsString('denied', (string) file_get_contents("{$folder}/.htaccess"));
        $wordpress->do('uninstall');
        self::assertSame([], glob("{$wordpress->root}/wp-content/justclick-*"));
    }

    private function seconds(callable $work): float
    {
        $start = microtime(true);
        $work();
        return microtime(true) - $start;
    }

    /** @param list<float> $seconds */
    private function median(array $seconds): float
    {
        sort($seconds);
        return $seconds[intdiv(count($seconds), 2)];
    }

    /** @param array<string, string> $fields */
    private function fillIn(Browser $browser, WordPress $wordpress, array $fields): void
    {
        $browser->open("{$wordpress->url}/wp-admin/options-general.php?page=justclick");
        foreach ($fields as $name => $value) {
            $browser->type("#justclick_{$name}", $value);
        }
        $browser->click('#submit');
    }

    private function subscribe(Browser $browser, WordPress $wordpress, string $name, string $email): void
    {
        $browser->open($wordpress->form());
        $browser->type('input[name=justclick_name]', $name);
        $browser->type('input[name=justclick_email]', $email);
        $browser->click('.justclick-form button');
        self::assertSame('Thank you! You will hear from us.', $browser->text('.justclick-said'), $wordpress->log());
    }

    /** @param array<string, string|bool> $settings */
    private function setUpPlugin(WordPress $wordpress, Sandbox $sandbox, array $settings = []): void
    {
        $wordpress->do('set_up', json_encode($settings + [
            'username' => 'username',
            'secret' => Sandbox::SECRET,
            'group' => 'super',
            'base_url' => $sandbox->url,
        ], JSON_THROW_ON_ERROR));
    }

    /** @return array{waiting: int, dead: int, reason: string, refused: list<array<string, string>>} */
    private function leads(WordPress $wordpress): array
    {
        return json_decode($wordpress->do('leads'), true, 512, JSON_THROW_ON_ERROR);
    }

    /** @param array<string, string> $fields */
    private function post(WordPress $wordpress, array $fields): string
    {
        return (string) file_get_contents("{$wordpress->url}/wp-admin/admin-post.php", false, stream_context_create([
            'http' => [
                'method' => 'POST',
                'header' => "Content-Type: application/x-www-form-urlencoded\r\nReferer: {$wordpress->form()}",
                'content' => http_build_query($fields),
            ],
        ]));
    }

    /**
     * @param list<array<string, mixed>> $contacts
     * @return array<string, array<string, mixed>>
     */
    private function byEmail(array $contacts): array
    {
        return array_column($contacts, null, 'email');
    }
}
