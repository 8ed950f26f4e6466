<?php

declare(strict_types=1);

namespace JustClick\Tests;

/** Hands its connection out as WordPress's class does. */
final class Wpdb
{
    public function __construct(private readonly \mysqli $connection)
    {
    }

    public function __isset(string $name): bool
    {
        return $name === 'dbh';
    }

    public function __get(string $name): ?\mysqli
    {
        return $name === 'dbh' ? $this->connection : null;
    }
}
