<?php

declare(strict_types=1);

namespace JustClick\WordPress;

/** When leads are delivered: after the page that brought one, and by wp-cron; and registered users. */
final class Sender
{
    private const EVENT = 'justclick_send';
    private const MINUTE = 'justclick_minute';
    private const RUN_SECONDS = 20;

    public function register(): void
    {
        add_filter('cron_schedules', static fn (array $schedules): array => $schedules + [
            self::MINUTE => ['interval' => MINUTE_IN_SECONDS, 'display' => 'JustClick'],
        ]);
        // WordPress keeps all events in one option, and two processes that write it at once lose some.
        add_action('init', [self::class, 'schedule']);
        add_action(self::EVENT, [self::class, 'deliver']);
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

    public static function deliver(): void
    {
        self::quietly(static fn (Leads $leads) => $leads->deliver(self::RUN_SECONDS));
    }

    /** After other settings the next lead tells whether they are right. */
    public static function tryAgain(): void
    {
        self::quietly(static fn (Leads $leads) => $leads->deliverAfterResponse());
    }

    /** A user who has registered, where the settings say so. */
    public function addUser(int $id): void
    {
        $user = get_userdata($id);
        if ($user !== false && Settings::read()->withUsers) {
            $lead = ['lead_name' => $user->display_name, 'lead_email' => $user->user_email];
            // A user is a user, whatever becomes of the lead.
            self::quietly(static fn (Leads $leads) => $leads->add($lead));
        }
    }

    /** @param callable(Leads): mixed $work */
    private static function quietly(callable $work): void
    {
        try {
            $work(Leads::open(Settings::read()));
        } catch (\RuntimeException $failure) {
            // The message holds no data of the visitor's.
            error_log("justclick: {$failure->getMessage()}");
        }
    }
}
