<?php

// Sends a form over and over. The arguments are its address, the first number, the step and the
// last number; the number is in the e-mail address.

declare(strict_types=1);

[, $url, $first, $step, $last] = $argv;
for ($number = (int) $first; $number <= (int) $last; $number += (int) $step) {
    $page = file_get_contents($url, false, stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query(['name' => 'Name', 'email' => "{$number}@b.ru"]),
        'timeout' => 60,
    ]]));
    if ($page === false || !str_contains($page, 'Thank you!')) {
        echo "{$number}: {$page}\n";
        exit(1);
    }
}
