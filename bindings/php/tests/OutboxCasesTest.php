<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Exception\JustClickException;
use JustClick\Outbox;
use PHPUnit\Framework\TestCase;

/** The table of cases that all languages share, with an outbox between. */
final class OutboxCasesTest extends TestCase
{
    use AccountForLeads;

    public function testEveryLeadEndsInTheOutboxAsItsDispositionSays(): void
    {
        $cases = new Cases();
        $seen = [];
        foreach ($cases->leads() as $case) {
            $about = $case['name'];
            $outbox = null;
            try {
                $client = $cases->client($case);
                $outbox = new Outbox(':memory:', $client);
                $outbox->add(Cases::fields($case));
            } catch (JustClickException $failure) {
                self::assertSame($case['status'], $failure->statusName, $about);
                self::assertContains($failure->statusName, ['JC_INVALID_ARGUMENT', 'JC_UNKNOWN_NAME'], $about);
                $outbox === null || self::accountFor(0, $outbox);
                continue;
            }
            $report = $outbox->deliver();
            $counts = array_filter(self::accountFor(1, $outbox));
            match ($case['disposition']) {
                'JC_DONE' => self::assertSame(['delivered' => 1], $counts, $about),
                'JC_REFUSED' => $this->isDead($case, $counts, $outbox),
                'JC_LATER' => $this->waits($case, $counts, $outbox, 1),
                'JC_HOLD' => $this->waits($case, $counts, $outbox, 0),
            };
            $isHeld = in_array($case['disposition'], ['JC_LATER', 'JC_HOLD'], true);
            self::assertSame($isHeld, $report['held'] !== null, $about);
            $seen[] = $case['disposition'];
        }
        self::assertSame(['JC_DONE', 'JC_HOLD', 'JC_LATER', 'JC_REFUSED'], self::sorted(array_unique($seen)));
    }

    /**
     * @param array<string, mixed> $case
     * @param array<string, int> $counts
     */
    private function isDead(array $case, array $counts, Outbox $outbox): void
    {
        self::assertSame(['dead' => 1], $counts, $case['name']);
        $row = $outbox->dead()[0];
        self::assertSame($case['code'], $row['error_code'], $case['name']);
        foreach ($case['says'] ?? [] as $part) {
            self::assertStringContainsString($part, $row['reason'], $case['name']);
        }
    }

    /**
     * A hold leaves the lead as it was; what could succeed later has an attempt less.
     *
     * @param array<string, mixed> $case
     * @param array<string, int> $counts
     */
    private function waits(array $case, array $counts, Outbox $outbox, int $attempts): void
    {
        $about = $case['name'];
        self::assertSame(['waiting' => 1], $counts, $about);
        self::assertSame($attempts, $outbox->list()[0]['attempts'], $about);
        $account = $outbox->status()['accounts'][0];
        self::assertGreaterThan(0, $account['held_for_s'], $about);
        self::assertGreaterThanOrEqual(time(), $account['held_until'], $about);
        foreach ($case['says'] ?? [] as $part) {
            self::assertStringContainsString($part, $account['reason'], $about);
        }
    }

    /**
     * @param array<string> $values
     * @return list<string>
     */
    private static function sorted(array $values): array
    {
        sort($values);
        return $values;
    }
}
