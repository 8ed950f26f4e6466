<?php

// Opens the page with the form and sends it, over and over. The arguments are its address, the first
// number, the step and the last number; the number is in the e-mail address. It prints what it sees
// instead of the page that should come, and ends.

declare(strict_types=1);

[, $form, $first, $step, $last] = $argv;
for ($number = (int) $first; $number <= (int) $last; $number += (int) $step) {
    $page = (string) file_get_contents($form);
    preg_match_all('/<input type="hidden"[^>]* name="(\w+)"[^>]* value="([^"]*)"/', $page, $hidden);
    preg_match('/<form class="justclick-form" method="post" action="([^"]+)"/', $page, $action);
    $fields = array_combine($hidden[1], array_map('html_entity_decode', $hidden[2])) + [
        'justclick_name' => "O'Brien \"{$number}\" \\",
        'justclick_email' => "{$number}@b.ru",
    ];
    $page = file_get_contents(html_entity_decode($action[1] ?? $form), false, stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query($fields),
        'timeout' => 60,
    ]]));
    if ($page === false || !str_contains($page, 'Thank you!')) {
        echo "{$number}: {$page}\n";
        exit(1);
    }
}
