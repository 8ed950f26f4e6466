<?php

declare(strict_types=1);

/**
 * Calls $send until it is warm, then prints the median and the 99th percentile of the wall time and
 * the CPU time of a call, in nanoseconds.
 */
function measure(callable $send, int $calls): void
{
    for ($call = 0; $call < 50; $call++) {
        $send();
    }
    $wall = [];
    $cpu = cpu_microseconds();
    for ($call = 0; $call < $calls; $call++) {
        $start = hrtime(true);
        $send();
        $wall[] = hrtime(true) - $start;
    }
    $cpu = cpu_microseconds() - $cpu;
    sort($wall);
    printf("%d %d %d\n", $wall[intdiv($calls, 2)], $wall[intdiv($calls * 99, 100)], $cpu * 1000 / $calls);
}

function cpu_microseconds(): int
{
    $usage = getrusage();
    $seconds = $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'];
    return $seconds * 1_000_000 + $usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec'];
}

/** @return array{string, string, int} base URL, CA file and number of calls */
function arguments(): array
{
    return [
        (string) getenv('JUSTCLICK_BASE_URL'),
        (string) getenv('JUSTCLICK_CA_FILE'),
        (int) getenv('JUSTCLICK_CALLS'),
    ];
}
