<?php

// Takes away what the plugin has put into the database and the disk, the leads that were not sent among it.

declare(strict_types=1);

defined('WP_UNINSTALL_PLUGIN') || exit;

require __DIR__ . '/vendor/autoload.php';

JustClick\WordPress\Leads::uninstall();
delete_option(JustClick\WordPress\Settings::OPTION);
