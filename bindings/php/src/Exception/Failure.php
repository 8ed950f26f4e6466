<?php

declare(strict_types=1);

namespace JustClick\Exception;

/**
 * Which exception belongs to which status of the C interface. Statuses are never renumbered.
 *
 * @internal
 */
final class Failure
{
    public const CLASSES = [
        1 => Rejected::class, // JC_REJECTED
        2 => NotAccepted::class, // JC_NOT_ACCEPTED
        -1 => InvalidArgument::class, // JC_INVALID_ARGUMENT
        -2 => InvalidArgument::class, // JC_UNKNOWN_NAME
        -10 => Unreachable::class, // JC_UNREACHABLE
        -11 => TlsFailure::class, // JC_TLS
        -20 => OutcomeUnknown::class, // JC_OUTCOME_UNKNOWN
        -30 => BadAnswer::class, // JC_HTTP
        -31 => BadAnswer::class, // JC_BAD_RESPONSE
        -32 => ForgedAnswer::class, // JC_BAD_SIGNATURE
        -40 => NotStored::class, // JC_NOT_STORED
        -90 => InternalFault::class, // JC_INTERNAL
    ];

    /**
     * A status that is newer than this package goes by its sign: above 0 the service said no.
     *
     * @param array{status: int, disposition: int, error_code?: int, error_text?: string,
     *     attempts?: list<array{ms: int, address: ?string, error: ?string}>, may_have_arrived?: bool,
     *     retry_after_ms?: int, ...} $told what is known, by the names of jc_result_to_json
     */
    public static function exception(string $message, string $name, bool $retryable, array $told): JustClickException
    {
        $status = $told['status'];
        $class = self::CLASSES[$status] ?? ($status > 0 ? Rejected::class : JustClickException::class);
        // @mago-expect analysis:ambiguous-instantiation-target - they share one final constructor
        return new $class(
            $message,
            $status,
            $name,
            $told['disposition'],
            $retryable,
            $told['error_code'] ?? -1,
            $told['error_text'] ?? '',
            $told['attempts'] ?? [],
            $told['may_have_arrived'] ?? false,
            $told['retry_after_ms'] ?? 0,
        );
    }
}
