<?php

// Lets sites use the library with `ffi.enable=preload`, PHP's default. In php.ini:
//
//     opcache.preload = /path/to/justclick/preload.php
//     opcache.preload_user = www-data
//
// A site that has a preload script of its own requires this one there. The classes are loaded, and
// nothing else happens: the library itself is opened with the first client.

declare(strict_types=1);

foreach (['/src/*.php', '/src/Exception/*.php'] as $pattern) {
    foreach (glob(__DIR__ . $pattern) ?: [] as $file) {
        opcache_compile_file($file);
    }
}
