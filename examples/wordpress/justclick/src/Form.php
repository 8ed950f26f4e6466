<?php

declare(strict_types=1);

namespace JustClick\WordPress;

/** The shortcode [justclick_form], and what a visitor sends by it. */
final class Form
{
    private const ACTION = 'justclick_subscribe';
    private const SAID = [
        'thanks' => 'Thank you! You will hear from us.',
        'check' => 'Please check your entries: the address or the name cannot be right.',
        'again' => 'That page was too old. Please send the form again.',
        'sorry' => 'We cannot take subscriptions at the moment. Please try again later.',
    ];

    public function register(): void
    {
        add_shortcode('justclick_form', [$this, 'shown']);
        add_action('admin_post_' . self::ACTION, [$this, 'take']);
        add_action('admin_post_nopriv_' . self::ACTION, [$this, 'take']);
    }

    /** The names begin with the plugin's: WordPress answers 404 to a form with a field called "name". */
    public function shown(): string
    {
        $said = self::SAID[sanitize_key($_GET['justclick'] ?? '')] ?? null;
        $message = $said === null ? '' : '<p class="justclick-said">' . esc_html__($said, 'justclick') . '</p>';
        $nonce = wp_nonce_field(self::ACTION, 'justclick_nonce', true, false);
        $address = esc_url(admin_url('admin-post.php'));
        $action = esc_attr(self::ACTION);
        $name = esc_html__('Name', 'justclick');
        $email = esc_html__('E-mail', 'justclick');
        $subscribe = esc_html__('Subscribe', 'justclick');
        return <<<HTML
            {$message}
            <form class="justclick-form" method="post" action="{$address}">
            <input type="hidden" name="action" value="{$action}">
            {$nonce}
            <p><label>{$name} <input name="justclick_name" autocomplete="name"></label></p>
            <p><label>{$email} <input name="justclick_email" type="email" autocomplete="email" required></label></p>
            <p><button>{$subscribe}</button></p>
            </form>
            HTML;
    }

    public function take(): void
    {
        $back = remove_query_arg('justclick', wp_get_referer() ?: home_url('/'));
        wp_safe_redirect(add_query_arg('justclick', $this->taken(), $back));
        exit;
    }

    /** @return string what is to be said: a key of SAID */
    private function taken(): string
    {
        if (!wp_verify_nonce(self::sent('justclick_nonce'), self::ACTION)) {
            return 'again';
        }
        $lead = [
            'lead_name' => trim(self::sent('justclick_name')),
            'lead_email' => trim(self::sent('justclick_email')),
        ];
        try {
            $isTaken = is_email($lead['lead_email']) !== false && Leads::open(Settings::read())->add($lead);
            return $isTaken ? 'thanks' : 'check';
        } catch (\RuntimeException $failure) {
            error_log("justclick: {$failure->getMessage()}");
            return 'sorry';
        }
    }

    /** WordPress puts slashes before the quotes in $_POST. */
    private static function sent(string $name): string
    {
        $value = $_POST[$name] ?? '';
        return is_string($value) ? wp_unslash($value) : '';
    }
}
