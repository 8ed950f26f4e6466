<?php

// Signs, verifies and fails, over and over, and prints by how many KiB the process grew meanwhile.
// The arguments are the number of turns and that of the turns before the measurement.

declare(strict_types=1);

use JustClick\Client;
use JustClick\Exception\JustClickException;
use JustClick\Lead;
use JustClick\Outbox;

require __DIR__ . '/../bootstrap.php';

const ANSWER = '{"error_code":0,"error_text":"OK","hash":"b60bb23ab72ead13463d1205065965a5"}';

function turn(int $number): void
{
    $client = new Client('username', 'secret', ['base_url' => 'http://127.0.0.1:1', 'max_attempts' => 1]);
    $client->sign(new Lead("{$number}@b.ru", ['super'], name: str_repeat('я', 200), extra: ['new' => 1]));
    $client->verify(ANSWER);
    if ($number % 50 === 0) {
        useOutbox($client, $number);
    }
    foreach (
        [
            static fn () => $client->sign(['rid[0]' => 'super', 'lead_email' => "a\0@b.ru"]),
            static fn () => $client->sign(['rid[0]' => 'super', 'lead_email' => 'a@b.ru', 'x' => 1.5]),
            static fn () => $client->verify('<html>'),
            static fn () => $client->verify('{"error_code":103,"error_text":"?","hash":"?"}'),
            static fn () => new Client('username', ''),
            static fn () => new Client('username', 'secret', ['timout_ms' => 1]),
        ] as $failing
    ) {
        try {
            $failing();
            exit(1);
        } catch (JustClickException) {
        }
    }
    if ($number % 100 === 0) {
        try {
            $client->addLead(['rid[0]' => 'super', 'lead_email' => 'a@b.ru']);
            exit(1);
        } catch (JustClickException) {
        }
    }
}

function useOutbox(Client $client, int $number): void
{
    $outbox = new Outbox(':memory:', $client, ['max_leads' => 1]);
    $outbox->add(new Lead("{$number}@b.ru", ['super']), 'key');
    foreach (
        [
            static fn () => $outbox->add(new Lead('a@b.ru', ['super'])),
            static fn () => $outbox->drop(),
            static fn () => new Outbox(':memory:', $client, ['max_leads' => 0]),
            static fn () => new Outbox('/', $client),
        ] as $failing
    ) {
        try {
            $failing();
            exit(1);
        } catch (JustClickException) {
        }
    }
    $outbox->deliver(seconds: 0.0);
    $outbox->list(withLeads: true);
    $outbox->drop(state: 'waiting');
    $outbox->retry();
    $outbox->status()['dropped'] === 1 || exit(1);
}

function resident(): int
{
    preg_match('/^VmRSS:\s+(\d+) kB/m', (string) file_get_contents('/proc/self/status'), $found);
    return (int) $found[1];
}

[, $turns, $before] = $argv;
for ($number = 1; $number <= (int) $before; $number++) {
    turn($number);
}
$start = resident();
for ($number = 1; $number <= (int) $turns; $number++) {
    turn($number);
}
echo resident() - $start, "\n";
