<?php

declare(strict_types=1);

namespace JustClick\WordPress;

use JustClick\Exception\InvalidArgument;
use JustClick\Exception\JustClickException;
use JustClick\Outbox;

/** The outbox with the leads that the service does not have yet, and those that it refused. */
final class Leads
{
    private const OPTION = 'justclick_folder';
    /** Apache heeds it. nginx does not, so that the folder's name is one that nobody can guess. */
    private const DENY = "Require all denied\n";

    private function __construct(private readonly Outbox $outbox, private readonly string $group)
    {
    }

    /** @throws \RuntimeException where the settings, PHP or the disk do not allow it */
    public static function open(Settings $settings): self
    {
        if (!$settings->areComplete()) {
            throw new \RuntimeException('login, secret or group are not set');
        }
        return new self(new Outbox(self::location(), $settings->client()), $settings->group);
    }

    /**
     * Keeps a lead, and delivers it when the visitor has the page.
     *
     * @param array<string, string> $lead by the service's own names, without its group
     * @return bool false where an entry cannot be right, and nothing is kept
     *
     * @throws JustClickException where it could not be kept
     */
    public function add(#[\SensitiveParameter] array $lead): bool
    {
        try {
            $this->outbox->add(['rid' => [$this->group]] + $lead);
        } catch (InvalidArgument) {
            return false;
        }
        $this->outbox->deliverAfterResponse();
        return true;
    }

    public function deliverAfterResponse(): void
    {
        $this->outbox->deliverAfterResponse();
    }

    /** Delivers what is due, for so many seconds. */
    public function deliver(int $seconds): void
    {
        $this->outbox->deliver(seconds: $seconds, inFlight: 4);
    }

    /** @return array{waiting: int, dead: int, oldest: int, reason: string} */
    public function count(): array
    {
        $status = $this->outbox->status();
        return [
            'waiting' => $status['waiting'] + $status['leased'],
            'dead' => $status['dead'],
            // When the oldest of them came.
            'oldest' => time() - (int) $status['oldest_waiting_s'],
            'reason' => implode(' ', array_unique(array_column($status['accounts'], 'reason'))),
        ];
    }

    /** @return list<array{email: string, reason: string, created_at: int}> */
    public function dead(int $limit): array
    {
        return array_map(static fn (array $row): array => [
            'email' => $row['lead']['lead_email'] ?? '',
            'reason' => $row['reason'],
            'created_at' => time() - (int) $row['age_s'],
        ], $this->outbox->dead(limit: $limit, withLeads: true));
    }

    /** With the group that is set now, which may have been corrected. */
    public function retryDead(): void
    {
        foreach ($this->outbox->dead(limit: 10_000, withLeads: true) as $row) {
            $lead = array_filter(
                $row['lead'] ?? [],
                static fn (string $name): bool => !str_starts_with($name, 'rid['),
                ARRAY_FILTER_USE_KEY,
            );
            // It is there twice for a moment, and never not at all.
            if ($this->add($lead)) {
                $this->outbox->drop([$row['id']]);
            }
        }
    }

    public function deleteDead(): void
    {
        $this->outbox->drop(state: 'dead');
    }

    /** The leads that were not sent go as well. */
    public static function uninstall(): void
    {
        $folder = get_option(self::OPTION);
        if (is_string($folder) && $folder !== '') {
            foreach (glob(WP_CONTENT_DIR . "/{$folder}/{,.}[!.]*", GLOB_BRACE) ?: [] as $file) {
                unlink($file);
            }
            rmdir(WP_CONTENT_DIR . "/{$folder}");
        }
        delete_option(self::OPTION);
    }

    /** JUSTCLICK_OUTBOX of wp-config.php, a path outside of the web root; else a folder of the plugin's own. */
    private static function location(): string
    {
        if (defined('JUSTCLICK_OUTBOX')) {
            return (string) constant('JUSTCLICK_OUTBOX');
        }
        // Who comes second takes the name of the first.
        add_option(self::OPTION, 'justclick-' . bin2hex(random_bytes(16)));
        $folder = WP_CONTENT_DIR . '/' . get_option(self::OPTION);
        if (!is_dir($folder)) {
            if (!wp_mkdir_p($folder)) {
                throw new \RuntimeException("{$folder} cannot be made; name a path by JUSTCLICK_OUTBOX");
            }
            chmod($folder, 0700);
            file_put_contents("{$folder}/.htaccess", self::DENY);
            file_put_contents("{$folder}/index.php", "<?php\n");
        }
        return "{$folder}/leads.db";
    }
}
