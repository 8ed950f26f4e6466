<?php

// Adds the lead while the visitor waits, and says whether it was known before.

declare(strict_types=1);

use JustClick\Client;
use JustClick\Exception\JustClickException;
use JustClick\Lead;
use JustClick\Outcome;

require __DIR__ . '/../bootstrap.php';

try {
    $client = new Client((string) getenv('JUSTCLICK_USERNAME'), (string) getenv('JUSTCLICK_SECRET'), [
        'base_url' => getenv('JUSTCLICK_BASE_URL'),
        'ca_file' => getenv('JUSTCLICK_CA_FILE') ?: null,
    ]);
    $result = $client->addLead(new Lead((string) $_POST['email'], ['super'], name: (string) $_POST['name']));
    echo $result->outcome === Outcome::AlreadyRegistered ? 'You are subscribed already' : 'Thank you!';
} catch (JustClickException $failure) {
    http_response_code(503);
    echo $failure->getMessage();
}
