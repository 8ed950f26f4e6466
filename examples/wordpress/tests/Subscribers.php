<?php

declare(strict_types=1);

namespace JustClick\WordPress\Tests;

/** Visitors who send the form one after the other, several at once; each is a process of its own. */
final class Subscribers
{
    /** @return list<string> what those say who saw another page than they should */
    public static function complaints(string $form, int $visitors, int $first, int $last): array
    {
        $processes = [];
        $said = [];
        for ($visitor = 0; $visitor < $visitors; $visitor++) {
            $numbers = array_map('strval', [$first + $visitor, $visitors, $last]);
            $command = [PHP_BINARY, __DIR__ . '/programs/subscribe.php', $form, ...$numbers];
            $processes[] = [proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes), $pipes[1]];
        }
        foreach ($processes as [$process, $pipe]) {
            $said[] = (string) stream_get_contents($pipe);
            proc_close($process);
        }
        return array_values(array_filter($said));
    }
}
