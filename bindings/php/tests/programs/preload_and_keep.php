<?php

// A site's preload script that keeps a lead already, and leaves the outbox open.

declare(strict_types=1);

require __DIR__ . '/../bootstrap.php';

$client = new JustClick\Client('username', (string) getenv('JUSTCLICK_SECRET'), [
    'base_url' => getenv('JUSTCLICK_BASE_URL'),
]);
$GLOBALS['outbox'] = new JustClick\Outbox((string) getenv('JUSTCLICK_OUTBOX'), $client);
$GLOBALS['outbox']->add(new JustClick\Lead('master@b.ru', ['super']));

require __DIR__ . '/../../preload.php';
