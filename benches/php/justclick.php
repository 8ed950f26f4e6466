<?php

// Sends one lead again and again, by the PHP package.

declare(strict_types=1);

require __DIR__ . '/measure.php';
require __DIR__ . '/../../bindings/php/tests/bootstrap.php';

measure(static function (): Closure {
    $client = new JustClick\Client('username', str_repeat('X', 40), [
        'base_url' => (string) getenv('JUSTCLICK_BASE_URL'),
        'ca_file' => (string) getenv('JUSTCLICK_CA_FILE'),
    ]);
    $lead = lead();
    return static fn () => $client->addLead($lead);
});
