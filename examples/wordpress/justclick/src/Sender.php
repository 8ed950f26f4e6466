<?php

declare(strict_types=1);

namespace JustClick\WordPress;

use JustClick\Disposition;
use JustClick\Exception\JustClickException;

/** Sends the leads that are kept: right after the page that brought one, and by wp-cron. */
final class Sender
{
    private const EVENT = 'justclick_send';
    private const MINUTE = 'justclick_minute';
    /** While this is set nothing is sent; its value is the reason. */
    private const PAUSE = 'justclick_pause';
    private const LATER_SECONDS = 20;
    /** Somebody has to mend something first. */
    private const HOLD_SECONDS = 120;
    private const RUN_SECONDS = 20;

    public function register(): void
    {
        add_filter('cron_schedules', static fn (array $schedules): array => $schedules + [
            self::MINUTE => ['interval' => MINUTE_IN_SECONDS, 'display' => 'JustClick'],
        ]);
        // WordPress keeps all events in one option, and two processes that write it at once lose some.
        add_action('init', [self::class, 'schedule']);
        add_action(self::EVENT, [$this, 'sendWhatIsDue']);
        add_action('user_register', [$this, 'addUser']);
    }

    public static function schedule(): void
    {
        if (!wp_next_scheduled(self::EVENT)) {
            wp_schedule_event(time(), self::MINUTE, self::EVENT);
        }
    }

    public static function unschedule(): void
    {
        wp_clear_scheduled_hook(self::EVENT);
    }

    /** After other settings the next lead tells whether they are right. */
    public static function tryAgain(): void
    {
        delete_transient(self::PAUSE);
    }

    /** A user who has registered, where the settings say so. */
    public function addUser(int $id): void
    {
        $user = get_userdata($id);
        $settings = Settings::read();
        if ($user !== false && $settings->withUsers) {
            $this->keep(['lead_name' => $user->display_name, 'lead_email' => $user->user_email]);
        }
    }

    /**
     * Keeps the lead, and sends it when the visitor has the page.
     *
     * @param array<string, string> $lead without its group
     */
    public function keep(#[\SensitiveParameter] array $lead): void
    {
        (new Leads())->add($lead);
        if (!has_action('shutdown', [self::class, 'afterResponse'])) {
            add_action('shutdown', [self::class, 'afterResponse'], 100);
        }
    }

    public static function afterResponse(): void
    {
        if (function_exists('fastcgi_finish_request')) {
            fastcgi_finish_request();
        }
        (new self())->sendWhatIsDue();
    }

    /** One lead after the other, until one fails in a way that the others would as well. */
    public function sendWhatIsDue(): void
    {
        $settings = Settings::read();
        if (!$settings->areComplete() || get_transient(self::PAUSE) !== false) {
            return;
        }
        $leads = new Leads();
        $end = time() + self::RUN_SECONDS;
        $client = null;
        while (time() < $end && ($taken = $leads->take()) !== null) {
            try {
                $client ??= $settings->client();
                // The group is the one that is set now, which may have been corrected.
                $client->addLead(['rid' => [$settings->group]] + $taken['lead']);
                $leads->done($taken);
            } catch (JustClickException $failure) {
                if (!$this->failed($leads, $taken, $failure)) {
                    return;
                }
            }
        }
    }

    /**
     * @param array{id: int, attempts: int} $taken
     * @return bool whether the next lead may fare better
     */
    private function failed(Leads $leads, array $taken, JustClickException $failure): bool
    {
        // The message holds no data of the visitor's.
        $reason = "{$failure->statusName}: {$failure->getMessage()}";
        error_log("justclick: {$reason}");
        if (!$failure->disposition()->keepsLead()) {
            $leads->refused($taken, $reason);
            return true;
        }
        $isHold = $failure->disposition() === Disposition::Hold;
        $pause = $isHold ? self::HOLD_SECONDS : self::LATER_SECONDS;
        $wait = intdiv($failure->retryAfterMs + 999, 1000);
        $leads->later($taken, $reason, $wait);
        set_transient(self::PAUSE, $reason, max($pause, $wait));
        return false;
    }
}
