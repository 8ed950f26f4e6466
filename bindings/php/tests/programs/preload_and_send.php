<?php

// A site's preload script that adds leads already, by two clients.

declare(strict_types=1);

require __DIR__ . '/../bootstrap.php';

foreach ([1, 2] as $number) {
    $client = new JustClick\Client('username', (string) getenv('JUSTCLICK_SECRET'), [
        'base_url' => getenv('JUSTCLICK_BASE_URL'),
        'ca_file' => getenv('JUSTCLICK_CA_FILE'),
    ]);
    $client->addLead(new JustClick\Lead("master{$number}@b.ru", ['super']));
}

require __DIR__ . '/../../preload.php';
