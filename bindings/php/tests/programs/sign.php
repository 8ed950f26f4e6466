<?php

// Signs a lead and prints its body, or what stands in the way.

declare(strict_types=1);

require __DIR__ . '/../bootstrap.php';

try {
    $client = new JustClick\Client('username', 'secret');
    echo $client->sign(['rid[0]' => 'super', 'lead_email' => 'a@b.ru'])->body, "\n";
} catch (JustClick\Exception\JustClickException $failure) {
    echo $failure::class, ': ', $failure->getMessage(), "\n";
}
