<?php

/**
 * Plugin Name: JustClick subscriptions
 * Description: Adds visitors who subscribe, and users who register, to a group of a JustClick account. No lead is lost.
 * Version: 0.1.0
 * Requires PHP: 8.1
 * License: MIT OR Apache-2.0
 */

declare(strict_types=1);

namespace JustClick\WordPress;

defined('ABSPATH') || exit;

require __DIR__ . '/vendor/autoload.php';

register_deactivation_hook(__FILE__, [Sender::class, 'unschedule']);

(new Form())->register();
(new Sender())->register();
if (is_admin()) {
    (new SettingsPage())->register();
    (new Notice())->register();
}
