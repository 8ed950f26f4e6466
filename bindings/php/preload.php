<?php

// Lets sites use the library with `ffi.enable=preload`, PHP's default. In php.ini:
//
//     opcache.preload = /path/that/stays/preload.php
//     opcache.preload_user = www-data
//
// A site that has a preload script of its own requires this one there. The classes are loaded, and
// nothing else happens: the library itself is opened with the first client. PHP does not start where
// a preload script fails, so this one calls nothing that a host may have switched off.

declare(strict_types=1);

foreach (
    [
        'Exception/JustClickException',
        'Exception/BadAnswer',
        'Exception/Failure',
        'Exception/ForgedAnswer',
        'Exception/InternalFault',
        'Exception/InvalidArgument',
        'Exception/LibraryNotUsable',
        'Exception/NotAccepted',
        'Exception/NotStored',
        'Exception/OutcomeUnknown',
        'Exception/Rejected',
        'Exception/TlsFailure',
        'Exception/Unreachable',
        'AfterResponse',
        'Client',
        'Contacts',
        'Disposition',
        'ElfFile',
        'FfiAdvice',
        'Functions',
        'Group',
        'Header',
        'Lead',
        'Library',
        'LibraryFile',
        'Loader',
        'Log',
        'Membership',
        'Outbox',
        'Outcome',
        'Platform',
        'Quietly',
        'Request',
        'Result',
        'SiteConnection',
        'Subscription',
        'Values',
    ] as $justclick_class
) {
    require_once __DIR__ . "/src/{$justclick_class}.php";
}
unset($justclick_class);
