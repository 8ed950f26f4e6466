<?php

// Delivers by a process of its own, as cron does, what is kept at LOCATION, and prints how much that was.

declare(strict_types=1);

use JustClick\Client;
use JustClick\Outbox;
use JustClick\Tests\Sandbox;

require __DIR__ . '/../bootstrap.php';

$client = new Client('username', Sandbox::SECRET, ['base_url' => (string) getenv('URL')]);
echo (new Outbox((string) getenv('LOCATION'), $client))->deliver()['delivered'];
