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
 *
 * @phpstan-import-type Report from Outbox
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

    /** @param Report $report */
    public static function report(LoggerInterface $logger, array $report): void
    {
        $level = self::isTrouble($report) ? 'warning' : 'debug';
        $logger->log($level, 'justclick: {function}: {report}', [
            'function' => 'Outbox::deliver',
            'report' => self::told($report),
        ]);
    }

    /**
     * Whether somebody should know. A run that began nothing, since the account waits, has nothing new.
     *
     * @param Report $report
     */
    public static function isTrouble(array $report): bool
    {
        return $report['later'] > 0 || $report['dead'] > 0 || $report['unmoved'] !== null;
    }

    /** @param Report $report */
    public static function told(array $report): string
    {
        return "{$report['delivered']} delivered, {$report['dead']} dead, {$report['later']} to be tried again"
            . ($report['held'] === null ? '' : '; the account waits, and Outbox::status() says why')
            . ($report['unmoved'] === null ? '' : '; leads stay in the spool, and Outbox::deliver() says why');
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
