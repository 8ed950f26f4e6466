<?php

declare(strict_types=1);

/**
 * Sends leads for a while with one or more in flight, and prints what it took in one line: the
 * median and the 99th percentile of a call's wall time and its CPU time in nanoseconds, the leads a
 * second, and the most memory that the process had in KiB.
 *
 * JUSTCLICK_SECONDS says how long, and JUSTCLICK_IN_FLIGHT how many processes send at once, which
 * PHP has in place of threads; of several only the leads a second are found out, and the rest is 0.
 * Without the former one lead is sent, and nothing printed.
 *
 * @param Closure(): Closure(): mixed $make makes what sends a lead
 */
function measure(Closure $make): void
{
    $seconds = getenv('JUSTCLICK_SECONDS');
    if ($seconds === false) {
        $make()();
        return;
    }
    $in_flight = (int) getenv('JUSTCLICK_IN_FLIGHT');
    if ($in_flight < 2) {
        [$calls, $start, $end, $cpu] = send_for_a_while($make(), (float) $seconds, static fn () => null);
        sort($calls);
        $count = count($calls);
        $rate = $count / (($end - $start) / 1e9);
        $median = $calls[intdiv($count, 2)];
        $last = $calls[intdiv($count * 99, 100)];
        printf("%d %d %d %.1f %d\n", $median, $last, $cpu / $count, $rate, most_memory());
        return;
    }
    printf("0 0 0 %.1f 0\n", rate($make, (float) $seconds, $in_flight));
}

/**
 * The leads a second of so many processes, which start together.
 *
 * @param Closure(): Closure(): mixed $make
 */
function rate(Closure $make, float $seconds, int $in_flight): float
{
    $pipes = [];
    for ($process = 0; $process < $in_flight; $process++) {
        [$ours, $theirs] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0) ?: exit(2);
        if (pcntl_fork() === 0) {
            $wait = static function () use ($theirs): void {
                fwrite($theirs, "ready\n");
                fgets($theirs);
            };
            [$calls, $start, $end] = send_for_a_while($make(), $seconds, $wait);
            fwrite($theirs, count($calls) . " {$start} {$end}\n");
            exit(0);
        }
        fclose($theirs);
        $pipes[] = $ours;
    }
    array_map('fgets', $pipes);
    array_map(static fn ($pipe) => fwrite($pipe, "go\n"), $pipes);
    $told = array_map(static fn ($pipe) => array_map('intval', explode(' ', (string) fgets($pipe))), $pipes);
    while (pcntl_wait($status) > 0) {
        $status === 0 || exit(1);
    }
    $duration = max(array_column($told, 2)) - min(array_column($told, 1));
    return array_sum(array_column($told, 0)) / ($duration / 1e9);
}

/**
 * @param Closure(): mixed $send
 * @param Closure(): mixed $wait is called when all is warm
 * @return array{list<int>, int, int, int} the wall time of each call, start and end, CPU time
 */
function send_for_a_while(Closure $send, float $seconds, Closure $wait): array
{
    // A tenth of the time is for warming up.
    $warm = hrtime(true) + (int) ($seconds * 1e8);
    do {
        $send();
    } while (hrtime(true) < $warm);
    $wait();
    $calls = [];
    $cpu = cpu_nanoseconds();
    $now = $start = hrtime(true);
    $end = $start + (int) ($seconds * 1e9);
    while ($now < $end) {
        $before = $now;
        $send();
        $now = hrtime(true);
        $calls[] = $now - $before;
    }
    return [$calls, $start, $now, cpu_nanoseconds() - $cpu];
}

function cpu_nanoseconds(): int
{
    $usage = getrusage();
    $seconds = $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'];
    return $seconds * 1_000_000_000 + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) * 1000;
}

function most_memory(): int
{
    preg_match('/^VmHWM:\s+(\d+)/m', (string) file_get_contents('/proc/self/status'), $found);
    return (int) $found[1];
}

/** @return array<string, string> the lead that all send */
function lead(): array
{
    return json_decode((string) file_get_contents(__DIR__ . '/../lead.json'), true);
}
