<?php

// Keeps a lead and prints the page, and ends in the way that ?how names; the lead is delivered afterwards.

declare(strict_types=1);

use JustClick\Client;
use JustClick\Lead;
use JustClick\Outbox;

require __DIR__ . '/../bootstrap.php';

ini_set('display_errors', '1');
$how = (string) ($_GET['how'] ?? '');
$client = new Client((string) getenv('JUSTCLICK_USERNAME'), (string) getenv('JUSTCLICK_SECRET'), [
    'base_url' => getenv('JUSTCLICK_BASE_URL'),
]);
$outbox = new Outbox((string) getenv('JUSTCLICK_OUTBOX'), $client);
if ($how === 'session') {
    session_save_path((string) dirname((string) getenv('JUSTCLICK_OUTBOX')));
    session_start();
    $_SESSION['seen'] = ($_SESSION['seen'] ?? 0) + 1;
    echo $_SESSION['seen'] === 1 ? '' : 'again ';
}
if (!isset($_GET['only'])) {
    $outbox->add(new Lead("{$how}@b.ru", ['super']));
    $outbox->deliverAfterResponse();
    $outbox->deliverAfterResponse();
}
register_shutdown_function(static function (): void {
    echo ' and its end';
});
if ($how === 'buffered') {
    ob_start();
    ob_start(static fn (string $text) => strtoupper($text));
}
echo 'the page';
if ($how === 'exit') {
    exit;
} elseif ($how === 'fatal') {
    ini_set('memory_limit', '8M');
    str_repeat('x', 100_000_000);
} elseif ($how === 'throwing') {
    set_error_handler(static fn (int $level, string $text) => throw new ErrorException($text));
}
