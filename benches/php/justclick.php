<?php

// Sends one lead again and again, by the PHP package.

declare(strict_types=1);

require __DIR__ . '/measure.php';
require __DIR__ . '/../../bindings/php/tests/bootstrap.php';

[$url, $ca_file, $calls] = arguments();
$client = new JustClick\Client('username', str_repeat('X', 40), ['base_url' => $url, 'ca_file' => $ca_file]);
$lead = ['rid[0]' => 'super', 'lead_email' => 'lead@email.com', 'lead_name' => 'Name'];

measure(static fn () => $client->addLead($lead), $calls);
