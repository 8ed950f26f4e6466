<?php

declare(strict_types=1);

namespace JustClick;

/** What became of a lead that the service has. */
final class Result
{
    /** @internal */
    public function __construct(
        /** Added, sent a mail to confirm, or known before. */
        public readonly Outcome $outcome,
        /** The service's code. */
        public readonly int $code,
        /** The service's text, perhaps in Russian: decide by the outcome. */
        public readonly string $text,
        /** The member "result" of the answer as JSON, '' where it has none. No hash covers it. */
        public readonly string $json,
        /** For people: what happened. */
        public readonly string $message,
        /** How many times the lead was sent. */
        public readonly int $attempts,
    ) {
    }

    /**
     * The member "result" of the answer, objects as arrays; null where it has none.
     *
     * @throws \JsonException where it is nested deeper than 512 levels
     */
    public function value(): mixed
    {
        return $this->json === '' ? null : json_decode($this->json, true, 512, JSON_THROW_ON_ERROR);
    }
}
