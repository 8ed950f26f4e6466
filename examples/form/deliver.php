<?php

// Delivers the leads that form.php kept and no visitor's request delivered. For cron, by the user of
// php-fpm and with the settings of its pool, which cron does not know:
//
//     * * * * *  php /var/www/site/deliver.php
//
// It says nothing unless somebody should know, so that cron sends a mail then alone.

declare(strict_types=1);

use JustClick\Exception\JustClickException;

require __DIR__ . '/outbox.php';

if (PHP_SAPI !== 'cli') {
    exit(1);
}
try {
    $report = outbox()->deliver(seconds: 50, inFlight: 8);
} catch (JustClickException $failure) {
    fwrite(STDERR, "{$failure->statusName}: {$failure->getMessage()}\n");
    exit(1);
}
if ($report['dead'] > 0) {
    fwrite(STDERR, "{$report['dead']} leads were refused and are kept: see dead() in the manual\n");
}
if ($report['held'] !== null) {
    fwrite(STDERR, "the leads wait: {$report['held']}\n");
    exit(1);
}
