<?php

declare(strict_types=1);

namespace JustClick;

use JustClick\Exception\JustClickException;
use Psr\Log\LoggerInterface;

/**
 * What a site's log is told of a call, in one line. It holds no texts of the service's and no
 * values, in which there could be personal data.
 *
 * @internal
 */
final class Log
{
    public static function result(LoggerInterface $logger, string $function, Result $result): void
    {
        $logger->debug('justclick: {function}: {outcome} (code {code}){attempts}', [
            'function' => $function,
            'outcome' => $result->outcome->name,
            'code' => $result->code,
            'attempts' => self::shown($result->attempts),
        ]);
    }

    public static function failure(LoggerInterface $logger, string $function, JustClickException $failure): void
    {
        $disposition = $failure->disposition();
        $level = $disposition->keepsLead() ? 'warning' : 'debug';
        $logger->log($level, 'justclick: {function}: {status} (code {code}), {disposition}{attempts}', [
            'function' => $function,
            'status' => $failure->statusName,
            'code' => $failure->getCode(),
            'disposition' => strtolower($disposition->name),
            'attempts' => self::shown($failure->attempts),
        ]);
    }

    /** @param list<array{ms: int, address: ?string, error: ?string}> $attempts */
    private static function shown(array $attempts): string
    {
        $shown = '';
        foreach ($attempts as $attempt) {
            $shown .= "; {$attempt['ms']} ms";
            $shown .= $attempt['address'] === null ? '' : " to {$attempt['address']}";
            $shown .= $attempt['error'] === null ? '' : ": {$attempt['error']}";
        }
        return $shown;
    }
}
