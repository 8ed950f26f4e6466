<?php

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    $folders = [
        'JustClick\\Tests\\' => __DIR__,
        'JustClick\\' => dirname(__DIR__) . '/src',
        'Psr\\Log\\' => '/usr/share/php/Psr/Log', // Debian's php-psr-log
    ];
    foreach ($folders as $prefix => $folder) {
        $file = $folder . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
        if (str_starts_with($class, $prefix) && is_file($file)) {
            require $file;
            return;
        }
    }
});
