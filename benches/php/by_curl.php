<?php

// A lead sent by hand, with PHP's curl.

declare(strict_types=1);

const USERNAME = 'username';
const SECRET = 'XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX';

function new_handle(bool $checked): CurlHandle
{
    $handle = curl_init(getenv('JUSTCLICK_BASE_URL') . '/api/AddLeadToGroup');
    curl_setopt_array($handle, [
        CURLOPT_POST => true,
        CURLOPT_RETURNTRANSFER => true,
    ]);
    curl_setopt_array($handle, $checked ? [
        CURLOPT_CAINFO => getenv('JUSTCLICK_CA_FILE'),
        CURLOPT_TIMEOUT => 10,
    ] : [
        CURLOPT_SSL_VERIFYPEER => false,
        CURLOPT_SSL_VERIFYHOST => 0,
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
        fwrite(STDERR, "a forged answer\n");
        exit(1);
    }
}
