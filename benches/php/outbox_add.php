<?php

declare(strict_types=1);

// How long it takes to keep a lead, by the outbox and by an insert through PDO into an SQLite file of the
// same durability, in the folder that is given: for each a name, the median and the 99th percentile in
// microseconds.

require dirname(__DIR__, 2) . '/bindings/php/tests/bootstrap.php';

const ROUNDS = 2000;

/** @param Closure(int): mixed $keep */
function took(string $name, Closure $keep): void
{
    $times = [];
    for ($round = 0; $round < ROUNDS; $round++) {
        $began = hrtime(true);
        $keep($round);
        $times[] = (hrtime(true) - $began) / 1000;
    }
    sort($times);
    printf("%s\t%.1f\t%.1f\n", $name, $times[intdiv(ROUNDS, 2)], $times[intdiv(ROUNDS * 99, 100)]);
}

/** @return array<string, string> */
function lead(int $number): array
{
    return ['rid[0]' => 'super', 'lead_email' => "php{$number}@email.com", 'lead_name' => 'Somebody',
        'lead_phone' => '+70000000000', 'utm[utm_medium]' => 'email'];
}

$folder = $argv[1];
$client = new JustClick\Client('username', 'secret');
foreach (['power' => 'full', 'crash' => 'normal'] as $durability => $synchronous) {
    $pdo = new PDO("sqlite:{$folder}/pdo-{$durability}", null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
    $pdo->exec('pragma journal_mode = wal');
    $pdo->exec("pragma synchronous = {$synchronous}");
    $pdo->exec('create table lead (id integer primary key, key text unique, query text)');
    $insert = $pdo->prepare('insert into lead (key, query) values (?, ?)');
    took("PHP, an insert through PDO, `{$durability}`", static function (int $number) use ($insert): void {
        $query = http_build_query(lead($number));
        $insert->execute([hash('sha256', $query), $query]);
    });
    $outbox = new JustClick\Outbox("{$folder}/php-{$durability}", $client, ['durability' => $durability]);
    took("PHP, **`add`**, `{$durability}`", static fn (int $number) => $outbox->add(lead($number)));
}
