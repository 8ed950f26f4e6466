<?php

// Adds the contact of the service's own example to a group, and says what became of it.

declare(strict_types=1);

use JustClick\Client;
use JustClick\Exception\JustClickException;

require __DIR__ . '/vendor/autoload.php';

$username = getenv('JUSTCLICK_USERNAME');
$secret = getenv('JUSTCLICK_SECRET');
if ($username === false || $secret === false) {
    fwrite(STDERR, "Set JUSTCLICK_USERNAME and JUSTCLICK_SECRET.\n");
    exit(2);
}

try {
    $client = new Client($username, $secret, [
        // A setting comes from the environment; where it is not there, its default stays.
        'base_url' => getenv('JUSTCLICK_BASE_URL') ?: null,
        'ca_file' => getenv('JUSTCLICK_CA_FILE') ?: null,
    ]);

    // The array of the service's own documentation.
    $send_data = [
        'rid[0]' => $argv[1] ?? 'super',
        'lead_name' => 'Name',
        'lead_email' => 'lead@email.com',
        'lead_phone' => '+788888888',
        'lead_city' => 'City',
        'tag' => 'this is tag',
        'doneurl2' => 'http://yandex.ru/',
        'activation' => true,
        'utm[utm_medium]' => 'cpc',
        'utm[utm_source]' => 'direct',
        'utm[utm_campaign]' => 'My_Campaign',
        'utm[utm_content]' => 'content_123',
        'utm[utm_term]' => 'my_label',
    ];
    $result = $client->addLead($send_data);

    $outcome = strtolower((string) preg_replace('/(?<!^)[A-Z]/', ' $0', $result->outcome->name));
    echo "{$outcome} (code {$result->code}: {$result->text})\n";
} catch (JustClickException $failure) {
    fwrite(STDERR, "{$failure->statusName}: {$failure->getMessage()}\n");
    if ($failure->disposition()->keepsLead()) {
        fwrite(STDERR, "Keep this lead and send it again later.\n");
    }
    exit(1);
}
