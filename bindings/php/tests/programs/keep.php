<?php

// Keeps leads in the outbox at LOCATION until it is killed, and prints the address of each that is kept.
// ROUND tells the addresses from those of other runs.

declare(strict_types=1);

use JustClick\Client;
use JustClick\Lead;
use JustClick\Outbox;

require __DIR__ . '/../bootstrap.php';

$client = new Client('username', 'secret', ['base_url' => 'http://127.0.0.1:1']);
$outbox = new Outbox((string) getenv('LOCATION'), $client);
for ($number = 1;; $number++) {
    $email = getenv('ROUND') . "-{$number}@b.ru";
    $outbox->add(new Lead($email, ['super']));
    echo "{$email}\n";
}
