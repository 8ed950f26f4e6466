<?php

declare(strict_types=1);

namespace JustClick\WordPress;

/** Tells whoever keeps the site of leads that wait for longer than usual, and of refused ones. */
final class Notice
{
    private const PATIENCE_SECONDS = 10;

    public function register(): void
    {
        add_action('admin_notices', [$this, 'show']);
    }

    public function show(): void
    {
        if (!current_user_can('manage_options')) {
            return;
        }
        $page = admin_url('options-general.php?page=' . SettingsPage::PAGE);
        $count = (new Leads())->count();
        if (!Settings::read()->areComplete()) {
            $this->say('warning', 'JustClick: login, secret or group are not set; leads wait until they are.', $page);
        }
        if ($count['waiting'] > 0 && $count['oldest'] < time() - self::PATIENCE_SECONDS) {
            $text = "JustClick: {$count['waiting']} leads wait, for " . human_time_diff($count['oldest']) . '.';
            $this->say('warning', "{$text} {$count['reason']}", $page);
        }
        if ($count['dead'] > 0) {
            $this->say('error', "JustClick: {$count['dead']} leads were refused and are kept.", $page);
        }
    }

    private function say(string $kind, string $text, string $page): void
    {
        printf(
            '<div class="notice notice-%s"><p>%s <a href="%s">JustClick</a></p></div>',
            esc_attr($kind),
            esc_html($text),
            esc_url($page),
        );
    }
}
