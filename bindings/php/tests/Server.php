<?php

declare(strict_types=1);

namespace JustClick\Tests;

/** A process that a test starts and stops, in a folder of its own. */
final class Server
{
    /** @var resource */
    private $process;
    public readonly string $folder;

    /**
     * @param list<string> $command
     * @param array<string, string> $environment what it has besides this process's
     */
    public function __construct(array $command, array $environment = [], ?string $folder = null)
    {
        $this->folder = $folder ?? self::newFolder();
        $output = ['file', $this->folder . '/output', 'a'];
        $process = proc_open(
            $command,
            [['file', '/dev/null', 'r'], $output, $output],
            $pipes,
            null,
            $environment + getenv(),
        );
        if ($process === false) {
            throw new \RuntimeException("{$command[0]} does not start");
        }
        $this->process = $process;
    }

    public static function newFolder(): string
    {
        $folder = sys_get_temp_dir() . '/justclick-' . bin2hex(random_bytes(6));
        mkdir($folder, 0755);
        return $folder;
    }

    /** What it printed so far. */
    public function output(): string
    {
        return (string) @file_get_contents($this->folder . '/output');
    }

    public function pid(): int
    {
        return proc_get_status($this->process)['pid'];
    }

    /**
     * Asks again and again, until there is an answer.
     *
     * @template T
     * @param callable(): (T|null) $question
     * @return T
     */
    public function until(callable $question, float $seconds = 30): mixed
    {
        $end = microtime(true) + $seconds;
        while (microtime(true) < $end) {
            $answer = $question();
            if ($answer !== null) {
                return $answer;
            }
            if (!proc_get_status($this->process)['running']) {
                throw new \RuntimeException('it ended: ' . $this->output());
            }
            usleep(10_000);
        }
        throw new \RuntimeException('no answer: ' . $this->output());
    }

    public function stop(): void
    {
        if (!is_resource($this->process)) {
            return;
        }
        proc_terminate($this->process);
        $end = microtime(true) + 10;
        while (proc_get_status($this->process)['running']) {
            if (microtime(true) > $end) {
                proc_terminate($this->process, 9);
            }
            usleep(5_000);
        }
        proc_close($this->process);
    }

    public function __destruct()
    {
        $this->stop();
        exec('rm -rf ' . escapeshellarg($this->folder));
    }
}
