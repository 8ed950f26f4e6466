<?php

// Sends the leads that form.php kept, and keeps those that still do not pass. For cron, with the
// environment of the site in the crontab: cron does not know that of php-fpm's pool.

declare(strict_types=1);

use JustClick\Client;
use JustClick\Exception\JustClickException;

require __DIR__ . '/vendor/autoload.php';

$kept = (string) getenv('JUSTCLICK_KEPT');
$client = new Client((string) getenv('JUSTCLICK_USERNAME'), (string) getenv('JUSTCLICK_SECRET'), [
    'base_url' => getenv('JUSTCLICK_BASE_URL') ?: null,
    'ca_file' => getenv('JUSTCLICK_CA_FILE') ?: null,
]);

/** @return resource the file, which nobody else has until it is closed */
function locked(string $path)
{
    $file = fopen($path, 'c+');
    if ($file === false || !flock($file, LOCK_EX)) {
        fwrite(STDERR, "{$path} cannot be opened\n");
        exit(2);
    }
    return $file;
}

// The leads move to a second file, so that no form waits for the service. What a run that was cut
// off has left there comes first.
$sending = locked("{$kept}.sending");
$file = locked($kept);
fseek($sending, 0, SEEK_END);
stream_copy_to_stream($file, $sending);
fflush($sending);
ftruncate($file, 0);
fclose($file);

rewind($sending);
[$sent, $refused, $left] = [0, 0, []];
foreach (explode("\n", trim((string) stream_get_contents($sending))) as $line) {
    $lead = json_decode($line, true);
    if (!is_array($lead)) {
        continue;
    }
    if ($left !== []) {
        // One failed in a way that this one would as well.
        $left[] = $line;
        continue;
    }
    try {
        $client->addLead($lead);
        $sent++;
    } catch (JustClickException $failure) {
        fwrite(STDERR, "{$failure->statusName}: {$failure->getMessage()}\n");
        $failure->disposition()->keepsLead() ? array_push($left, $line) : $refused++;
    }
}
if ($left !== []) {
    file_put_contents($kept, implode("\n", $left) . "\n", FILE_APPEND | LOCK_EX);
}
ftruncate($sending, 0);
echo "{$sent} sent, {$refused} refused, ", count($left), " kept\n";
