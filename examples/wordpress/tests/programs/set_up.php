<?php

// Activates the plugin, and sets it up as the settings page does. The arguments are the site's
// folder and the settings as JSON.

declare(strict_types=1);

[, $folder, $settings] = $argv;
require "{$folder}/wp-load.php";
require "{$folder}/wp-admin/includes/plugin.php";

$error = activate_plugin('justclick/justclick.php');
if (is_wp_error($error)) {
    echo $error->get_error_message(), "\n";
    exit(1);
}
update_option('justclick_settings', json_decode($settings, true, 512, JSON_THROW_ON_ERROR));
update_option('users_can_register', '1');
