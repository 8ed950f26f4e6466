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
        try {
            $count = Leads::open(Settings::read())->count();
        } catch (\RuntimeException $failure) {
            $this->say('error', "JustClick: no leads are taken: {$failure->getMessage()}.", $page);
            return;
        }
        if ($count['waiting'] > 0 && $count['oldest'] < time() - self::PATIENCE_SECONDS) {
            $text = "JustClick: {$count['waiting']} leads wait, for " . human_time_diff($count['oldest']) . '.';
            $this->say('warning', "{$text} {$count['reason']}", $page);
        }
        if ($count['dead'] > 0) {
            $text = "JustClick: {$count['dead']} leads were refused, or waited for too long, and are kept.";
            $this->say('error', $text, $page);
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
