<?php

declare(strict_types=1);

namespace JustClick\Tests;

/** A database of a site's own with a table of orders, on a server that the tests start once. */
final class Database
{
    /** What connects by PHP's drivers. */
    public const ON_SERVERS = [
        'pdo_pgsql',
        'pdo_pgsql, emulated',
        'pdo_mysql, emulated',
        'pdo_mysql, native',
        'pdo_mysql, found rows',
        'pdo_mysql, latin1',
        'mysqli',
        'wpdb',
    ];
    private const ORDERS = 'create table orders (what varchar(20))';

    /** @var array<string, Server> */
    private static array $servers = [];
    private static int $made = 0;

    private function __construct(
        /** Of the outbox. */
        public readonly string $location,
        private readonly string $driver,
        private readonly string $name,
    ) {
    }

    /** A new one; that of pdo_sqlite is a file in the folder. */
    public static function make(string $driver, string $folder): self
    {
        $name = 'site_' . ++self::$made;
        if ($driver === 'pdo_sqlite') {
            $path = "{$folder}/{$name}.db";
            $database = new self("sqlite:{$path}?tables=site", $driver, $path);
            $database->connect()->exec(self::ORDERS . '; pragma user_version = 42');
            return $database;
        }
        $isPostgres = str_starts_with($driver, 'pdo_pgsql');
        $socket = rawurlencode(self::folder($isPostgres ? 'postgres' : 'mariadb') . ($isPostgres ? '' : '/mysql.sock'));
        $location = $isPostgres ? "postgres://postgres@{$socket}:5432/{$name}" : "mysql://root@{$socket}/{$name}";
        self::pdo($isPostgres, $isPostgres ? 'postgres' : 'mysql')->exec("create database {$name}");
        self::pdo($isPostgres, $name)->exec(self::ORDERS);
        return new self($location, $driver, $name);
    }

    public static function stop(): void
    {
        foreach (self::$servers as $engine => $server) {
            // At once: PostgreSQL ends its other processes, and MariaDB has none.
            posix_kill($server->pid(), $engine === 'postgres' ? SIGQUIT : SIGKILL);
        }
        self::$servers = [];
    }

    /** A connection of the driver's, as sites have it. */
    public function connect(): \PDO|\mysqli
    {
        return match ($this->driver) {
            'pdo_sqlite' => new \PDO("sqlite:{$this->name}"),
            'pdo_pgsql' => self::pdo(true, $this->name),
            'pdo_pgsql, emulated' => self::pdo(true, $this->name, [\PDO::ATTR_EMULATE_PREPARES => true]),
            'pdo_mysql, emulated' => self::pdo(false, $this->name),
            'pdo_mysql, native' => self::pdo(false, $this->name, [\PDO::ATTR_EMULATE_PREPARES => false]),
            'pdo_mysql, found rows' => self::pdo(false, $this->name, [self::foundRows() => true]),
            'pdo_mysql, latin1' => self::pdo(false, "{$this->name};charset=latin1"),
            default => new \mysqli(null, 'root', '', $this->name, 0, self::folder('mariadb') . '/mysql.sock'),
        };
    }

    /** Whether the connection's transactions refuse to write beside what is newer than their first look. */
    public function keepToSnapshots(\PDO|\mysqli $connection, bool $areKept): void
    {
        $connection->query(match (true) {
            // On by default from MariaDB 11.6.2 on.
            !str_starts_with($this->driver, 'pdo_pgsql') => 'set innodb_snapshot_isolation = ' . (int) $areKept,
            $areKept => 'set session characteristics as transaction isolation level repeatable read',
            default => 'set session characteristics as transaction isolation level read committed',
        });
    }

    /** @return array{string, string} PDO's name of it, and the user */
    public function dsn(): array
    {
        return match (true) {
            $this->driver === 'pdo_sqlite' => ["sqlite:{$this->name}", ''],
            str_starts_with($this->driver, 'pdo_pgsql') =>
                ['pgsql:host=' . self::folder('postgres') . ";dbname={$this->name}", 'postgres'],
            default => ['mysql:unix_socket=' . self::folder('mariadb') . "/mysql.sock;dbname={$this->name}", 'root'],
        };
    }

    /** What addWithin() is given of a connection. */
    public function given(\PDO|\mysqli $connection): object
    {
        return $this->driver === 'wpdb' && $connection instanceof \mysqli ? new Wpdb($connection) : $connection;
    }

    /** @param array<int, mixed> $options */
    private static function pdo(bool $isPostgres, string $database, array $options = []): \PDO
    {
        $folder = self::folder($isPostgres ? 'postgres' : 'mariadb');
        return $isPostgres
            ? new \PDO("pgsql:host={$folder};dbname={$database}", 'postgres', null, $options)
            : new \PDO("mysql:unix_socket={$folder}/mysql.sock;dbname={$database}", 'root', '', $options);
    }

    /** The constant's older name is deprecated in PHP 8.5, and its newer one came with 8.4. */
    private static function foundRows(): int
    {
        return class_exists(\Pdo\Mysql::class) ? \Pdo\Mysql::ATTR_FOUND_ROWS : \PDO::MYSQL_ATTR_FOUND_ROWS;
    }

    private static function folder(string $engine): string
    {
        if (!isset(self::$servers[$engine])) {
            $folder = Server::newFolder();
            $server = new Server([dirname(__DIR__, 3) . '/tests/databases/serve', $engine, $folder], folder: $folder);
            $socket = $folder . ($engine === 'postgres' ? '/.s.PGSQL.5432' : '/mysql.sock');
            $server->until(static fn () => self::isThere($engine, $folder, $socket) ? true : null, 120);
            self::$servers[$engine] = $server;
        }
        return self::$servers[$engine]->folder;
    }

    private static function isThere(string $engine, string $folder, string $socket): bool
    {
        try {
            file_exists($socket) && $engine === 'postgres'
                ? new \PDO("pgsql:host={$folder};dbname=postgres", 'postgres')
                : new \PDO("mysql:unix_socket={$socket}", 'root', '');
            return true;
        } catch (\PDOException) {
            return false;
        }
    }
}
