<?php

// Writes more lines of the kind "random" for requests.jsonl, the same ones at each run:
//     php tests/vectors/more.php 600 >>tests/vectors/requests.jsonl

declare(strict_types=1);

const FIELDS = [
    'lead_name', 'lead_email', 'lead_phone', 'lead_city', 'tag', 'doneurl2', 'activation',
    'utm[utm_medium]', 'utm[utm_source]', 'utm[utm_campaign]', 'utm[utm_content]', 'utm[utm_term]',
    'utm[aff_medium]', 'utm[aff_source]', 'utm[aff_campaign]', 'utm[aff_content]', 'utm[aff_term]',
    'aff', 'ad',
];
const PIECES = [
    'a', 'Z', '0', '7', ' ', '  ', '+', '%', '%41', '&', '=', '~', '!', "'", '(', ')', '*', '-', '_', '.', '/', ':', '?', '#',
    '[', ']', '{', '"', '\\', "\n", "\t", 'false', 'true', '1578515091.9668659223', 'Имя', 'Ё', 'é', '日本', '😀', "\u{feff}", '€',
];

function words(int $most): string
{
    $text = '';
    for ($left = mt_rand(0, $most); $left > 0; $left--) {
        $text .= PIECES[mt_rand(0, count(PIECES) - 1)];
    }
    return $text;
}

/** @return list<array{string, string|bool}> */
function parameters(int $number): array
{
    $parameters = [];
    for ($group = mt_rand(1, 3), $index = 0; $index < $group; $index++) {
        $parameters[] = ["rid[$index]", 'g' . mt_rand(0, 9) . words(3)];
    }
    foreach (FIELDS as $field) {
        if ($field === 'lead_email') {
            $parameters[] = [$field, "lead$number+" . mt_rand(0, 99) . '~x@b.ru'];
        } elseif ($field === 'activation' && mt_rand(0, 2) > 0) {
            $parameters[] = [$field, mt_rand(0, 1) === 1];
        } elseif ($field !== 'activation' && mt_rand(0, 1) === 1) {
            $parameters[] = [$field, words(12)];
        }
    }
    return $parameters;
}

mt_srand(20);
for ($number = 1; $number <= (int) $argv[1]; $number++) {
    $username = 'user' . mt_rand(1, 99);
    $secret = 'Ключ' . mt_rand(0, PHP_INT_MAX) . words(3) . 'x';
    $parameters = parameters($number);
    $query = http_build_query(array_reduce($parameters, function (array $all, array $pair): array {
        return $all + [$pair[0] => $pair[1]];
    }, []));
    parse_str($query, $parsed);
    if (http_build_query($parsed) !== $query) {
        throw new \LogicException("PHP rebuilds another query: $query");
    }
    $line = ['kind' => 'random', 'username' => $username, 'secret' => $secret, 'params' => $parameters, 'query' => $query,
        'hash' => md5("$query::$username::$secret")];
    echo json_encode($line, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
}
