<?php

declare(strict_types=1);

namespace JustClick\WordPress;

/** The leads that the service does not have yet, and those that it refused; one row each. */
final class Leads
{
    /** As long as nobody else takes a lead that is being sent: longer than sending can take. */
    private const LEASE_SECONDS = 120;
    private const FIRST_WAIT_SECONDS = 30;
    private const LONGEST_WAIT_SECONDS = 3600;

    public static function install(): void
    {
        global $wpdb;
        require_once ABSPATH . 'wp-admin/includes/upgrade.php';
        $table = self::table();
        // dbDelta() reads this text and wants it exactly so, with two blanks after PRIMARY KEY.
        dbDelta("CREATE TABLE {$table} (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  lead longtext NOT NULL,
  state varchar(10) NOT NULL DEFAULT 'waiting',
  attempts int(10) unsigned NOT NULL DEFAULT 0,
  due_at bigint(20) unsigned NOT NULL,
  created_at bigint(20) unsigned NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY  (id),
  KEY state_due (state, due_at)
) {$wpdb->get_charset_collate()};");
    }

    public static function uninstall(): void
    {
        global $wpdb;
        $wpdb->query('DROP TABLE IF EXISTS ' . self::table());
    }

    /**
     * Keeps a lead. Once this returns it survives whatever happens to the service or to PHP.
     *
     * @param array<string, mixed> $lead by the service's own names
     */
    public function add(#[\SensitiveParameter] array $lead): int
    {
        global $wpdb;
        $kept = $wpdb->insert(self::table(), [
            'lead' => wp_json_encode($lead),
            'due_at' => time(),
            'created_at' => time(),
            'reason' => '',
        ]);
        if ($kept !== 1) {
            throw new \RuntimeException('the database did not keep the lead');
        }
        return (int) $wpdb->insert_id;
    }

    /**
     * Takes a lead that is due, so that no other process sends it as well.
     *
     * @return array{id: int, lead: array<string, mixed>, attempts: int}|null
     */
    public function take(): ?array
    {
        global $wpdb;
        $table = self::table();
        for (;;) {
            $row = $wpdb->get_row($wpdb->prepare(
                "SELECT * FROM {$table} WHERE state = 'waiting' AND due_at <= %d ORDER BY due_at, id LIMIT 1",
                time(),
            ));
            if ($row === null) {
                return null;
            }
            $taken = $wpdb->query($wpdb->prepare(
                "UPDATE {$table} SET attempts = attempts + 1, due_at = %d WHERE id = %d AND attempts = %d",
                time() + self::LEASE_SECONDS,
                $row->id,
                $row->attempts,
            ));
            if ($taken === 1) {
                $lead = (array) json_decode((string) $row->lead, true);
                return ['id' => (int) $row->id, 'lead' => $lead, 'attempts' => (int) $row->attempts + 1];
            }
        }
    }

    /** @param array{id: int, attempts: int} $taken */
    public function done(array $taken): void
    {
        global $wpdb;
        $wpdb->delete(self::table(), ['id' => $taken['id']]);
    }

    /**
     * It stays, with the reason, until somebody decides.
     *
     * @param array{id: int, attempts: int} $taken
     */
    public function refused(array $taken, string $reason): void
    {
        $this->change($taken, ['state' => 'dead', 'reason' => $reason]);
    }

    /**
     * @param array{id: int, attempts: int} $taken
     * @param int $wait the seconds that the service asked for
     */
    public function later(array $taken, string $reason, int $wait): void
    {
        $longest = min(self::FIRST_WAIT_SECONDS * 2 ** min($taken['attempts'] - 1, 12), self::LONGEST_WAIT_SECONDS);
        // Half of it by chance, so that the leads of an outage do not come all at once.
        $wait = max($wait, random_int(intdiv($longest, 2), $longest));
        $this->change($taken, ['due_at' => time() + $wait, 'reason' => $reason]);
    }

    /** @return array{waiting: int, dead: int, oldest: int, reason: string} */
    public function count(): array
    {
        global $wpdb;
        $table = self::table();
        $row = $wpdb->get_row("SELECT SUM(state = 'waiting') AS waiting, SUM(state = 'dead') AS dead,
            MIN(IF(state = 'waiting', created_at, NULL)) AS oldest FROM {$table}");
        $reason = $wpdb->get_var("SELECT reason FROM {$table} WHERE state = 'waiting' AND reason <> ''
            ORDER BY id DESC LIMIT 1");
        return [
            'waiting' => (int) ($row->waiting ?? 0),
            'dead' => (int) ($row->dead ?? 0),
            'oldest' => (int) ($row->oldest ?? 0),
            'reason' => (string) $reason,
        ];
    }

    /** @return list<array{email: string, reason: string, created_at: int}> the newest first */
    public function dead(int $limit): array
    {
        global $wpdb;
        $table = self::table();
        $rows = $wpdb->get_results($wpdb->prepare(
            "SELECT * FROM {$table} WHERE state = 'dead' ORDER BY id DESC LIMIT %d",
            $limit,
        ));
        return array_map(static fn (object $row): array => [
            'email' => (string) (json_decode((string) $row->lead, true)['lead_email'] ?? ''),
            'reason' => (string) $row->reason,
            'created_at' => (int) $row->created_at,
        ], $rows);
    }

    public function retryDead(): void
    {
        global $wpdb;
        $table = self::table();
        $wpdb->query($wpdb->prepare(
            "UPDATE {$table} SET state = 'waiting', due_at = %d WHERE state = 'dead'",
            time(),
        ));
    }

    public function deleteDead(): void
    {
        global $wpdb;
        $wpdb->delete(self::table(), ['state' => 'dead']);
    }

    /**
     * Who slept past the lease changes nothing: somebody else has the lead by then.
     *
     * @param array{id: int, attempts: int} $taken
     * @param array<string, string|int> $values
     */
    private function change(array $taken, array $values): void
    {
        global $wpdb;
        $wpdb->update(self::table(), $values, ['id' => $taken['id'], 'attempts' => $taken['attempts']]);
    }

    private static function table(): string
    {
        global $wpdb;
        return "{$wpdb->prefix}justclick_leads";
    }
}
