<?php

declare(strict_types=1);

namespace JustClick\Tests;

/** PHP's own server, with a script; by default the one that judges requests as PHP does. */
final class PhpServer
{
    private readonly Server $server;
    public readonly string $url;

    /**
     * @param list<string> $options of php
     * @param array<string, string> $environment
     */
    public function __construct(?string $script = null, array $options = [], array $environment = [])
    {
        $script ??= dirname(__DIR__, 3) . '/tests/judge.php';
        $server = new Server([PHP_BINARY, ...$options, '-S', '127.0.0.1:0', $script], $environment);
        $pattern = '~\((http://[^)]+)\) started~';
        $this->url = $server->until(
            static fn () => preg_match($pattern, $server->output(), $found) === 1 ? $found[1] : null,
        );
        $this->server = $server;
    }

    public function output(): string
    {
        return $this->server->output();
    }
}
