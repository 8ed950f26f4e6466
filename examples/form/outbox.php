<?php

// The site's outbox, for form.php and deliver.php.

declare(strict_types=1);

use JustClick\Client;
use JustClick\Exception\JustClickException;
use JustClick\Outbox;

require __DIR__ . '/vendor/autoload.php';

/** A setting of the site, from php-fpm's pool file (env[…]), the web server, or the crontab. */
function setting(string $name): ?string
{
    $value = getenv($name);
    return $value === false || $value === '' ? null : $value;
}

/**
 * JUSTCLICK_OUTBOX is a path outside of the web root, such as /var/lib/site/leads.db, in a folder that
 * the users of php-fpm and of cron may write into: let both be the same user.
 *
 * @throws JustClickException
 */
function outbox(): Outbox
{
    $client = new Client((string) setting('JUSTCLICK_USERNAME'), (string) setting('JUSTCLICK_SECRET'), [
        'base_url' => setting('JUSTCLICK_BASE_URL'),
        'ca_file' => setting('JUSTCLICK_CA_FILE'),
    ]);
    return new Outbox((string) setting('JUSTCLICK_OUTBOX'), $client);
}
