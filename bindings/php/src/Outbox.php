<?php

declare(strict_types=1);

namespace JustClick;

use FFI\CData;
use JustClick\Exception\JustClickException;
use Psr\Log\LoggerInterface;

/**
 * Keeps leads on this host until the service has them.
 *
 *     $outbox = new JustClick\Outbox('/var/lib/site/leads.db', $client);
 *     $outbox->add($send_data);
 *     $outbox->deliverAfterResponse();
 *
 * Once add() returned, the lead survives the end of the process by any means and, with the default
 * durability, the loss of power of the host. It is sent at least once. It ends as *delivered* (added,
 * activation sent, or already registered), or as *dead* with the reason and the service's answer, kept
 * until somebody decides. It never ends in silence.
 *
 * Any number of processes may use one location at once. Never open its file by PHP's pdo_sqlite or
 * sqlite3: two SQLite libraries in one process damage it. The site's own file can have the outbox's tables:
 * `sqlite:PATH?tables=site`. It is open here during a call alone; where the site has it open, leads are added
 * by addWithin(), and another process delivers.
 *
 * Each method throws {@see Exception\NotStored} where the outbox cannot be used, and
 * {@see Exception\InvalidArgument} where something breaks a rule.
 *
 * @phpstan-type Report array{delivered: int, known: int, repeated: int, dead: int, later: int, overtaken: int,
 *     held: ?string, held_by: 'later'|'hold'|null, next_due_s: int|float|null,
 *     moved: int, unmoved: ?string}
 * @phpstan-type Status array{waiting: int, leased: int, dead: int, delivered: int, dropped: int, spooled: int,
 *     oldest_waiting_s: int|float|null, next_due_s: int|float|null,
 *     accounts: list<array{account: string, held_until: int, held_for_s: int|float, reason: string}>}
 * @phpstan-type Row array{id: int, account: string, key: string, state: 'waiting'|'leased'|'dead', attempts: int,
 *     age_s: int|float, due_in_s: int|float, reason: string, error_code: int, error_text: string,
 *     lead?: ?array<string, string>}
 */
final class Outbox
{
    private readonly Library $library;
    private ?CData $handle;
    /** The limits of the run after the response; null where there is none. */
    private ?string $afterResponse = null;

    /**
     * @param string $location A path outside of the web root, in a folder that is there; the file is made,
     *     readable by its owner alone. ":memory:" ends with this object. "postgres://…" and "mysql://…" name
     *     a database for any number of hosts, where the library is built with it; it is connected to at the
     *     first use.
     * @param Client $client Whose account the leads belong to. Its logger is told of each call as well.
     * @param array{
     *     durability?: ?string,
     *     max_leads?: int|string|null,
     *     keep_dead_days?: int|string|null,
     *     give_up_after_days?: int|string|null,
     *     spool?: ?string,
     *     busy_timeout_ms?: int|string|null,
     * } $settings The library's settings by their names; null is the default.
     *
     * @throws JustClickException
     */
    public function __construct(
        #[\SensitiveParameter] string $location,
        private readonly Client $client,
        #[\SensitiveParameter] array $settings = [],
    ) {
        $this->library = Library::open();
        $this->handle = $this->library->newOutbox($location, $settings);
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            $this->library->free($this->handle);
            $this->handle = null;
        }
    }

    /**
     * Keeps the lead: it is kept when this returns. Nothing is asked of the network but a database that the
     * outbox is in.
     *
     * @param Lead|array<array-key, mixed> $lead As Client::addLead() takes it.
     * @param ?string $key Tells the lead from the account's others while it waits, such as an order's
     *     number. Null takes one that is made of the lead itself.
     * @param array<string, string|int|bool|null> $extra Parameters that the library does not know.
     * @return int Its number; that of the lead which is there where the key waits already; 0 in the spool.
     *
     * @throws JustClickException
     */
    public function add(
        #[\SensitiveParameter] Lead|array $lead,
        #[\SensitiveParameter] ?string $key = null,
        #[\SensitiveParameter] array $extra = [],
    ): int {
        $outbox = $this->openHandle();
        [$client, $logger] = $this->client->lent();
        try {
            $json = Values::json($lead instanceof Lead ? $lead->fields() : $lead);
            $extra += $lead instanceof Lead ? $lead->extra : [];
            return $this->library->keep($outbox, $client, $json, $key, $extra);
        } catch (JustClickException $failure) {
            if ($logger !== null) {
                Log::failure($logger, 'Outbox::add', $failure);
            }
            throw $failure;
        }
    }

    /**
     * Keeps the lead by the site's own connection, within the transaction that is open there: an order and its
     * lead are committed together, and where the order is rolled back there is no lead. It begins and ends no
     * transaction. The connection's database must have the outbox's tables, which its first use there makes,
     * such as status().
     *
     * What the lead survives is what the site's commit survives, and `max_leads` is not looked at. A key that
     * waits already is left as it is. What the database says comes as its own exception; where the connection
     * throws none, as NotStored. Begin the transaction again, the order too, where a key that came after its
     * first look makes the database refuse: PostgreSQL with SQLSTATE 40001, from `repeatable read` on; MariaDB
     * with error 1020, where innodb_snapshot_isolation is on, as it is by default from 11.6.2 on.
     *
     * @param \PDO|\mysqli|object $connection A PDO of pgsql, mysql or sqlite, a mysqli, or WordPress's $wpdb.
     * @param Lead|array<array-key, mixed> $lead As Client::addLead() takes it.
     * @param ?string $key As that of add().
     * @param array<string, string|int|bool|null> $extra Parameters that the library does not know.
     *
     * @throws JustClickException
     */
    public function addWithin(
        #[\SensitiveParameter] object $connection,
        #[\SensitiveParameter] Lead|array $lead,
        #[\SensitiveParameter] ?string $key = null,
        #[\SensitiveParameter] array $extra = [],
    ): void {
        $this->openHandle();
        [$client, $logger] = $this->client->lent();
        try {
            $site = SiteConnection::of($connection);
            $json = Values::json($lead instanceof Lead ? $lead->fields() : $lead);
            $extra += $lead instanceof Lead ? $lead->extra : [];
            $site->execute($this->library->statements($site->engine, $client, $json, $key, $extra));
        } catch (JustClickException $failure) {
            if ($logger !== null) {
                Log::failure($logger, 'Outbox::addWithin', $failure);
            }
            throw $failure;
        }
    }

    /**
     * Delivers what is due for the client's account, and waits until then. Each lead is sent once, and
     * waits for a later run where that failed. For cron: `$outbox->deliver(seconds: 50, inFlight: 8)`.
     *
     * @param ?float $seconds After these no further lead is begun.
     * @param ?int $leads So many leads at the most.
     * @param ?int $inFlight How many are sent side by side, 1 to 256; 1 where it is not given.
     * @param ?int $id This lead alone; 0, of a lead in the spool, is no limit.
     * @param bool $alone Nothing is begun where another process has a lead of the account on its way.
     * @param ?float $perSecond So many are begun in a second at the most, 0.001 to 1000000.
     * @return Report What became of the leads: "known" of the delivered ones were in all of their groups
     *     before, "later" ones are tried again, "repeated" ones may have been sent twice, "held" says why the
     *     account has to wait, "moved" ones came out of the spool, and "unmoved" says why some stay there.
     *
     * @throws JustClickException
     */
    public function deliver(
        ?float $seconds = null,
        ?int $leads = null,
        ?int $inFlight = null,
        ?int $id = null,
        bool $alone = false,
        ?float $perSecond = null,
    ): array {
        $this->openHandle();
        $limits = self::given([
            'seconds' => $seconds,
            'leads' => $leads,
            'in_flight' => $inFlight,
            'id' => $id,
            'alone' => $alone,
            'per_second' => $perSecond,
        ]);
        return $this->deliverWithin($limits, $this->client->lent()[1]);
    }

    /**
     * Delivers what is due once the visitor has the page, or at the end of a program of the command line.
     * Call it when the lead is added, as often as you like: it is done once, with the last limits, also
     * after exit() and after a fatal error. It closes the session, ends the response where PHP can
     * (php-fpm, LiteSpeed; elsewhere what is there is flushed, and the connection stays open), throws
     * nothing, prints nothing, and tells the client's logger, or PHP's error log, of failures.
     *
     * One process of a host at a time does this: others leave their leads to it. So a service that hangs
     * holds one worker, for one attempt (the client's `attempt_timeout_ms`), before the account rests for
     * a second to a minute; and a backlog keeps one worker for these seconds and the attempt that was
     * begun. Leads go one after the other, so that no thread is started; where a site has more than that
     * delivers, cron delivers the rest.
     *
     * @param float $seconds After these no further lead is begun.
     * @param ?int $leads So many leads at the most.
     * @param int $inFlight How many are sent side by side. With more than 1 a service that hangs may hold
     *     the worker for a second attempt.
     */
    public function deliverAfterResponse(float $seconds = 5.0, ?int $leads = null, int $inFlight = 1): void
    {
        $this->openHandle();
        $isFirst = $this->afterResponse === null;
        $this->afterResponse = self::given([
            'seconds' => $seconds,
            'leads' => $leads,
            'in_flight' => $inFlight,
            'alone' => true,
        ]);
        if ($isFirst) {
            AfterResponse::call($this->deliverInTurn(...));
        }
    }

    /**
     * How much there is, and what became of the rest. Each lead that was ever added is in one of the first
     * six; "accounts" has those that have to wait.
     *
     * @return Status
     * @throws JustClickException
     */
    public function status(): array
    {
        $outbox = $this->openHandle();
        /** @var Status $status */
        $status = $this->library->status($outbox);
        return $status;
    }

    /**
     * The leads of a selection by their numbers.
     *
     * @param ?string $state "waiting", "leased" or "dead".
     * @param ?string $account As status() and the rows name it; null is all.
     * @param ?list<int> $ids These alone.
     * @param int $after Leaves out the numbers up to this one.
     * @param ?int $limit 100 where it is not given.
     * @param bool $withLeads Whether the rows have the leads' fields: somebody's personal data.
     * @return list<Row>
     *
     * @throws JustClickException
     */
    public function list(
        ?string $state = null,
        #[\SensitiveParameter] ?string $account = null,
        ?array $ids = null,
        int $after = 0,
        ?int $limit = null,
        bool $withLeads = false,
    ): array {
        $outbox = $this->openHandle();
        $which = ['state' => $state, 'account' => $account, 'ids' => $ids, 'after' => $after, 'limit' => $limit];
        /** @var list<Row> $rows */
        $rows = $this->library->listed($outbox, self::given($which + ['with_leads' => $withLeads]));
        return $rows;
    }

    /**
     * The leads that were refused or waited for too long; parameters are those of list().
     *
     * @param ?list<int> $ids
     * @return list<Row>
     *
     * @throws JustClickException
     */
    public function dead(
        #[\SensitiveParameter] ?string $account = null,
        ?array $ids = null,
        int $after = 0,
        ?int $limit = null,
        bool $withLeads = false,
    ): array {
        return $this->list('dead', $account, $ids, $after, $limit, $withLeads);
    }

    /**
     * Lets dead leads wait again, with no attempts made, and ends the waits of their accounts.
     *
     * @param ?list<int> $ids Null is all.
     * @return array{retried: int}
     *
     * @throws JustClickException
     */
    public function retry(?array $ids = null, #[\SensitiveParameter] ?string $account = null): array
    {
        $outbox = $this->openHandle();
        /** @var array{retried: int} $report */
        $report = $this->library->retry($outbox, self::given(['ids' => $ids, 'account' => $account]));
        return $report;
    }

    /**
     * Drops leads for good, but those that are on their way. Ids or a state are needed.
     *
     * @param ?list<int> $ids
     * @param ?string $state "waiting" or "dead".
     * @return array{dropped: int}
     *
     * @throws JustClickException
     */
    public function drop(
        ?array $ids = null,
        ?string $state = null,
        #[\SensitiveParameter] ?string $account = null,
    ): array {
        $outbox = $this->openHandle();
        $which = self::given(['ids' => $ids, 'state' => $state, 'account' => $account]);
        /** @var array{dropped: int} $report */
        $report = $this->library->drop($outbox, $which);
        return $report;
    }

    /**
     * Keeps what can be read of a damaged file, which is not changed: leads that waited or were dead wait
     * in this outbox. Some may have been delivered before; the service then says that it knows them.
     * Nobody may use the damaged file meanwhile. It may be done again.
     *
     * @return array{leads: int, lost: int} "lost" rows were there, but could not be read as a whole.
     *
     * @throws JustClickException
     */
    public function salvage(#[\SensitiveParameter] string $damaged): array
    {
        $outbox = $this->openHandle();
        /** @var array{leads: int, lost: int} $report */
        $report = $this->library->salvage($outbox, $damaged);
        return $report;
    }

    /** @return Report */
    private function deliverWithin(string $limits, ?LoggerInterface $logger): array
    {
        $outbox = $this->openHandle();
        $client = $this->client->lent()[0];
        try {
            /** @var Report $report */
            $report = $this->library->deliver($outbox, $client, $limits);
        } catch (JustClickException $failure) {
            if ($logger !== null) {
                Log::failure($logger, 'Outbox::deliver', $failure);
            }
            throw $failure;
        }
        if ($logger !== null) {
            Log::report($logger, $report);
        }
        return $report;
    }

    /** What it throws cannot be told to anybody but the log. */
    private function deliverInTurn(): void
    {
        $logger = null;
        try {
            $logger = $this->client->lent()[1];
            $report = $this->deliverWithin((string) $this->afterResponse, $logger);
        } catch (JustClickException $failure) {
            if ($logger === null) {
                error_log("justclick: Outbox::deliver: {$failure->statusName}: {$failure->getMessage()}");
            }
            return;
        }
        if ($logger === null && Log::isTrouble($report)) {
            error_log('justclick: Outbox::deliver: ' . Log::told($report));
        }
    }

    /**
     * What is given, as a JSON object.
     *
     * @param array<string, mixed> $values
     */
    private static function given(#[\SensitiveParameter] array $values): string
    {
        return Values::json(array_filter($values, static fn (mixed $value): bool => $value !== null));
    }

    private function openHandle(): CData
    {
        return $this->handle ?? throw Exception\InvalidArgument::of('this outbox is closed; make a new one');
    }

    /** A copy would free the same handle twice. */
    private function __clone(): void
    {
    }

    /** @throws \LogicException always: an outbox holds a client and connections */
    public function __serialize(): never
    {
        throw new \LogicException('a JustClick\Outbox cannot be serialized');
    }

    /**
     * @param array<array-key, mixed> $data
     * @throws \LogicException always, so that stored text makes no outbox
     */
    public function __unserialize(array $data): never
    {
        throw new \LogicException('a JustClick\Outbox cannot be unserialized');
    }

    /** @return array{} */
    public function __debugInfo(): array
    {
        return [];
    }
}
