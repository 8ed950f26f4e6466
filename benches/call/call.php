<?php

// Prints what a call of two short functions costs, in nanoseconds. The library is declared by the
// script itself, or, where JUSTCLICK_CALL is "preloaded", was declared when PHP started.

declare(strict_types=1);

const CALLS = 100_000;
const ROUNDS = 20;
const REJECTED = 1;

/**
 * The best of some rounds, since machines are shared and noisy.
 *
 * @param Closure(): void $calls makes all calls of a round
 */
function best(Closure $calls): float
{
    $least = INF;
    for ($round = 0; $round < ROUNDS; $round++) {
        $start = hrtime(true);
        $calls();
        $least = min($least, (hrtime(true) - $start) / CALLS);
    }
    return $least;
}

$ffi = getenv('JUSTCLICK_CALL') === 'preloaded'
    ? FFI::scope('justclick')
    : FFI::cdef((string) file_get_contents(__DIR__ . '/declarations.h'), (string) getenv('JUSTCLICK_LIBRARY'));
$loop = best(static function (): void {
    for ($call = 0; $call < CALLS; $call++) {
    }
});
$version = best(static function () use ($ffi): void {
    for ($call = 0; $call < CALLS; $call++) {
        $ffi->jc_version();
    }
});
$status_name = best(static function () use ($ffi): void {
    for ($call = 0; $call < CALLS; $call++) {
        $ffi->jc_status_name(REJECTED);
    }
});
printf("%.2f %.2f\n", $version - $loop, $status_name - $loop);
