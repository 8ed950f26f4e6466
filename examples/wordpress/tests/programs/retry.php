<?php

// Sends the dead leads again. The argument is the site's folder.

declare(strict_types=1);

require "{$argv[1]}/wp-load.php";

JustClick\WordPress\Leads::open(JustClick\WordPress\Settings::read())->retryDead();
