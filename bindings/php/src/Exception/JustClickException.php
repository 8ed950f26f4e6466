<?php

declare(strict_types=1);

namespace JustClick\Exception;

use JustClick\Disposition;

/**
 * The base of all exceptions of this package, one class for each kind of failure.
 *
 * The message is for people: what failed, on which value, what to do. It holds neither the secret
 * nor the lead's data. getCode() is the service's code, -1 where there was no answer.
 */
class JustClickException extends \RuntimeException
{
    /** @internal */
    final public function __construct(
        string $message,
        /** The number of the C interface's status. */
        public readonly int $status,
        /** Its name, for logs: "JC_UNREACHABLE". */
        public readonly string $statusName,
        private readonly int $disposition,
        private readonly bool $retryable = false,
        int $code = -1,
        /** The service's text, perhaps in Russian; '' where there was no answer. */
        public readonly string $text = '',
        /**
         * Each sending, or try to send: the milliseconds it took, where it went, and why it failed.
         *
         * @var list<array{ms: int, address: ?string, error: ?string}>
         */
        public readonly array $attempts = [],
        /** Whether the service may have the lead all the same. */
        public readonly bool $mayHaveArrived = false,
        /** How long the service asked to wait before the next try; 0 where it did not. */
        public readonly int $retryAfterMs = 0,
    ) {
        parent::__construct($message, $code);
    }

    /** What to do with the lead: keep it unless it is refused. */
    public function disposition(): Disposition
    {
        // A newer library may know more; what is not known to be refused is kept.
        return Disposition::tryFrom($this->disposition) ?? Disposition::Later;
    }

    /** Whether failures of this kind can end by themselves; {@see disposition()} knows more. */
    public function isRetryable(): bool
    {
        return $this->retryable;
    }
}
