<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Exception\ForgedAnswer;
use JustClick\Exception\JustClickException;
use JustClick\Exception\NotAccepted;
use JustClick\Exception\Rejected;
use PHPUnit\Framework\TestCase;

/** The golden data, made by PHP itself. */
final class VectorsTest extends TestCase
{
    public function testEveryRequestIsSignedAsPhpDoes(): void
    {
        $signed = 0;
        foreach (self::rows('requests') as $row) {
            // No lead can carry these: bytes that are not UTF-8, and no parameters at all.
            if ($row['kind'] === 'bytes' || $row['kind'] === 'empty') {
                continue;
            }
            $client = new Client($row['username'], $row['secret']);
            // Backwards, since the order of filling in must not matter.
            $fields = array_column(array_reverse($row['params']), 1, 0);
            self::assertSame("{$row['query']}&hash={$row['hash']}", $client->sign($fields)->body);
            $signed++;
        }
        self::assertSame(1008, $signed);
    }

    public function testAnAnswerIsBelievedOnlyWithItsHash(): void
    {
        $read = 0;
        foreach (self::rows('answers') as $row) {
            $client = new Client('username', $row['secret']);
            try {
                $client->verify($row['body']);
                $class = null;
            } catch (JustClickException $failure) {
                $class = $failure::class;
            }
            $isRegistered = stripos($row['error_text'], 'already registered') !== false;
            $expected = match (true) {
                in_array($row['error_code'], [4, 5], true) => NotAccepted::class,
                !$row['valid'] => ForgedAnswer::class,
                in_array($row['error_code'], [0, 102], true), $isRegistered => null,
                default => Rejected::class,
            };
            self::assertSame($expected, $class, $row['body']);
            $read++;
        }
        self::assertSame(150, $read);
    }

    /** @return iterable<array<string, mixed>> */
    private static function rows(string $name): iterable
    {
        foreach (file(dirname(__DIR__, 3) . "/tests/vectors/{$name}.jsonl") ?: [] as $line) {
            yield json_decode($line, true, 512, JSON_THROW_ON_ERROR);
        }
    }
}
