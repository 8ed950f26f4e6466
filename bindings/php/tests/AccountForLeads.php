<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Outbox;
use PHPUnit\Framework\Assert;

/** What every test of an outbox holds at its end. */
trait AccountForLeads
{
    /**
     * No lead is missing.
     *
     * @return array{waiting: int, leased: int, dead: int, delivered: int, dropped: int, spooled: int}
     */
    private static function accountFor(int $accepted, Outbox $outbox): array
    {
        $status = $outbox->status();
        $states = ['waiting', 'leased', 'dead', 'delivered', 'dropped', 'spooled'];
        $counts = array_intersect_key($status, array_flip($states));
        Assert::assertCount(6, $counts);
        Assert::assertSame($accepted, array_sum($counts), 'a lead is lost, or one too many');
        $rows = array_count_values(array_column($outbox->list(limit: 10_000), 'state'));
        foreach (['waiting', 'leased', 'dead'] as $state) {
            Assert::assertSame($counts[$state], $rows[$state] ?? 0, $state);
        }
        return $counts;
    }
}
