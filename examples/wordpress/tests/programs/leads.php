<?php

// Prints what the plugin keeps, as JSON. The argument is the site's folder.

declare(strict_types=1);

require "{$argv[1]}/wp-load.php";

$leads = JustClick\WordPress\Leads::open(JustClick\WordPress\Settings::read());
echo json_encode($leads->count() + ['refused' => $leads->dead(10)], JSON_THROW_ON_ERROR);
