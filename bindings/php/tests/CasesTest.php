<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Exception\JustClickException;
use JustClick\Exception\Rejected;
use JustClick\Outcome;
use JustClick\Result;
use PHPUnit\Framework\TestCase;

/** The table of cases that all languages share. */
final class CasesTest extends TestCase
{
    private const OUTCOMES = [
        'JC_ADDED' => Outcome::Added,
        'JC_ACTIVATION_SENT' => Outcome::ActivationSent,
        'JC_ALREADY_REGISTERED' => Outcome::AlreadyRegistered,
    ];

    private Sandbox $plain;
    private Sandbox $encrypted;
    private PhpServer $judge;

    public function testEveryLeadEndsAsTheTableSays(): void
    {
        $this->plain = new Sandbox();
        $this->encrypted = new Sandbox('--tls');
        $this->judge = new PhpServer();
        $cases = self::table()['leads'];
        foreach ($cases as $case) {
            $body = null;
            try {
                $client = new Client(
                    $case['username'] ?? 'username',
                    $case['secret'] ?? Sandbox::SECRET,
                    $this->settings($case),
                );
                $fields = [];
                foreach ($case['fields'] as [$name, $value]) {
                    $fields[$name] = is_array($value) ? base64_decode($value['base64'], true) : $value;
                }
                $body = $client->sign($fields)->body;
                $end = $client->addLead($fields);
            } catch (JustClickException $failure) {
                $end = $failure;
            }
            self::check($case, $end);
            if (isset($case['body'])) {
                self::assertSame($case['body'], $body, $case['name']);
            }
        }
        self::assertGreaterThan(30, count($cases));
    }

    public function testEveryAnswerIsJudgedAsTheTableSays(): void
    {
        $client = new Client('username', 'secret');
        $cases = self::table()['answers'];
        foreach ($cases as $case) {
            try {
                $end = $client->verify($case['body']);
            } catch (JustClickException $failure) {
                $end = $failure;
            }
            self::check($case, $end);
            if (isset($case['result'])) {
                self::assertInstanceOf(Result::class, $end);
                self::assertSame($case['result'], $end->json);
                self::assertSame(json_decode($case['result'], true), $end->value());
            }
        }
        self::assertGreaterThan(10, count($cases));
    }

    /** @return array{leads: list<array<string, mixed>>, answers: list<array<string, mixed>>} */
    private static function table(): array
    {
        $json = (string) file_get_contents(dirname(__DIR__, 3) . '/tests/cases.json');
        return json_decode($json, true, 512, JSON_THROW_ON_ERROR);
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
        self::assertNotFalse($socket);
        $port = (int) substr((string) strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        return $port;
    }

    /** @param array<string, mixed> $case */
    private static function check(array $case, Result|JustClickException $end): void
    {
        $about = $case['name'];
        if ($end instanceof Result) {
            self::assertSame($case['status'], 'JC_OK', $about);
            self::assertSame(self::OUTCOMES[$case['outcome']], $end->outcome, $about);
            [$code, $message] = [$end->code, $end->message];
        } else {
            self::assertSame($case['status'], $end->statusName, $about . ': ' . $end->getMessage());
            $rejected = $case['outcome'] === 'JC_OUTCOME_REJECTED';
            self::assertSame($rejected, $end instanceof Rejected, $about);
            [$code, $message] = [$end->getCode(), $end->getMessage()];
            if (isset($case['may_have_arrived'])) {
                self::assertSame($case['may_have_arrived'], $end->mayHaveArrived, $about);
            }
        }
        self::assertSame($case['code'], $code, $about);
        self::assertSame($case['disposition'], 'JC_' . strtoupper($end->disposition()->name), $about);
        foreach (['text' => $end->text, 'attempts' => count($end->attempts)] as $name => $value) {
            if (isset($case[$name])) {
                self::assertSame($case[$name], $value, $about);
            }
        }
        foreach ($case['says'] ?? [] as $part) {
            self::assertStringContainsString($part, $message, $about);
        }
    }
}
