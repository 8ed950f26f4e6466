<?php

declare(strict_types=1);

namespace JustClick;

/** A signed request, for a program that sends it by an HTTP stack of its own. */
final class Request
{
    /** @internal */
    public function __construct(
        /** The address to POST to. */
        public readonly string $url,
        /** The body, to be sent byte for byte as application/x-www-form-urlencoded. */
        public readonly string $body,
    ) {
    }
}
