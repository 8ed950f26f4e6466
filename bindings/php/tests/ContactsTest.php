<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Contacts;
use JustClick\Disposition;
use JustClick\Exception\BadAnswer;
use JustClick\Exception\JustClickException;
use JustClick\Exception\NotAccepted;
use JustClick\Exception\Rejected;
use JustClick\Group;
use JustClick\Lead;
use JustClick\Membership;
use JustClick\Outcome;
use JustClick\Result;
use JustClick\Subscription;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Psr\Log\AbstractLogger;

/** The functions beside AddLeadToGroup, and what is told to a site's log. */
final class ContactsTest extends TestCase
{
    private Sandbox $sandbox;
    private AbstractLogger $logger;
    private Client $client;

    protected function setUp(): void
    {
        $this->sandbox = new Sandbox();
        $this->logger = new class extends AbstractLogger {
            /** @var list<string> */
            public array $lines = [];

            public function log($level, $message, array $context = []): void
            {
                foreach ($context as $name => $value) {
                    $message = str_replace("{{$name}}", (string) $value, (string) $message);
                }
                $this->lines[] = "{$level}: {$message}";
            }
        };
        $settings = ['base_url' => $this->sandbox->url];
        $this->client = new Client('username', Sandbox::SECRET, $settings, $this->logger);
    }

    public function testTheLifeOfAContact(): void
    {
        $groups = array_map(static fn (Group $group) => $group->name, $this->client->groups());
        self::assertContains('super', $groups);

        $this->client->addLead(new Lead('a@b.ru', ['super', 'news'], name: 'Anna'));
        $statuses = $this->client->statuses('a@b.ru');
        $names = array_map(static fn (Membership $membership) => $membership->group->name, $statuses);
        self::assertEqualsCanonicalizing(['super', 'news'], $names);
        self::assertContains(Subscription::Subscribed, array_column($statuses, 'status'));

        $result = $this->client->updateLead('a@b.ru', name: 'Анна', city: '');
        self::assertSame([Outcome::Answered, Disposition::Done], [$result->outcome, $result->disposition()]);
        self::assertSame('Анна', $this->sandbox->books()['contacts'][0]['fields']['lead_name']);

        self::assertSame([1, 1, 2], array_map($this->client->count(...), ['news', 'unique', 'all']));
        self::assertTrue($this->client->unsubscribe('a@b.ru', 'news'));
        self::assertFalse($this->client->unsubscribe('nobody@b.ru', 'news'));
    }

    public function testAnyFunctionMayBeCalled(): void
    {
        $result = $this->client->call('AddLeadToGroup', ['rid' => ['super'], 'lead_email' => 'a@b.ru']);
        self::assertSame(0, $result->code);
        self::assertSame('a@b.ru', $this->sandbox->books()['contacts'][0]['email']);
        $this->expectException(Rejected::class);
        $this->client->call('GetLeadGroupStatuses', ['email' => 'nobody@b.ru']);
    }

    public function testTheLogIsToldOfEachCallInOneLineWithoutPersonalData(): void
    {
        $this->client->addLead(new Lead('jemand@b.ru', ['super']));
        $this->client->addLead(new Lead('jemand@b.ru', ['super']));
        $this->client->groups();
        $this->fails(Rejected::class, fn () => $this->client->addLead(new Lead('jemand@b.ru', ['nowhere'])));
        $other = new Client('username', 'Geheimnis', ['base_url' => $this->sandbox->url], $this->logger);
        $this->fails(NotAccepted::class, static fn () => $other->addLead(new Lead('jemand@b.ru', ['super'])));
        $address = str_replace('http://', '', $this->sandbox->url);
        $this->sandbox->stop();
        $this->fails(JustClickException::class, fn () => $this->client->call('GetAllGroups', ['x' => 'jemand']));

        $lines = preg_replace('/; \d+ ms/', '; N ms', $this->logger->lines);
        self::assertSame([
            "debug: justclick: AddLeadToGroup: Added (code 0); N ms to {$address}",
            "debug: justclick: AddLeadToGroup: AlreadyRegistered (code 102); N ms to {$address}",
            "debug: justclick: GetAllGroups: Answered (code 0); N ms to {$address}",
            "debug: justclick: AddLeadToGroup: JC_REJECTED (code 103), refused; N ms to {$address}",
            "warning: justclick: AddLeadToGroup: JC_NOT_ACCEPTED (code 4), hold; N ms to {$address}",
        ], array_slice($lines, 0, 5));
        self::assertCount(6, $lines);
        $start = 'warning: justclick: GetAllGroups: JC_UNREACHABLE (code -1), later; N ms';
        self::assertStringStartsWith($start, $lines[5]);
        self::assertStringContainsString('refused', $lines[5]);
        self::assertStringNotContainsString('emand', implode($lines));
        self::assertStringNotContainsString('eheimnis', implode($lines));
    }

    /** @return array<string, array{string, \Closure(Result): mixed}> */
    public static function strange(): array
    {
        return [
            'no list' => ['{"a":1}', Contacts::groups(...)],
            'a row that is none' => ['["a"]', Contacts::groups(...)],
            'a row without a name' => ['[{"rass_title":"a"}]', Contacts::groups(...)],
            'a name that is none' => ['[{"rass_name":[],"rass_title":"a"}]', Contacts::groups(...)],
            'no status' => ['[{"rass_name":"a","rass_title":"a"}]', Contacts::memberships(...)],
            'no number' => ['"many"', Contacts::number(...)],
            'fewer than none' => ['-1', Contacts::number(...)],
            'nothing' => ['', Contacts::number(...)],
        ];
    }

    /**
     * @dataProvider strange
     * @param \Closure(Result): mixed $read
     */
    #[DataProvider('strange')]
    public function testAStrangeResultIsABadAnswer(string $json, \Closure $read): void
    {
        $this->expectException(BadAnswer::class);
        $this->expectExceptionMessage('not as the API documents it');
        $read(new Result('', $json));
    }

    public function testWhatTheServiceWritesInItsWayIsRead(): void
    {
        $result = static fn (string $json) => new Result('', $json);
        self::assertSame([], Contacts::groups($result('null')));
        self::assertSame([7, 8], [Contacts::number($result('"7"')), Contacts::number($result('8'))]);
        $rows = '[{"rass_name":15,"rass_title":"a","rass_status":"STATUS_NEW","subscription_time":1700000000}]';
        $membership = Contacts::memberships($result($rows))[0];
        self::assertSame(['15', Subscription::Other, '1700000000'], [
            $membership->group->name,
            $membership->status,
            $membership->subscribedAt,
        ]);
    }

    /** @param class-string<\Throwable> $class */
    private function fails(string $class, \Closure $call): void
    {
        try {
            $call();
            self::fail("no {$class}");
        } catch (JustClickException $failure) {
            self::assertInstanceOf($class, $failure);
        }
    }
}
