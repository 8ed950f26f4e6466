<?php

// Keeps leads in an outbox until it is killed, and prints the address of each that is kept: `outbox.php keep
// PREFIX`, with which the addresses begin. `outbox.php deliver` sends what is kept.

declare(strict_types=1);

use JustClick\Client;
use JustClick\Lead;
use JustClick\Outbox;

require __DIR__ . '/vendor/autoload.php';

$client = new Client((string) getenv('JUSTCLICK_USERNAME'), (string) getenv('JUSTCLICK_SECRET'), [
    'base_url' => getenv('JUSTCLICK_BASE_URL'),
    'ca_file' => getenv('JUSTCLICK_CA_FILE'),
]);
$outbox = new Outbox((string) getenv('JUSTCLICK_OUTBOX'), $client);
if ($argv[1] === 'deliver') {
    echo json_encode($outbox->deliver(inFlight: 8)), "\n";
    exit;
}
for ($number = 1;; $number++) {
    $email = "{$argv[2]}-{$number}@b.ru";
    $outbox->add(new Lead($email, ['super']));
    echo "{$email}\n";
}
