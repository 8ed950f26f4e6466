<?php

declare(strict_types=1);

namespace JustClick\Tests;

/** Visitors who look at the site's form and send it, all at once, and measure how long it takes. */
final class HurriedVisitors
{
    private const VISITORS = 2;

    /** @var list<float> the seconds that the page took which does not use the package, in order */
    public readonly array $seen;
    /** @var list<float> the seconds that the sent forms took, in order */
    public readonly array $sent;

    public function __construct(Site $site, int $first, int $last)
    {
        $processes = [];
        for ($visitor = 0; $visitor < self::VISITORS; $visitor++) {
            $numbers = array_map('strval', [$first + $visitor, self::VISITORS, $last]);
            $program = __DIR__ . '/programs/hurried_visitor.php';
            $form = "{$site->url}/form.php";
            $command = [PHP_BINARY, $program, $form, $form, ...$numbers];
            $processes[] = [proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes), $pipes[1]];
        }
        $said = '';
        foreach ($processes as [$process, $pipe]) {
            $said .= stream_get_contents($pipe);
            if (proc_close($process) !== 0) {
                throw new \RuntimeException("{$said}\n{$site->log()}");
            }
        }
        preg_match_all('/^(\S+) (\S+)$/m', $said, $lines);
        $this->seen = self::sorted($lines[1]);
        $this->sent = self::sorted($lines[2]);
    }

    /**
     * @param list<string> $seconds
     * @return list<float>
     */
    private static function sorted(array $seconds): array
    {
        $seconds = array_map('floatval', $seconds);
        sort($seconds);
        return $seconds;
    }
}
