<?php

// Sees a page and sends the form, over and over. The arguments are the addresses of both, the first
// number, the step and the last number; the number is in the e-mail address. It prints the seconds that
// each of both took, a line for each number.

declare(strict_types=1);

[, $page, $form, $first, $step, $last] = $argv;

/**
 * Until the page says it. What comes behind it is not waited for, as fread() does.
 *
 * @param array<string, mixed> $options
 */
function seconds(string $url, array $options, string $says): float
{
    $start = microtime(true);
    $stream = fopen($url, 'r', false, stream_context_create(['http' => $options + ['timeout' => 60]]));
    $text = '';
    while ($stream !== false && !str_contains($text, $says) && !feof($stream)) {
        $text .= fgets($stream);
    }
    $seconds = microtime(true) - $start;
    if (!str_contains($text, $says)) {
        echo "{$url}: {$text}\n";
        exit(1);
    }
    return $seconds;
}

for ($number = (int) $first; $number <= (int) $last; $number += (int) $step) {
    $seen = seconds($page, [], 'Our news by mail');
    $sent = seconds($form, [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query(['name' => 'Name', 'email' => "{$number}@b.ru"]),
    ], 'Thank you!');
    echo "{$seen} {$sent}\n";
}
