<?php

// Takes the plugin's data away, as WordPress does when it is deleted. The argument is the site's folder.

declare(strict_types=1);

require "{$argv[1]}/wp-load.php";
require "{$argv[1]}/wp-admin/includes/plugin.php";

deactivate_plugins('justclick/justclick.php');
uninstall_plugin('justclick/justclick.php');
