<?php

declare(strict_types=1);

namespace JustClick\Tests;

/** The project's stand-in of the service. */
final class Sandbox
{
    public const SECRET = 'XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX';

    private readonly Server $server;
    public readonly string $url;
    public readonly string $caFile;

    public function __construct(string ...$options)
    {
        $folder = Server::newFolder();
        $this->caFile = "{$folder}/ca.pem";
        $command = [self::program(), '--url-file', "{$folder}/url", ...$options];
        if (in_array('--tls', $options, true)) {
            array_push($command, '--ca-file', $this->caFile);
        }
        $this->server = new Server($command, folder: $folder);
        $this->url = $this->server->until(
            static fn () => is_file("{$folder}/url") ? trim((string) file_get_contents("{$folder}/url")) : null,
        );
    }

    /** @return array{connections: int, requests: int, contacts: list<array<string, mixed>>} */
    public function books(): array
    {
        $context = stream_context_create(['ssl' => ['cafile' => $this->caFile]]);
        $json = file_get_contents("{$this->url}/sandbox", false, $context);
        return json_decode((string) $json, true, 512, JSON_THROW_ON_ERROR);
    }

    /** Hears and says nothing until it goes on; what is sent to it waits. */
    public function pause(): void
    {
        posix_kill($this->server->pid(), SIGSTOP);
    }

    public function goOn(): void
    {
        posix_kill($this->server->pid(), SIGCONT);
    }

    public function stop(): void
    {
        $this->server->stop();
    }

    private static function program(): string
    {
        $program = getenv('JUSTCLICK_SANDBOX');
        if (!is_string($program) || !is_file($program)) {
            throw new \RuntimeException('JUSTCLICK_SANDBOX names no program; start the tests by tests/run');
        }
        return $program;
    }
}
