<?php

// A stand-in of the service that is nothing but PHP: PHP parses the request, its http_build_query
// rebuilds what was signed, and the request passes if its hash is the same. `php -S 127.0.0.1:0
// tests/judge.php` starts it on a free port, which it prints.

declare(strict_types=1);

const USERNAME = 'username';
const SECRET = 'XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX';

$parameters = $_POST;
$hash = $parameters['hash'] ?? '';
unset($parameters['hash']);
$isRight = $hash === md5(http_build_query($parameters) . '::' . USERNAME . '::' . SECRET);

$code = $isRight ? 0 : 4;
$text = $isRight ? 'OK' : 'Incorrect hash';
header('Content-Type: application/json');
echo json_encode([
    'error_code' => $code,
    'error_text' => $text,
    'hash' => md5("$code::$text::" . SECRET),
]);
