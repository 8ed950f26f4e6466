<?php

// Sends one lead again and again, as PHP sites do it by hand: with a new curl handle for each lead,
// or one that is kept (JUSTCLICK_CURL=kept). Answers are verified, and certificates are too.

declare(strict_types=1);

require __DIR__ . '/measure.php';

const USERNAME = 'username';
const SECRET = 'XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX';

function new_handle(string $url, string $ca_file): CurlHandle
{
    $handle = curl_init("{$url}/api/AddLeadToGroup");
    curl_setopt_array($handle, [
        CURLOPT_POST => true,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CAINFO => $ca_file,
        CURLOPT_TIMEOUT => 10,
    ]);
    return $handle;
}

function send(CurlHandle $handle, array $lead): void
{
    $lead['hash'] = md5(http_build_query($lead) . '::' . USERNAME . '::' . SECRET);
    curl_setopt($handle, CURLOPT_POSTFIELDS, http_build_query($lead));
    $answer = json_decode((string) curl_exec($handle));
    $hash = md5("{$answer->error_code}::{$answer->error_text}::" . SECRET);
    if (!hash_equals($hash, $answer->hash)) {
        exit('a forged answer');
    }
}

[$url, $ca_file, $calls] = arguments();
$lead = ['rid' => ['super'], 'lead_email' => 'lead@email.com', 'lead_name' => 'Name'];
$kept = getenv('JUSTCLICK_CURL') === 'kept' ? new_handle($url, $ca_file) : null;

measure(static fn () => send($kept ?? new_handle($url, $ca_file), $lead), $calls);
