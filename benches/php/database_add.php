<?php

declare(strict_types=1);

// How long it takes to keep a lead in a database, by an insert through PDO and by the outbox, in turn: for
// each a name, the median and the 99th percentile in microseconds. The arguments are the engine's name, the
// outbox's URL, and PDO's source, user and password.

require dirname(__DIR__, 2) . '/bindings/php/tests/bootstrap.php';

const ROUNDS = 2000;

/** @return array<string, string> */
function lead(int $number): array
{
    return ['rid[0]' => 'super', 'lead_email' => "php{$number}@email.com", 'lead_name' => 'Somebody',
        'lead_phone' => '+70000000000', 'utm[utm_medium]' => 'email'];
}

/** @param Closure(): mixed $keep */
function took(Closure $keep): float
{
    $began = hrtime(true);
    $keep();
    return (hrtime(true) - $began) / 1000;
}

/** @param list<float> $times */
function told(string $name, array $times): void
{
    sort($times);
    printf("%s\t%.1f\t%.1f\n", $name, $times[intdiv(ROUNDS, 2)], $times[intdiv(ROUNDS * 99, 100)]);
}

[, $engine, $url, $source, $user, $password] = $argv;
$pdo = new PDO($source, $user, $password, [
    PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
    PDO::ATTR_EMULATE_PREPARES => false,
]);
$pdo->exec('create table lead (id serial primary key, number varchar(64) not null unique, query text not null)');
$insert = $pdo->prepare('insert into lead (number, query) values (?, ?)');
$outbox = new JustClick\Outbox($url, new JustClick\Client('username', 'secret'));
[$inserts, $adds] = [[], []];
for ($round = 0; $round < ROUNDS; $round++) {
    $lead = lead($round);
    $inserts[] = took(static function () use ($insert, $lead): void {
        $query = http_build_query($lead);
        $insert->execute([hash('sha256', $query), $query]);
    });
    $adds[] = took(static fn (): mixed => $outbox->add($lead));
}
told("{$engine}, PHP, an insert through PDO", $inserts);
told("{$engine}, PHP, **`add`**", $adds);
