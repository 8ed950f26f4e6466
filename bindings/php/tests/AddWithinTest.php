<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Exception\InvalidArgument;
use JustClick\Exception\NotStored;
use JustClick\Lead;
use JustClick\Outbox;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** An order and its lead are committed together, by each of PHP's drivers on a real server. */
final class AddWithinTest extends TestCase
{
    use AccountForLeads;

    private Sandbox $sandbox;
    private Client $client;
    private string $folder;

    protected function setUp(): void
    {
        $this->sandbox = new Sandbox();
        $this->client = new Client('username', Sandbox::SECRET, ['base_url' => $this->sandbox->url]);
        $this->folder = Server::newFolder();
    }

    protected function tearDown(): void
    {
        exec('rm -rf ' . escapeshellarg($this->folder));
    }

    public static function tearDownAfterClass(): void
    {
        Database::stop();
    }

    /** @return array<string, array{string}> */
    public static function onServers(): array
    {
        return array_combine(Database::ON_SERVERS, array_map(static fn ($driver) => [$driver], Database::ON_SERVERS));
    }

    /** @return array<string, array{string}> */
    public static function drivers(): array
    {
        return self::onServers() + ['pdo_sqlite' => ['pdo_sqlite']];
    }

    /**
     * An outbox in a database, which has its tables by then.
     *
     * @param array<string, int> $settings
     */
    private function outbox(Database $database, array $settings = []): Outbox
    {
        $outbox = new Outbox($database->location, $this->client, $settings);
        $outbox->status();
        return $outbox;
    }

    /** @dataProvider drivers */
    #[DataProvider('drivers')]
    public function testAnOrderAndItsLeadAreCommittedTogether(string $driver): void
    {
        $database = Database::make($driver, $this->folder);
        $outbox = $this->outbox($database);
        $connection = $database->connect();
        $given = $database->given($connection);
        self::begin($connection);
        self::execute($connection, "insert into orders values ('hat')");
        $lead = new Lead('a@b.ru', ['super'], name: 'Ирина ? :x %s', extra: ['new' => 7]);
        $outbox->addWithin($given, $lead, 'order 1 ? :x');
        $connection->commit();
        self::begin($connection);
        self::execute($connection, "insert into orders values ('shoe')");
        $outbox->addWithin($given, new Lead('b@b.ru', ['super']), 'order 2');
        $connection->rollBack();
        self::begin($connection);
        $outbox->addWithin($given, ['rid[0]' => 'super', 'lead_email' => 'c@b.ru'], extra: ['more' => 8]);
        $connection->commit();

        // Of pdo_sqlite the connection here stays open meanwhile.
        self::assertSame('2', $this->deliverElsewhere($database));
        self::assertSame(['hat'], self::column($connection, 'select what from orders'));
        $connection = $given = null;
        self::assertSame(['delivered' => 2], array_filter(self::accountFor(2, $outbox)));
        $contacts = array_column($this->sandbox->books()['contacts'], null, 'email');
        self::assertSame(['a@b.ru', 'c@b.ru'], array_keys($contacts));
        self::assertSame('Ирина ? :x %s', $contacts['a@b.ru']['fields']['lead_name']);
        self::assertSame('7', $contacts['a@b.ru']['fields']['new']);
        self::assertSame('8', $contacts['c@b.ru']['fields']['more']);
    }

    /** @dataProvider drivers */
    #[DataProvider('drivers')]
    public function testAKeyWaitsOnce(string $driver): void
    {
        $database = Database::make($driver, $this->folder);
        $outbox = $this->outbox($database);
        foreach (['ключ', 'order', null] as $key) {
            $outbox->add(new Lead('1@b.ru', ['super']), $key);
        }
        $connection = $database->connect();
        $given = $database->given($connection);
        self::begin($connection);
        foreach (['1@b.ru', '2@b.ru'] as $email) {
            foreach (['ключ', 'order', null, 'new'] as $key) {
                $outbox->addWithin($given, new Lead($email, ['super']), $key);
            }
        }
        $connection->commit();
        $connection = $given = null;
        self::assertSame(['waiting' => 5], array_filter(self::accountFor(5, $outbox)));
        $keys = array_filter(array_column($outbox->list(), 'key'), static fn ($key) => strlen($key) < 64);
        sort($keys);
        self::assertSame(['new', 'order', 'ключ'], $keys);
        foreach ($outbox->list() as $row) {
            self::assertTrue($row['age_s'] < 60 && $row['due_in_s'] == 0);
        }
    }

    /** @dataProvider onServers */
    #[DataProvider('onServers')]
    public function testNobodyWaitsForALongTransaction(string $driver): void
    {
        $database = Database::make($driver, $this->folder);
        $outbox = $this->outbox($database, ['busy_timeout_ms' => 5000]);
        $outbox->add(new Lead('a@b.ru', ['super']), 'waits');
        [$one, $other] = [$database->connect(), $database->connect()];
        self::begin($one);
        self::begin($other);
        $outbox->addWithin($database->given($one), new Lead('b@b.ru', ['super']), 'waits');
        $outbox->addWithin($database->given($one), new Lead('c@b.ru', ['super']), 'order 1');
        $outbox->addWithin($database->given($other), new Lead('d@b.ru', ['super']), 'order 2');
        $outbox->add(new Lead('e@b.ru', ['super']), 'order 3');
        self::assertSame(2, $outbox->status()['waiting']);
        $report = $outbox->deliver(seconds: 60);
        self::assertSame([2, 0, null], [$report['delivered'], $report['later'], $report['held']]);
        $one->commit();
        $other->rollBack();
        self::assertSame(1, $outbox->deliver()['delivered']);
        self::assertSame(['delivered' => 3], array_filter(self::accountFor(3, $outbox)));
    }

    /**
     * The transaction sees neither the row nor its key, and the database does.
     *
     * @dataProvider onServers
     */
    #[DataProvider('onServers')]
    public function testAKeyThatCameAfterTheTransactionBeganWaitsOnce(string $driver): void
    {
        $database = Database::make($driver, $this->folder);
        $outbox = $this->outbox($database);
        $connection = $database->connect();
        $database->keepToSnapshots($connection, false);
        self::begin($connection);
        self::assertSame([], self::column($connection, 'select what from orders'));
        $outbox->add(new Lead('a@b.ru', ['super']), 'order 1');
        $outbox->addWithin($database->given($connection), new Lead('b@b.ru', ['super']), 'order 1');
        $connection->commit();
        self::assertSame(['waiting' => 1], array_filter(self::accountFor(1, $outbox)));
    }

    /** @dataProvider onServers */
    #[DataProvider('onServers')]
    public function testATransactionWhoseSnapshotIsOlderThanAKeyIsToBeginAgain(string $driver): void
    {
        $database = Database::make($driver, $this->folder);
        $outbox = $this->outbox($database);
        $connection = $database->connect();
        $database->keepToSnapshots($connection, true);
        self::begin($connection);
        self::assertSame([], self::column($connection, 'select what from orders'));
        $outbox->add(new Lead('a@b.ru', ['super']), 'order 1');
        $refusals = [];
        foreach (['first', 'again'] as $time) {
            try {
                self::execute($connection, "insert into orders values ('{$time}')");
                $outbox->addWithin($database->given($connection), new Lead('b@b.ru', ['super']), 'order 1');
                self::execute($connection, 'commit');
            } catch (\PDOException | \mysqli_sql_exception $failure) {
                $code = $failure->getCode();
                $refusals[] = $code === 'HY000' ? $failure->errorInfo[1] ?? null : $code;
                self::execute($connection, 'rollback');
                self::begin($connection);
            }
        }
        self::assertSame([str_starts_with($driver, 'pdo_pgsql') ? '40001' : 1020], $refusals);
        self::assertSame(['again'], self::column($connection, 'select what from orders'));
        self::assertSame(['waiting' => 1], array_filter(self::accountFor(1, $outbox)));
    }

    /** @dataProvider mortals */
    #[DataProvider('mortals')]
    public function testWhoDiesBeforeTheCommitLeavesNothing(string $driver): void
    {
        $database = Database::make($driver, $this->folder);
        $outbox = $this->outbox($database);
        [$dsn, $user] = $database->dsn();
        $program = __DIR__ . '/programs/die_within.php';
        self::assertSame('1', PhpProgram::run([], ['DSN' => $dsn, 'USER_NAME' => $user], $program));
        $connection = $database->connect();
        self::assertSame([], self::column($connection, 'select what from orders'));
        $connection = null;
        self::assertSame([], array_filter(self::accountFor(0, $outbox)));
    }

    /** @return list<array{string}> */
    public static function mortals(): array
    {
        return [['pdo_pgsql'], ['pdo_mysql, native'], ['pdo_sqlite']];
    }

    /**
     * What a database without the tables says.
     *
     * @dataProvider drivers
     */
    #[DataProvider('drivers')]
    public function testTheDatabasesOwnExceptionComesThrough(string $driver): void
    {
        $database = Database::make($driver, $this->folder);
        $outbox = new Outbox(':memory:', $this->client);
        $connection = $database->connect();
        foreach (['', 'a@b.ru'] as $email) {
            try {
                $outbox->addWithin($database->given($connection), new Lead($email, ['super']));
                self::fail('it was kept');
            } catch (InvalidArgument $refused) {
                self::assertStringContainsString('lead_email', $refused->getMessage());
            } catch (\PDOException | \mysqli_sql_exception $failure) {
                self::assertStringContainsString('justclick_', $failure->getMessage());
            }
        }
        self::assertSame([], array_filter(self::accountFor(0, $outbox)));
    }

    /** @dataProvider silent */
    #[DataProvider('silent')]
    public function testWhereTheConnectionIsSilentItIsNotStored(string $driver): void
    {
        $database = Database::make($driver, $this->folder);
        $outbox = new Outbox(':memory:', $this->client);
        $connection = $database->connect();
        if ($connection instanceof \PDO) {
            $connection->setAttribute(\PDO::ATTR_ERRMODE, \PDO::ERRMODE_SILENT);
        } else {
            mysqli_report(MYSQLI_REPORT_OFF);
        }
        try {
            $outbox->addWithin($connection, new Lead('a@b.ru', ['super']));
            self::fail('it was kept');
        } catch (NotStored $failure) {
            self::assertMatchesRegularExpression('/SQLSTATE (42P01|42S02|HY000).*again/', $failure->getMessage());
            self::assertTrue($failure->disposition()->keepsLead());
        } finally {
            mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
        }
        self::assertSame([], array_filter(self::accountFor(0, $outbox)));
    }

    /** @return list<array{string}> */
    public static function silent(): array
    {
        return [['pdo_pgsql'], ['pdo_mysql, emulated'], ['pdo_mysql, native'], ['mysqli'], ['pdo_sqlite']];
    }

    public function testWhatIsNoConnectionIsRefused(): void
    {
        $outbox = new Outbox(':memory:', $this->client);
        foreach ([new \stdClass(), $this->client, (object) ['dbh' => 1]] as $wrong) {
            try {
                $outbox->addWithin($wrong, new Lead('a@b.ru', ['super']));
                self::fail('it was taken');
            } catch (InvalidArgument $refused) {
                self::assertStringContainsString('connection: a PDO, a mysqli', $refused->getMessage());
            }
        }
        self::assertSame([], array_filter(self::accountFor(0, $outbox)));
    }

    public function testTheManualsProgramRuns(): void
    {
        $database = Database::make('pdo_pgsql', $this->folder);
        $this->outbox($database);
        $manual = (string) file_get_contents(dirname(__DIR__) . '/README.md');
        self::assertSame(1, preg_match('/^```php\n([^`]*addWithin[^`]*)^```/m', $manual, $shown));
        $bootstrap = var_export(__DIR__ . '/bootstrap.php', true);
        [$dsn, $user] = array_map(static fn ($word) => var_export($word, true), $database->dsn());
        $account = "'username', 'secret', ['base_url' => '{$this->sandbox->url}']";
        file_put_contents("{$this->folder}/program.php", "<?php require {$bootstrap};
            \$client = new JustClick\\Client({$account});
            \$pdo = new PDO({$dsn}, {$user});
            \$send_data = ['rid[0]' => 'super', 'lead_email' => 'a@b.ru'];
            " . str_replace('postgres://site@db.example/shop', $database->location, $shown[1]));
        self::assertSame('', PhpProgram::run([], [], "{$this->folder}/program.php"));
        self::assertSame('1', $this->deliverElsewhere($database));
        self::assertSame(['hat'], self::column($database->connect(), 'select what from orders'));
        $outbox = $this->outbox($database);
        self::assertSame(['delivered' => 1], array_filter(self::accountFor(1, $outbox)));
    }

    /** A transaction holds the file's lock, which a close of ours would end. */
    public function testPdoHasTheSitesFileToItself(): void
    {
        $database = Database::make('pdo_sqlite', $this->folder);
        (new Outbox($database->location, $this->client))->status();
        $pdo = $database->connect();
        self::begin($pdo);
        self::execute($pdo, "insert into orders values ('hat')");
        $outbox = new Outbox($database->location, $this->client);
        $refused = [
            static fn () => $outbox->add(new Lead('b@b.ru', ['super'])),
            static fn () => $outbox->deliver(),
            static fn () => $outbox->status(),
        ];
        foreach ($refused as $ask) {
            try {
                $ask();
                self::fail('the file was opened');
            } catch (NotStored $failure) {
                self::assertStringContainsString('addWithin', $failure->getMessage());
            }
        }
        $outbox->addWithin($pdo, new Lead('a@b.ru', ['super']));
        self::assertStringContainsString('kept it locked', $this->deliverElsewhere($database));
        $pdo->commit();
        self::assertSame('1', $this->deliverElsewhere($database));
        $seen = static fn (string $pragma) => self::column($pdo, "pragma {$pragma}");
        self::assertSame([['ok'], ['delete']], [$seen('integrity_check'), $seen('journal_mode')]);
        self::assertSame([[42], [0]], [$seen('user_version'), $seen('application_id')]);
        self::assertSame(['hat'], self::column($pdo, 'select what from orders'));
        $seen = $pdo = null;
        self::assertSame(['delivered' => 1], array_filter(self::accountFor(1, $outbox)));
    }

    private function deliverElsewhere(Database $database): string
    {
        $environment = ['LOCATION' => $database->location, 'URL' => $this->sandbox->url];
        return PhpProgram::run([], $environment, __DIR__ . '/programs/deliver.php');
    }

    private static function begin(\PDO|\mysqli $connection): void
    {
        $connection instanceof \PDO ? $connection->beginTransaction() : $connection->begin_transaction();
    }

    private static function execute(\PDO|\mysqli $connection, string $sql): void
    {
        $connection instanceof \PDO ? $connection->exec($sql) : $connection->query($sql);
    }

    /** @return list<mixed> */
    private static function column(\PDO|\mysqli $connection, string $sql): array
    {
        $result = $connection->query($sql);
        if ($result instanceof \PDOStatement) {
            return $result->fetchAll(\PDO::FETCH_COLUMN);
        }
        return $result instanceof \mysqli_result ? array_column($result->fetch_all(), 0) : [];
    }
}
