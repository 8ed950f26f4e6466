<?php

declare(strict_types=1);

namespace JustClick\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** The subscription form on a real site, as its visitors' browsers send it. */
final class FormTest extends TestCase
{
    use AccountForLeads;

    private const POOL = ['php_admin_value[ffi.enable] = 1'];
    private const NASTY = '"><script>alert(1)</script>\'';

    private Sandbox $sandbox;

    protected function setUp(): void
    {
        $this->sandbox = new Sandbox();
    }

    /** @param array<string, string> $settings */
    private function site(array $settings = []): Site
    {
        return new Site($settings + Site::environment($this->sandbox), self::POOL);
    }

    public function testAllFieldsAndTheMarksOfThePagesAddressReachTheService(): void
    {
        $site = $this->site(['JUSTCLICK_DONEURL2' => 'https://site.example/welcome']);
        $marks = ['tag' => 'spring', 'aff' => 'partner', 'ad' => '5'];
        foreach (['utm', 'aff'] as $kind) {
            foreach (['medium', 'source', 'campaign', 'content', 'term'] as $what) {
                $marks["{$kind}_{$what}"] = "{$kind} & {$what} " . self::NASTY;
            }
        }
        $form = Visit::get($site, 'form.php?' . http_build_query($marks + ['city' => 'Омск']));
        self::assertSame(200, $form->status, $site->log());
        self::assertStringNotContainsString('<script', $form->page);
        $filled = ['name' => 'Ирина ~!*', 'email' => ' irina@example.ru ', 'phone' => '+7 (900)'] + $form->inputs();
        // A visitor chooses neither the groups nor what the site has set.
        $filled += ['rid' => ['news'], 'doneurl2' => 'https://evil.example', 'activation' => '0'];
        self::assertSame(303, Visit::post($site, $filled)->follow($site)->first);

        $site->until(fn () => count($this->sandbox->books()['contacts']) === 1);
        [$contact] = $this->sandbox->books()['contacts'];
        self::assertSame(['irina@example.ru', ['super']], [$contact['email'], $contact['groups']]);
        $expected = ['lead_name' => 'Ирина ~!*', 'lead_phone' => '+7 (900)', 'lead_city' => 'Омск'];
        $expected += ['doneurl2' => 'https://site.example/welcome'];
        foreach ($marks as $name => $value) {
            $expected[str_contains($name, '_') ? "utm[{$name}]" : $name] = $value;
        }
        $fields = $contact['fields'];
        ksort($fields);
        ksort($expected);
        self::assertSame($expected, $fields);
        self::assertSame(1, self::accountFor(1, $site->outbox($this->sandbox))['delivered']);
    }

    public function testAFormOfAPageOfTheSiteTakesTheMarksOfThatPageAlong(): void
    {
        $site = $this->site();
        $page = Visit::get($site, 'index.html?utm_source=ads&utm_term=news');
        $referer = "Referer: {$site->url}/index.html?utm_source=ads&utm_term=news";
        // The service's own names do as well.
        $filled = ['lead_email' => 'a@b.ru', 'utm' => ['utm_term' => 'own']] + $page->inputs();
        Visit::post($site, $filled, $referer)->follow($site);
        $site->until(fn () => count($this->sandbox->books()['contacts']) === 1);
        $fields = $this->sandbox->books()['contacts'][0]['fields'];
        self::assertSame(['ads', 'own'], [$fields['utm[utm_source]'], $fields['utm[utm_term]']]);
    }

    /** @return array<string, array{array<string, string>, string}> */
    public static function mistakes(): array
    {
        return [
            'no address' => [['name' => self::NASTY, 'email' => ' '], 'email'],
            'no @' => [['name' => self::NASTY, 'email' => 'nowhere'], 'email'],
            'two of them' => [['name' => self::NASTY, 'email' => self::NASTY . '@@'], 'email'],
            'a name that is no text' => [['name' => "\xff", 'email' => 'a@b.ru'], 'name'],
            'a city with a NUL' => [['city' => "a\0b", 'email' => 'a@b.ru'], 'city'],
        ];
    }

    /**
     * @dataProvider mistakes
     * @param array<string, string> $typed
     */
    #[DataProvider('mistakes')]
    public function testAMistakeIsToldBesideItsFieldAndNothingTypedIsLost(array $typed, string $field): void
    {
        $site = $this->site();
        $refused = Visit::post($site, $typed + ['phone' => '+7', 'utm_source' => self::NASTY]);
        self::assertSame(422, $refused->status, $site->log());
        self::assertStringNotContainsString('<script', $refused->page);
        $inputs = $refused->inputs();
        foreach (array_filter($typed, trim(...)) + ['phone' => '+7', 'utm_source' => self::NASTY] as $name => $text) {
            self::assertSame(str_replace(["\0", "\xff"], "\u{fffd}", $text), $inputs[$name], $name);
        }
        $wrong = $refused->elements('//input[@aria-invalid="true"]');
        self::assertCount(1, $wrong);
        self::assertSame($field, $wrong[0]->getAttribute('name'));
        self::assertTrue($wrong[0]->hasAttribute('autofocus'));
        $note = $refused->elements("//*[@id='{$wrong[0]->getAttribute('aria-describedby')}']");
        self::assertNotSame('', $note[0]->textContent);
        $link = $refused->elements('//*[@role="alert"]//a');
        self::assertSame("#{$field}", $link[0]->getAttribute('href'));
        self::assertStringContainsString($note[0]->textContent, $link[0]->textContent);
        self::assertStringStartsWith('Please correct this', $refused->elements('//title')[0]->textContent);
        self::assertSame(0, self::accountFor(0, $site->outbox($this->sandbox))['waiting']);
    }

    public function testItIsConfirmedOnAPageOfItsOwnAndASecondTimeToldSo(): void
    {
        $site = $this->site();
        $outbox = $site->outbox($this->sandbox);
        $sent = Visit::post($site, ['email' => 'a@b.ru']);
        self::assertSame(303, $sent->status, $site->log());
        self::assertMatchesRegularExpression('/^form\.php\?kept=\d+-[0-9a-f]{64}$/', $sent->header('Location'));
        $done = $sent->follow($site);
        self::assertSame([200, 'Thank you!'], [$done->status, $done->elements('//h1')[0]->textContent]);
        self::assertSame([], $done->elements('//*[@role="status"]'));
        self::assertSame([], $done->elements('//form'));
        $requests = $this->sandbox->books()['requests'];
        $again = $sent->follow($site);
        self::assertSame([$done->page, $requests], [$again->page, $this->sandbox->books()['requests']]);

        // Nobody is told where the turn of an earlier visit takes the contact with it.
        $posts = 1;
        do {
            $words = Visit::post($site, ['email' => 'a@b.ru'])->follow($site)->elements('//*[@role="status"]');
            ++$posts;
        } while ($words === [] && $posts < 20);
        self::assertSame('You are subscribed already.', ($words[0] ?? null)?->textContent);
        self::assertSame(['delivered' => $posts], array_filter(self::accountFor($posts, $outbox)));
    }

    public function testTheVisitorHasThePageBeforeTheServiceHasSpoken(): void
    {
        $site = $this->site();
        $outbox = $site->outbox($this->sandbox);
        $this->sandbox->pause();
        $sent = Visit::post($site, ['email' => 'a@b.ru']);
        $stream = fopen("{$site->url}/{$sent->header('Location')}", 'r', false, stream_context_create(['http' => [
            'timeout' => 60,
        ]]));
        self::assertNotFalse($stream);
        $page = '';
        while (!str_contains($page, 'you will hear from us')) {
            $part = fgets($stream);
            self::assertNotSame('', (string) $part, $page);
            $page .= $part;
        }
        $site->until(static fn () => $outbox->status()['leased'] === 1);
        self::assertStringNotContainsString('</html>', $page);
        $this->sandbox->goOn();
        self::assertStringEndsWith("</html>\n", $page . stream_get_contents($stream));
        $site->until(static fn () => $outbox->status()['delivered'] === 1);
        self::assertSame(['delivered' => 1], array_filter(self::accountFor(1, $outbox)));
    }

    public function testItGoesToTheSitesOwnPageAndNowhereElse(): void
    {
        $site = $this->site(['JUSTCLICK_DONE' => 'https://site.example/thanks']);
        $evil = 'https://evil.example';
        $sent = Visit::post($site, ['email' => 'a@b.ru', 'done' => $evil, 'JUSTCLICK_DONE' => $evil]);
        self::assertSame([303, 'https://site.example/thanks'], [$sent->status, $sent->header('Location')]);
        $site->until(fn () => count($this->sandbox->books()['contacts']) === 1);
    }

    public function testWhatAnotherSiteSendsIsShownToTheVisitorFirst(): void
    {
        $site = $this->site();
        $typed = ['name' => self::NASTY, 'email' => 'a@b.ru'];
        $shown = Visit::post($site, $typed, 'Sec-Fetch-Site: cross-site');
        self::assertSame([403, 'a@b.ru'], [$shown->status, $shown->inputs()['email']]);
        self::assertStringContainsString('another site', $shown->elements('//*[@role="alert"]')[0]->textContent);
        self::assertSame(0, self::accountFor(0, $site->outbox($this->sandbox))['waiting']);
        self::assertSame(303, Visit::post($site, $shown->inputs(), 'Sec-Fetch-Site: same-origin')->status);
        self::assertSame(1, self::accountFor(1, $site->outbox($this->sandbox))['waiting']);
    }

    public function testMarksThatCannotBeSentKeepNoContactAway(): void
    {
        $site = $this->site();
        // A partner's mark without the partner.
        $form = Visit::get($site, 'form.php?utm_medium=affiliate');
        Visit::post($site, ['email' => 'a@b.ru'] + $form->inputs())->follow($site);
        $site->until(fn () => count($this->sandbox->books()['contacts']) === 1);
        self::assertSame([], $this->sandbox->books()['contacts'][0]['fields']);
    }

    public function testALeadThatTheServiceRefusesIsKeptAndToldAsSuch(): void
    {
        $site = $this->site(['JUSTCLICK_GROUPS' => 'super, absent']);
        $done = Visit::post($site, ['email' => 'a@b.ru'])->follow($site);
        self::assertStringContainsString('has to be looked at', $done->elements('//*[@role="status"]')[0]->textContent);
        self::assertStringContainsString('1 dead', $site->log());
        self::assertStringNotContainsString('a@b.ru', $site->log());
        self::assertSame(['dead' => 1], array_filter(self::accountFor(1, $site->outbox($this->sandbox))));
    }

    public function testWhatCannotBeKeptIsSaidAndStaysInTheForm(): void
    {
        $site = $this->site(['JUSTCLICK_OUTBOX' => '/nowhere/leads.db']);
        $refused = Visit::post($site, ['email' => 'a@b.ru', 'utm_source' => 'ads']);
        self::assertSame(503, $refused->status);
        self::assertSame(['a@b.ru', 'ads'], [$refused->inputs()['email'], $refused->inputs()['utm_source']]);
        self::assertNotSame([], $refused->elements('//*[@role="alert"]'));
        self::assertStringContainsString('JC_NOT_STORED', $site->log());
        self::assertStringNotContainsString('a@b.ru', $site->log());
    }

    public function testNobodyTriesTheNumbersOfOthers(): void
    {
        $site = $this->site();
        $place = Visit::post($site, ['email' => 'a@b.ru'])->header('Location');
        $others = [substr($place, 0, -1), str_replace('kept=', 'kept=0', $place), 'form.php?kept[]=1'];
        foreach ($others as $other) {
            self::assertNotSame([], Visit::get($site, $other)->elements('//form'), $other);
        }
        self::assertSame(0, $this->sandbox->books()['requests']);
    }
}
