<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Exception\NotStored;
use JustClick\Lead;
use JustClick\Outbox;
use PHPUnit\Framework\TestCase;

/** PHP's own SQLite on an outbox's file, in the same process. */
final class ForeignSqliteTest extends TestCase
{
    use AccountForLeads;

    private string $folder;
    private string $location;
    private Client $client;

    protected function setUp(): void
    {
        $this->folder = Server::newFolder();
        $this->location = "{$this->folder}/leads.db";
        $this->client = new Client('username', Sandbox::SECRET, ['base_url' => 'http://127.0.0.1:1']);
        $outbox = new Outbox($this->location, $this->client);
        $outbox->add(new Lead('1@b.ru', ['super']));
    }

    protected function tearDown(): void
    {
        exec('rm -rf ' . escapeshellarg($this->folder));
    }

    public function testAnOutboxIsRefusedWhilePdoHasItsFileOpen(): void
    {
        $pdo = $this->pdo();
        try {
            new Outbox($this->location, $this->client);
            self::fail('it was opened');
        } catch (NotStored $failure) {
            self::assertStringContainsString("(PHP's pdo_sqlite", $failure->getMessage());
            self::assertStringContainsString($this->location, $failure->getMessage());
        }
        $pdo = null;
        $outbox = new Outbox($this->location, $this->client);
        $outbox->add(new Lead('2@b.ru', ['super']));
        self::assertSame(['waiting' => 2], array_filter(self::accountFor(2, $outbox)));
    }

    /** Who opens the file by PDO after an outbox breaks its rule unseen, until the next outbox comes. */
    public function testTheNextOutboxSeesWhatCameAfterTheFirst(): void
    {
        $first = new Outbox($this->location, $this->client);
        $first->status();
        $pdo = $this->pdo();
        try {
            $second = new Outbox($this->location, $this->client);
            self::fail('it was opened');
        } catch (NotStored $failure) {
            self::assertStringContainsString("(PHP's pdo_sqlite", $failure->getMessage());
        }
        $pdo = null;
        $first->__destruct();
        $outbox = new Outbox($this->location, $this->client);
        self::assertSame(['waiting' => 1], array_filter(self::accountFor(1, $outbox)));
    }

    /** From another process the file may be looked into. */
    public function testAnotherProcessMayReadTheFile(): void
    {
        $outbox = new Outbox($this->location, $this->client);
        $program = "{$this->folder}/look.php";
        $dsn = var_export("sqlite:{$this->location}", true);
        file_put_contents($program, "<?php echo (new PDO({$dsn}))->query('select count(*) from justclick_outbox')
            ->fetchColumn();");
        self::assertSame('1', PhpProgram::run([], [], $program));
        $outbox->add(new Lead('2@b.ru', ['super']));
        self::assertSame(['waiting' => 2], array_filter(self::accountFor(2, $outbox)));
    }

    private function pdo(): \PDO
    {
        $pdo = new \PDO("sqlite:{$this->location}");
        $count = $pdo->query('select count(*) from justclick_outbox');
        self::assertNotFalse($count);
        self::assertSame(1, (int) $count->fetchColumn());
        return $pdo;
    }
}
