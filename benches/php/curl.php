<?php

// Sends one lead again and again by hand, with PHP's curl. JUSTCLICK_CURL says how: with one handle
// that is kept ("kept"), with a new one for each lead ("new"), or so and without looking at the
// certificate, which is what the service's own example does ("unchecked").

declare(strict_types=1);

require __DIR__ . '/by_curl.php';
require __DIR__ . '/measure.php';

measure(static function (): Closure {
    $how = getenv('JUSTCLICK_CURL');
    $kept = $how === 'kept' ? new_handle(true) : null;
    $lead = lead();
    return static fn () => send($kept ?? new_handle($how === 'new'), $lead);
});
