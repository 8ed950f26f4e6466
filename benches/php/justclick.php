<?php

// Sends one lead again and again, by the PHP package; where JUSTCLICK_CLIENT is "each", by a new
// client for each lead, as a web request makes it.

declare(strict_types=1);

require __DIR__ . '/measure.php';
require __DIR__ . '/../../bindings/php/tests/bootstrap.php';

measure(static function (): Closure {
    $secret = str_repeat('X', 40);
    $settings = [
        'base_url' => (string) getenv('JUSTCLICK_BASE_URL'),
        'ca_file' => (string) getenv('JUSTCLICK_CA_FILE'),
    ];
    $lead = lead();
    if (getenv('JUSTCLICK_CLIENT') === 'each') {
        return static fn () => (new JustClick\Client('username', $secret, $settings))->addLead($lead);
    }
    $client = new JustClick\Client('username', $secret, $settings);
    return static fn () => $client->addLead($lead);
});
