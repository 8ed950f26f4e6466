<?php

declare(strict_types=1);

namespace JustClick\Tests;

/** Visitors who send a form over and over, all at once; each is a process of its own. */
final class Visitors
{
    /** @var list<resource> */
    private array $processes = [];
    /** @var list<resource> */
    private array $pipes = [];

    /** @param int $known Every so many-th number belongs to a contact that is known already; 0 for none. */
    public function __construct(Site $site, int $visitors, int $first, int $last, int $known = 0)
    {
        for ($visitor = 0; $visitor < $visitors; $visitor++) {
            $numbers = array_map('strval', [$first + $visitor, $visitors, $last, $known]);
            $command = [PHP_BINARY, __DIR__ . '/programs/visitor.php', "{$site->url}/form.php", ...$numbers];
            $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
            if ($process === false) {
                throw new \RuntimeException('a visitor does not start');
            }
            $this->processes[] = $process;
            $this->pipes[] = $pipes[1];
        }
    }

    /**
     * Waits until all have seen all their pages.
     *
     * @return list<string> what those say who saw another page than they should
     */
    public function complaints(): array
    {
        $said = array_map(static fn ($pipe) => (string) stream_get_contents($pipe), $this->pipes);
        foreach ($this->processes as $process) {
            proc_close($process);
        }
        return array_values(array_filter($said));
    }
}
