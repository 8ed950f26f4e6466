<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Exception\JustClickException;

/** The table of cases that all languages share, and the servers that its leads go to. */
final class Cases
{
    private readonly Sandbox $plain;
    private readonly Sandbox $encrypted;
    private readonly PhpServer $judge;

    public function __construct()
    {
        $this->plain = new Sandbox();
        $this->encrypted = new Sandbox('--tls');
        $this->judge = new PhpServer();
    }

    /** @return list<array<string, mixed>> */
    public static function leads(): array
    {
        return self::table()['leads'];
    }

    /** @return list<array<string, mixed>> */
    public static function answers(): array
    {
        return self::table()['answers'];
    }

    /**
     * @param array<string, mixed> $case
     * @throws JustClickException
     */
    public function client(array $case): Client
    {
        return new Client(
            $case['username'] ?? 'username',
            $case['secret'] ?? Sandbox::SECRET,
            $this->settings($case),
        );
    }

    /**
     * @param array<string, mixed> $case
     * @return array<string, string>
     */
    public static function fields(array $case): array
    {
        $fields = [];
        foreach ($case['fields'] as [$name, $value]) {
            $fields[$name] = is_array($value) ? (string) base64_decode($value['base64'], true) : $value;
        }
        return $fields;
    }

    /**
     * @param array<string, mixed> $case
     * @return array<string, string>
     */
    private function settings(array $case): array
    {
        $base = $case['base'];
        $settings = match ($base) {
            'off' => ['base_url' => 'http://127.0.0.1:' . self::closedPort()],
            'judge' => ['base_url' => $this->judge->url],
            'untrusted' => ['base_url' => $this->encrypted->url],
            'trusted' => ['base_url' => $this->encrypted->url, 'ca_file' => $this->encrypted->caFile],
            default => ['base_url' => str_replace('sandbox', $this->plain->url, $base)],
        };
        return $settings + ($case['settings'] ?? []);
    }

    /** A port where nobody listened a moment ago. */
    private static function closedPort(): int
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        if ($socket === false) {
            throw new \RuntimeException('no port');
        }
        $port = (int) substr((string) strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        return $port;
    }

    /** @return array{leads: list<array<string, mixed>>, answers: list<array<string, mixed>>} */
    private static function table(): array
    {
        $json = (string) file_get_contents(dirname(__DIR__, 3) . '/tests/cases.json');
        return json_decode($json, true, 512, JSON_THROW_ON_ERROR);
    }
}
