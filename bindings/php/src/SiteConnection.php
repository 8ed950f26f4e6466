<?php

declare(strict_types=1);

namespace JustClick;

use JustClick\Exception\InvalidArgument;
use JustClick\Exception\NotStored;

/**
 * A site's own connection to its database, on which statements are executed. No class of an extension is
 * named as a type, since each may be missing.
 *
 * @internal
 */
final class SiteConnection
{
    /** The library's engines by the names of PDO's drivers. */
    private const ENGINES = ['pgsql' => 'postgres', 'mysql' => 'mysql', 'sqlite' => 'sqlite'];

    private function __construct(
        private readonly object $connection,
        /** As the library names it. */
        public readonly string $engine,
    ) {
    }

    /** @throws InvalidArgument for what is none */
    public static function of(#[\SensitiveParameter] object $connection): self
    {
        // WordPress's $wpdb has its connection there.
        $inner = $connection->dbh ?? null; // @mago-expect analysis:ambiguous-object-property-access
        if ($inner instanceof \mysqli) {
            $connection = $inner;
        }
        if ($connection instanceof \mysqli) {
            return new self($connection, 'mysql');
        }
        if ($connection instanceof \PDO) {
            $driver = $connection->getAttribute(\PDO::ATTR_DRIVER_NAME);
            $engine = is_string($driver) ? self::ENGINES[$driver] ?? null : null;
            return $engine === null
                ? throw InvalidArgument::of('connection: a PDO of pgsql, mysql or sqlite is needed')
                : new self($connection, $engine);
        }
        throw InvalidArgument::of('connection: a PDO, a mysqli or a $wpdb is needed, not ' . $connection::class);
    }

    /**
     * One after the other; none has a result. What the database says comes as its own exception, where the
     * connection throws.
     *
     * @param list<array{sql: string, parameters: list<string>}> $statements
     * @throws NotStored where it does not
     */
    public function execute(#[\SensitiveParameter] array $statements): void
    {
        foreach ($statements as $statement) {
            $state = $this->connection instanceof \PDO
                ? self::byPdo($this->connection, $statement['sql'], $statement['parameters'])
                : $this->byMysqli($statement['sql'], $statement['parameters']);
            if ($state !== null) {
                throw NotStored::of("the site's connection did not keep the lead (SQLSTATE {$state}): does its "
                    . "database have the outbox's tables, and may its user write them? Or is the transaction to "
                    . 'begin again, since another one kept this key meanwhile?');
            }
        }
    }

    /**
     * @param list<string> $parameters
     * @return ?string the SQLSTATE of a failure
     */
    private static function byPdo(\PDO $connection, string $sql, #[\SensitiveParameter] array $parameters): ?string
    {
        $prepared = $connection->prepare($sql);
        if ($prepared === false) {
            return (string) $connection->errorCode();
        }
        $isDone = $prepared->execute($parameters);
        $state = $isDone ? null : (string) $prepared->errorCode();
        $prepared->closeCursor();
        return $state;
    }

    /**
     * @param list<string> $parameters
     * @return ?string the SQLSTATE of a failure
     */
    private function byMysqli(string $sql, #[\SensitiveParameter] array $parameters): ?string
    {
        $connection = $this->connection;
        assert($connection instanceof \mysqli);
        $prepared = $connection->prepare($sql);
        if ($prepared === false) {
            return $connection->sqlstate;
        }
        $isDone = $prepared->execute($parameters);
        $state = $isDone ? null : $prepared->sqlstate;
        $prepared->close();
        return $state;
    }
}
