<?php

// Keeps a lead in the outbox at LOCATION, asks for its delivery after the response, and ends in the way
// that HOW names. LIMIT is how many leads are sent at the most.

declare(strict_types=1);

use JustClick\Client;
use JustClick\Lead;
use JustClick\Outbox;

require __DIR__ . '/../bootstrap.php';

$how = (string) getenv('HOW');
$client = new Client('username', (string) getenv('JUSTCLICK_SECRET'), ['base_url' => getenv('JUSTCLICK_BASE_URL')]);
$outbox = new Outbox((string) getenv('LOCATION'), $client);
$outbox->add(new Lead("{$how}@b.ru", ['super']));
$outbox->deliverAfterResponse(leads: 77);
$outbox->deliverAfterResponse(leads: (int) (getenv('LIMIT') ?: 100));
register_shutdown_function(static function (): void {
    echo 'the page';
});
if ($how === 'dropped') {
    unset($outbox, $client);
} elseif ($how === 'closed') {
    $client->__destruct();
} elseif ($how === 'exit') {
    exit(7);
} elseif ($how === 'exception') {
    throw new RuntimeException('of the site');
} elseif ($how === 'fatal') {
    ini_set('memory_limit', '16M');
    str_repeat('x', 100_000_000);
} elseif ($how === 'throwing') {
    set_error_handler(static fn (int $level, string $text) => throw new ErrorException($text));
}
