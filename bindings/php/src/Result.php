<?php

declare(strict_types=1);

namespace JustClick;

/** What became of a lead that the service has, or of another call that it has answered. */
final class Result
{
    /** @internal */
    public function __construct(
        /** Added, sent a mail to confirm, or known before; Answered for other functions. */
        public readonly Outcome $outcome,
        /** The service's code. */
        public readonly int $code,
        /** The service's text, perhaps in Russian: decide by the outcome. */
        public readonly string $text,
        /** The member "result" of the answer as JSON, '' where it has none. No hash covers it. */
        public readonly string $json,
        /** For people: what happened. */
        public readonly string $message,
        /**
         * Each sending: the milliseconds it took, where it went, and why it failed.
         *
         * @var list<array{ms: int, address: ?string, error: ?string}>
         */
        public readonly array $attempts,
        /** Whether the outcome is the likelier of two, since an earlier attempt may have arrived. */
        public readonly bool $isUnsure = false,
    ) {
    }

    /** What to do with the lead: nothing, the service has it. */
    public function disposition(): Disposition
    {
        return Disposition::Done;
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
