<?php

// Adds the contacts of a table by hand, row by row: the file is the argument, its first line are headings.
// JUSTCLICK_CURL says whether one handle is kept ("kept") or each row has a new one ("new").

declare(strict_types=1);

require __DIR__ . '/by_curl.php';

$kept = getenv('JUSTCLICK_CURL') === 'kept' ? new_handle(true) : null;
$table = fopen($argv[1], 'r') ?: exit(1);
fgetcsv($table, null, ',', '"', '');
while (($row = fgetcsv($table, null, ',', '"', '')) !== false) {
    [$email, $name, $phone] = $row;
    $lead = ['rid[0]' => 'super', 'lead_name' => $name, 'lead_email' => $email, 'lead_phone' => $phone];
    send($kept ?? new_handle(true), $lead);
}
