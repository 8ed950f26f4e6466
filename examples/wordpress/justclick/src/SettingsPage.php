<?php

declare(strict_types=1);

namespace JustClick\WordPress;

/** The page "JustClick" below "Settings", for who may change the site's options. */
final class SettingsPage
{
    public const PAGE = 'justclick';
    private const ACTION = 'justclick_dead';
    private const SHOWN = 20;

    public function register(): void
    {
        add_action('admin_menu', fn () => add_options_page(
            'JustClick',
            'JustClick',
            'manage_options',
            self::PAGE,
            [$this, 'show'],
        ));
        add_action('admin_init', static fn () => register_setting(self::PAGE, Settings::OPTION, [
            'type' => 'array',
            'sanitize_callback' => [Settings::class, 'sanitized'],
        ]));
        add_action('update_option_' . Settings::OPTION, [Sender::class, 'tryAgain']);
        add_action('admin_post_' . self::ACTION, [$this, 'decideOnDead']);
    }

    public function show(): void
    {
        $settings = Settings::read();
        echo '<div class="wrap"><h1>JustClick</h1><form method="post" action="options.php">';
        settings_fields(self::PAGE);
        echo '<table class="form-table" role="presentation">';
        $this->row('username', 'Login', $settings->username);
        $hint = $settings->hasSecret() ? 'is set; leave it empty to keep it' : '';
        $this->row('secret', 'Secret', '', $hint, 'password');
        $this->row('group', 'Group', $settings->group, "The group's symbolic identifier");
        $this->row('base_url', 'Own domain', $settings->baseUrl, 'https://shop.example; empty: the service\'s');
        echo '<tr><th scope="row">Users</th><td><label><input type="checkbox" value="1" name="'
            . esc_attr(Settings::OPTION) . '[users]"' . checked($settings->withUsers, true, false)
            . '> Subscribe users who register</label></td></tr></table>';
        submit_button();
        echo '</form>';
        $this->showDead();
        echo '</div>';
    }

    public function decideOnDead(): void
    {
        check_admin_referer(self::ACTION);
        if (!current_user_can('manage_options')) {
            wp_die('', '', ['response' => 403]);
        }
        $leads = Leads::open(Settings::read());
        isset($_POST['delete']) ? $leads->deleteDead() : $leads->retryDead();
        wp_safe_redirect(admin_url('options-general.php?page=' . self::PAGE));
        exit;
    }

    private function showDead(): void
    {
        try {
            $leads = Leads::open(Settings::read());
            $count = $leads->count()['dead'];
            $dead = $leads->dead(self::SHOWN);
        } catch (\RuntimeException) {
            return; // The notice says why.
        }
        if ($count === 0) {
            return;
        }
        echo '<h2>' . esc_html("Refused leads ({$count})") . '</h2><table class="widefat striped"><tbody>';
        foreach ($dead as $lead) {
            $cells = [wp_date('Y-m-d H:i', $lead['created_at']), $lead['email'], $lead['reason']];
            echo '<tr><td>' . implode('</td><td>', array_map('esc_html', $cells)) . '</td></tr>';
        }
        echo '</tbody></table><form method="post" action="' . esc_url(admin_url('admin-post.php')) . '">'
            . '<input type="hidden" name="action" value="' . esc_attr(self::ACTION) . '">';
        wp_nonce_field(self::ACTION);
        submit_button('Send all of them again', 'secondary', 'again', false);
        echo ' ';
        submit_button('Delete all of them', 'delete', 'delete', false);
        echo '</form>';
    }

    private function row(string $name, string $label, string $value, string $hint = '', string $type = 'text'): void
    {
        $full = Settings::OPTION . "[{$name}]";
        printf(
            '<tr><th scope="row"><label for="%1$s">%2$s</label></th><td><input id="%1$s" name="%3$s" type="%4$s" '
            . 'value="%5$s" class="regular-text" autocomplete="off"><p class="description">%6$s</p></td></tr>',
            esc_attr("justclick_{$name}"),
            esc_html($label),
            esc_attr($full),
            esc_attr($type),
            esc_attr($value),
            esc_html($hint),
        );
    }
}
