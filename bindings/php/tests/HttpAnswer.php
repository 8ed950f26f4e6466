<?php

declare(strict_types=1);

namespace JustClick\Tests;

/** What a server answered to one request, whatever the status is. */
final class HttpAnswer
{
    /** @var list<string> with those of the redirections that were followed */
    public readonly array $headers;
    public readonly string $body;

    /** @param array<string, mixed> $options of PHP's HTTP context */
    public function __construct(string $url, array $options)
    {
        $context = stream_context_create(['http' => $options + ['ignore_errors' => true]]);
        $stream = fopen($url, 'r', false, $context);
        if ($stream === false) {
            throw new \RuntimeException("{$url} does not answer");
        }
        // $http_response_header is deprecated in PHP 8.5.
        $this->headers = array_values(stream_get_meta_data($stream)['wrapper_data']);
        $this->body = (string) stream_get_contents($stream);
        fclose($stream);
    }
}
