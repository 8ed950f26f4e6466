<?php

// Sends a form over and over. The arguments are its address, the first number, the step, the last
// number, and every how many-th number is that of a contact who is known already (0 for none); the
// number is in the e-mail address. It prints what it sees instead of the page that should come, and ends.

declare(strict_types=1);

[, $url, $first, $step, $last, $known] = $argv;
for ($number = (int) $first; $number <= (int) $last; $number += (int) $step) {
    $page = file_get_contents($url, false, stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query(['name' => 'Name', 'email' => "{$number}@b.ru"]),
        'timeout' => 60,
    ]]));
    $isKnown = (int) $known !== 0 && $number % (int) $known === 0;
    if ($page === false || !str_contains($page, $isKnown ? 'You are subscribed already' : 'Thank you!')) {
        echo "{$number}: {$page}\n";
        exit(1);
    }
}
