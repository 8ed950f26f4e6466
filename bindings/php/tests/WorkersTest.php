<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Lead;
use PHPUnit\Framework\TestCase;

/** The workers of a real php-fpm, which send at the same time over TLS and share nothing. */
final class WorkersTest extends TestCase
{
    public function testTwoHundredSubmissionsOverFourWorkersAllArrive(): void
    {
        $sandbox = new Sandbox('--tls');
        $site = new Site(Site::environment($sandbox), options: Site::PRELOAD, root: Site::PAGES);
        $before = $sandbox->books()['connections'];
        self::assertSame([], (new Visitors($site, 8, 1, 200))->complaints(), $site->log());
        $books = $sandbox->books();
        $this->allArrived(200, $books);
        // Each worker keeps its connection from one request to the next; one is this look.
        self::assertSame($site->workers(200), $books['connections'] - $before - 1);
    }

    /**
     * The master adds leads while it preloads, and its worker is forked with its connection open.
     * Started as root it would preload in a process of its own.
     */
    public function testWhatTheMasterHasOpenStaysWithTheMaster(): void
    {
        $sandbox = new Sandbox('--tls');
        $before = $sandbox->books()['connections'];
        $site = $this->siteWhoseMasterSends($sandbox, 'pm.max_children = 1');
        self::assertSame(['master1@b.ru', 'master2@b.ru'], array_column($sandbox->books()['contacts'], 'email'));
        self::assertSame([], (new Visitors($site, 8, 1, 40))->complaints(), $site->log());
        $books = $sandbox->books();
        $this->allArrived(40, $books);
        // The master's one, the worker's one, and two looks at the books.
        self::assertSame(1 + 1 + 2, $books['connections'] - $before);
    }

    /**
     * Each worker serves two forms, so hundreds are forked, each with what the master has open.
     * Every third contact is known before: an answer that went to another form would be seen.
     */
    public function testHundredsOfWorkersEachHaveTheirOwnConnectionAndAnswers(): void
    {
        $sandbox = new Sandbox('--tls');
        $known = new Client('username', Sandbox::SECRET, [
            'base_url' => $sandbox->url,
            'ca_file' => $sandbox->caFile,
        ]);
        for ($number = 3; $number <= 600; $number += 3) {
            $known->addLead(new Lead("{$number}@b.ru", ['super']));
        }
        $before = $sandbox->books()['connections'];
        $site = $this->siteWhoseMasterSends($sandbox, 'pm.max_requests = 2');
        self::assertSame([], (new Visitors($site, 8, 1, 600, known: 3))->complaints(), $site->log());
        $books = $sandbox->books();
        $this->allArrived(600, $books);
        self::assertSame(600 + 200 + 2, $books['requests']);
        $workers = $site->workers(600);
        self::assertGreaterThanOrEqual(300, $workers);
        // The master's one, each worker's one, and this look.
        self::assertSame(1 + $workers + 1, $books['connections'] - $before);
        self::assertSame(['01'], $site->masterConnections(), 'it was cut');
    }

    public function testAWorkerThatIsKilledTakesOnlyItsOwnVisitorWithIt(): void
    {
        $sandbox = new Sandbox('--tls');
        $site = new Site(Site::environment($sandbox), options: Site::PRELOAD, root: Site::PAGES);
        self::assertSame([], (new Visitors($site, 4, 1, 40))->complaints(), $site->log());

        $sandbox->pause();
        $visitors = new Visitors($site, 3, 41, 43);
        $busy = $site->busy(3);
        posix_kill($busy[1], SIGKILL);
        self::assertSame([$busy[0], $busy[2]], $site->busy(2));
        $sandbox->goOn();
        $complaints = $visitors->complaints();
        self::assertCount(1, $complaints, implode($complaints) . $site->log());
        self::assertStringContainsString('502 Bad Gateway', $complaints[0]);

        // The worker in its place has a connection of its own as well.
        self::assertSame([], (new Visitors($site, 8, 44, 100))->complaints(), $site->log());
        $lost = "{$this->number($complaints[0])}@b.ru";
        $arrived = array_column($sandbox->books()['contacts'], 'email');
        $expected = array_map(static fn (int $number) => "{$number}@b.ru", range(1, 100));
        self::assertSame([], array_diff($arrived, $expected));
        self::assertSame([], array_values(array_diff($expected, $arrived, [$lost])));
    }

    private function siteWhoseMasterSends(Sandbox $sandbox, string $pool): Site
    {
        $options = ['opcache.preload=' . __DIR__ . '/programs/preload_and_send.php'];
        $unprivileged = ['setpriv', '--reuid', 'www-data', '--regid', 'www-data', '--clear-groups'];
        return new Site(Site::environment($sandbox), [$pool], $options, $unprivileged, Site::PAGES);
    }

    /** @param array{contacts: list<array<string, mixed>>} $books */
    private function allArrived(int $count, array $books): void
    {
        $numbers = array_map('intval', array_column($books['contacts'], 'email'));
        sort($numbers);
        // The master's own begin with a letter.
        self::assertSame(range(1, $count), array_values(array_filter($numbers)));
    }

    private function number(string $complaint): int
    {
        self::assertSame(1, preg_match('/^(\d+): /m', $complaint, $found), $complaint);
        return (int) $found[1];
    }
}
