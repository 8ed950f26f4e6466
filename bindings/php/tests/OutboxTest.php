<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Exception\NotStored;
use JustClick\Exception\TlsFailure;
use JustClick\Lead;
use JustClick\Outbox;
use PHPUnit\Framework\TestCase;
use Psr\Log\AbstractLogger;

/** Leads that are kept first and delivered later. */
final class OutboxTest extends TestCase
{
    use AccountForLeads;

    private Sandbox $sandbox;
    private Client $client;
    private string $folder;

    protected function setUp(): void
    {
        $this->sandbox = new Sandbox();
        $this->client = $this->client(Sandbox::SECRET);
        $this->folder = Server::newFolder();
    }

    protected function tearDown(): void
    {
        exec('rm -rf ' . escapeshellarg($this->folder));
    }

    public function testLeadsAreKeptInAFileAndDeliveredByWhoeverOpensIt(): void
    {
        $outbox = new Outbox("{$this->folder}/leads.db", $this->client, ['durability' => 'crash']);
        $id = $outbox->add(['rid[0]' => 'super', 'lead_email' => '1@b.ru', 'lead_name' => 'Ирина']);
        self::assertSame($id, $outbox->add(['lead_email' => '1@b.ru', 'lead_name' => 'Ирина', 'rid' => ['super']]));
        self::assertGreaterThan($id, $outbox->add(new Lead('2@b.ru', ['super'], extra: ['new' => 7]), 'order 2'));
        self::assertSame(0600, fileperms("{$this->folder}/leads.db") & 0777);
        self::assertSame(['connections' => 1, 'requests' => 0], $this->counts());
        self::assertSame(['waiting' => 2], array_filter(self::accountFor(2, $outbox)));
        $outbox->__destruct();

        $other = new Outbox("sqlite:{$this->folder}/leads.db", $this->client);
        $report = $other->deliver(seconds: 20, inFlight: 2);
        self::assertSame([2, 0, 0, 0, null], $this->told($report));
        self::assertSame(['delivered' => 2], array_filter(self::accountFor(2, $other)));
        $contacts = array_column($this->sandbox->books()['contacts'], null, 'email');
        self::assertSame('Ирина', $contacts['1@b.ru']['fields']['lead_name']);
        self::assertSame('7', $contacts['2@b.ru']['fields']['new']);
    }

    public function testLimitsOfARun(): void
    {
        $outbox = new Outbox(':memory:', $this->client);
        foreach (range(1, 6) as $number) {
            $ids[] = $outbox->add(new Lead("{$number}@b.ru", ['super']));
        }
        self::assertSame([1, 0, 0, 0, null], $this->told($outbox->deliver(id: $ids[3])));
        self::assertSame(['4@b.ru'], array_column($this->sandbox->books()['contacts'], 'email'));
        self::assertSame([2, 0, 0, 0, null], $this->told($outbox->deliver(leads: 2)));
        self::assertSame([0, 0, 0, 0, null], $this->told($outbox->deliver(seconds: 0.0)));
        self::assertSame([3, 0, 0, 0, null], $this->told($outbox->deliver(60, 100, 4)));
        self::assertSame(['delivered' => 6], array_filter(self::accountFor(6, $outbox)));
    }

    public function testDeadLeadsAreShownRetriedAndDropped(): void
    {
        $outbox = new Outbox(':memory:', $this->client);
        $first = $outbox->add(new Lead('1@b.ru', ['nowhere']), 'order 1');
        $second = $outbox->add(new Lead('2@b.ru', ['auto']));
        $outbox->add(new Lead('3@b.ru', ['super']));
        self::assertSame([1, 2, 0, 0, null], $this->told($outbox->deliver()));
        [$dead, $other] = $outbox->dead();
        $expected = ['id' => $first, 'key' => 'order 1', 'state' => 'dead', 'attempts' => 1, 'error_code' => 103];
        self::assertSame([], array_diff_assoc($expected, $dead));
        self::assertStringContainsString('a group does not exist', $dead['reason']);
        self::assertArrayNotHasKey('lead', $dead);
        self::assertSame(104, $other['error_code']);
        self::assertSame([$second], array_column($outbox->dead($dead['account'], after: $first), 'id'));
        self::assertSame([$first], array_column($outbox->dead(limit: 1), 'id'));
        $shown = $outbox->list(ids: [$second], withLeads: true)[0]['lead'] ?? [];
        self::assertSame('2@b.ru', $shown['lead_email'] ?? null);
        self::assertSame([], $outbox->dead('nobody'));

        self::assertSame(['retried' => 1], $outbox->retry([$first]));
        self::assertSame([['waiting', 0]], array_map(
            static fn (array $row) => [$row['state'], $row['attempts']],
            $outbox->list('waiting'),
        ));
        self::assertSame(['dropped' => 1], $outbox->drop([$first]));
        self::assertSame(['dropped' => 0], $outbox->drop(state: 'waiting'));
        self::assertSame(['dropped' => 1], $outbox->drop(state: 'dead', account: $dead['account']));
        self::assertEquals(['delivered' => 1, 'dropped' => 2], array_filter(self::accountFor(3, $outbox)));
    }

    public function testWhatADamagedFileHoldsIsSalvaged(): void
    {
        $folder = Server::newFolder();
        $path = "{$folder}/leads.db";
        $outbox = new Outbox($path, $this->client);
        foreach (['1@b.ru', '2@b.ru'] as $email) {
            $outbox->add(new Lead($email, ['super']));
        }
        $outbox->__destruct();
        $file = fopen($path, 'r+b');
        self::assertIsResource($file);
        fwrite($file, str_repeat("\0", 100));
        fclose($file);
        $other = new Outbox(':memory:', $this->client);
        self::assertSame(['leads' => 2, 'lost' => 0], $other->salvage($path));
        self::assertSame([2, 0, 0, 0, null], $this->told($other->deliver()));
        self::assertSame(['delivered' => 2], array_filter(self::accountFor(2, $other)));
        exec('rm -rf ' . escapeshellarg($folder));
    }

    public function testAFullOutboxSaysSoAndForgetsNothing(): void
    {
        $outbox = new Outbox(':memory:', $this->client, ['max_leads' => 2, 'keep_dead_days' => null]);
        $outbox->add(new Lead('1@b.ru', ['super']));
        $outbox->add(new Lead('2@b.ru', ['super']));
        try {
            $outbox->add(new Lead('3@b.ru', ['super']));
            self::fail('it was kept');
        } catch (NotStored $failure) {
            self::assertTrue($failure->disposition()->keepsLead() && $failure->isRetryable());
            self::assertStringContainsString('max_leads', $failure->getMessage());
        }
        self::assertSame(['waiting' => 2], array_filter(self::accountFor(2, $outbox)));
    }

    public function testACorrectedSecretDeliversWhatWasHeld(): void
    {
        $location = "{$this->folder}/leads.db";
        $wrong = new Outbox($location, $this->client('Geheimnis'));
        $wrong->add(new Lead('1@b.ru', ['super']));
        $report = $wrong->deliver();
        self::assertSame([0, 0, 1], array_slice($this->told($report), 0, 3));
        self::assertStringContainsString('secret', (string) $report['held']);
        $account = $wrong->status()['accounts'][0];
        self::assertStringContainsString('secret', $account['reason']);
        self::assertGreaterThan(time() + 30, $account['held_until']);
        self::assertSame([0, 0, 0], array_slice($this->told($wrong->deliver()), 0, 3));

        $right = new Outbox($location, $this->client);
        self::assertSame([1, 0, 0, 0, null], $this->told($right->deliver()));
        self::assertSame([], $right->status()['accounts']);
        self::assertSame(['delivered' => 1], array_filter(self::accountFor(1, $right)));
    }

    /** The golden data, made by PHP itself: what is kept and sent later is what is sent at once. */
    public function testTheBytesAreThoseOfAddLead(): void
    {
        $sandbox = new Sandbox('--keep-bodies');
        $expected = [];
        foreach (file(dirname(__DIR__, 3) . '/tests/vectors/requests.jsonl') ?: [] as $line) {
            $row = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
            // No lead can carry these: bytes that are not UTF-8, and no parameters at all.
            if ($row['kind'] === 'bytes' || $row['kind'] === 'empty') {
                continue;
            }
            $client = new Client($row['username'], $row['secret'], ['base_url' => $sandbox->url]);
            $outbox = new Outbox(':memory:', $client);
            $outbox->add(array_column(array_reverse($row['params']), 1, 0));
            $outbox->deliver();
            self::assertSame(0, $outbox->status()['leased']);
            $expected[] = "{$row['query']}&hash={$row['hash']}";
        }
        self::assertCount(1008, $expected);
        self::assertSame($expected, $sandbox->books()['bodies']);
    }

    public function testALeadThatWouldTravelUnencryptedIsNotKept(): void
    {
        $client = new Client('username', 'secret', ['base_url' => 'http://example.org']);
        $outbox = new Outbox(':memory:', $client);
        try {
            $outbox->add(new Lead('1@b.ru', ['super']));
            self::fail('it was kept');
        } catch (TlsFailure $failure) {
            self::assertStringContainsString('allow_http', $failure->getMessage());
        }
        self::accountFor(0, $outbox);
    }

    public function testTheLogIsToldOfEachRunWithoutPersonalData(): void
    {
        $logger = new class extends AbstractLogger {
            /** @var list<string> */
            public array $lines = [];

            /** @param array<string, mixed> $context */
            public function log($level, $message, array $context = []): void
            {
                $values = array_map('strval', $context);
                $names = array_map(static fn (string $name) => "{{$name}}", array_keys($values));
                $this->lines[] = "{$level}: " . str_replace($names, $values, (string) $message);
            }
        };
        $settings = ['base_url' => $this->sandbox->url];
        $client = new Client('username', Sandbox::SECRET, $settings, $logger);
        $outbox = new Outbox(':memory:', $client, ['max_leads' => 1]);
        $outbox->add(new Lead('jemand@b.ru', ['super']));
        try {
            $outbox->add(new Lead('jemand2@b.ru', ['super']));
            self::fail('it is full');
        } catch (NotStored) {
        }
        $outbox->deliver();
        $outbox->add(new Lead('jemand@b.ru', ['nowhere']));
        $outbox->deliver();
        $outbox->drop(state: 'dead');
        $outbox->add(new Lead('jemand3@b.ru', ['super']));
        $this->sandbox->stop();
        $outbox->deliver();
        $outbox->deliver();
        $waits = '; the account waits, and Outbox::status() says why';
        self::assertSame([
            'warning: justclick: Outbox::add: JC_NOT_STORED (code -1), later',
            'debug: justclick: Outbox::deliver: 1 delivered, 0 dead, 0 to be tried again',
            'warning: justclick: Outbox::deliver: 0 delivered, 1 dead, 0 to be tried again',
            "warning: justclick: Outbox::deliver: 0 delivered, 0 dead, 1 to be tried again{$waits}",
            "debug: justclick: Outbox::deliver: 0 delivered, 0 dead, 0 to be tried again{$waits}",
        ], $logger->lines);
        $counts = ['waiting' => 1, 'delivered' => 1, 'dropped' => 1];
        self::assertEquals($counts, array_filter(self::accountFor(3, $outbox)));
    }

    /** Each round a program is killed while it adds; all that it had told of is there. */
    public function testAProgramThatIsKilledLosesNothing(): void
    {
        $location = "{$this->folder}/leads.db";
        $told = [];
        for ($round = 0; $round < 5; $round++) {
            $environment = ['LOCATION' => $location, 'ROUND' => (string) $round];
            $server = new Server([PHP_BINARY, __DIR__ . '/programs/keep.php'], $environment);
            $lines = $server->until(static function () use ($server, $round): ?array {
                preg_match_all('/^.+@b\.ru$/m', $server->output(), $found);
                return count($found[0]) > 20 + 7 * $round ? $found[0] : null;
            });
            posix_kill($server->pid(), SIGKILL);
            preg_match_all('/^.+@b\.ru$/m', $server->output(), $lines);
            array_push($told, ...$lines[0]);
        }
        $outbox = new Outbox($location, $this->client);
        $status = $outbox->status();
        // Of the last lead of each round it may be unknown.
        self::assertGreaterThanOrEqual(count($told), $status['waiting']);
        self::assertLessThanOrEqual(count($told) + 5, $status['waiting']);
        $kept = array_column(array_column($outbox->list(limit: 10_000, withLeads: true), 'lead'), 'lead_email');
        self::assertSame([], array_diff($told, $kept));
        // The leads are of another account, whose service is away.
        self::assertSame(['waiting' => count($kept)], array_filter(self::accountFor(count($kept), $outbox)));
    }

    public function testAnOutboxMadeBeforeAForkWorksInBoth(): void
    {
        $outbox = new Outbox("{$this->folder}/leads.db", $this->client);
        $outbox->add(new Lead('before@b.ru', ['super']));
        $child = pcntl_fork();
        if ($child === 0) {
            $outbox->add(new Lead('child@b.ru', ['super']));
            $outbox->deliver();
            // Without the shutdown functions of the tests.
            posix_kill((int) getmypid(), SIGKILL);
        }
        pcntl_waitpid($child, $status);
        $outbox->add(new Lead('parent@b.ru', ['super']));
        $outbox->deliver();
        $emails = array_column($this->sandbox->books()['contacts'], 'email');
        self::assertEqualsCanonicalizing(['before@b.ru', 'child@b.ru', 'parent@b.ru'], $emails);
        self::assertSame(['delivered' => 3], array_filter(self::accountFor(3, $outbox)));
    }

    private function client(string $secret): Client
    {
        return new Client('username', $secret, ['base_url' => $this->sandbox->url]);
    }

    /** @return array{connections: int, requests: int} */
    private function counts(): array
    {
        $books = $this->sandbox->books();
        return ['connections' => $books['connections'], 'requests' => $books['requests']];
    }

    /**
     * @param array{delivered: int, dead: int, later: int, overtaken: int, held: ?string} $report
     * @return array{int, int, int, int, ?string}
     */
    private function told(array $report): array
    {
        return [$report['delivered'], $report['dead'], $report['later'], $report['overtaken'], $report['held']];
    }
}
