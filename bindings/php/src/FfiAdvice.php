<?php

declare(strict_types=1);

namespace JustClick;

/**
 * Why PHP does not allow FFI here, and the line that allows it.
 *
 * @internal
 */
final class FfiAdvice
{
    public function __construct(
        /** PHP_SAPI: how PHP runs. */
        private readonly string $interface,
        /** ffi.enable as it counts. */
        private readonly string $enable,
        /** opcache.preload as it counts or stands in php.ini, '' where it does not. */
        private readonly string $preload,
        /** opcache.enable as it counts; null where there is no opcache. */
        private readonly ?string $opcache,
        /** Whether opcache.preload stands in php.ini and not only in a pool's file. */
        private readonly bool $isAtStart,
        /**
         * The files of settings that PHP reads, php.ini first.
         *
         * @var list<string>
         */
        private readonly array $files,
    ) {
    }

    public static function here(): self
    {
        $preload = ini_get('opcache.preload');
        $written = get_cfg_var('opcache.preload');
        $written = is_string($written) ? $written : '';
        $isCommandLine = in_array(PHP_SAPI, ['cli', 'phpdbg'], true);
        $enabled = ini_get($isCommandLine ? 'opcache.enable_cli' : 'opcache.enable');
        $scanned = explode(',', (string) php_ini_scanned_files());
        return new self(
            PHP_SAPI,
            (string) ini_get('ffi.enable'),
            $preload ?: $written,
            $enabled === false ? null : $enabled,
            $written !== '',
            array_values(array_filter([(string) php_ini_loaded_file(), ...array_map('trim', $scanned)])),
        );
    }

    public function extensionMissing(): string
    {
        $file = $this->fileWith('extension\s*=\s*"?ffi\b');
        $loading = $file === null
            ? "add the line `extension=ffi` to {$this->iniFile()}"
            : "look at what `php -m` says at its start: the line `extension=ffi` is in {$file}";
        return 'PHP\'s extension ffi is missing. Install it (Debian and Ubuntu have it in php-common, Docker\'s '
            . "images by docker-php-ext-install ffi; others need --with-ffi), then {$loading}.";
    }

    public function notAllowed(): string
    {
        $value = $this->enable === '' ? 'off' : $this->enable;
        $isOff = $this->enable !== 'preload';
        $told = match (true) {
            $isOff => $this->switchedOff($value),
            $this->preload === '' => $this->neither(),
            default => $this->notPreloaded() . ' Or ' . $this->allowing() . '.',
        };
        return "FFI is not allowed here (ffi.enable={$value}). {$told} Then restart PHP.";
    }

    private function switchedOff(string $value): string
    {
        $file = $this->fileWith('ffi\.enable\s*=') ?? "PHP's settings or command line";
        $told = "The line `ffi.enable={$value}` in {$file} forbids it to all";
        if ($this->preload !== '') {
            return "{$told}, to preloaded classes as well: change it to `ffi.enable=preload`, for opcache.preload "
                . 'is set.';
        }
        return $this->isCommandLine()
            ? "{$told}: change it to `ffi.enable=preload`, PHP's default, which allows it on the command line."
            : "{$told}. Instead, " . $this->allowing() . '.';
    }

    /** The first way concerns one pool; a preload script that is not there keeps all of PHP from starting. */
    private function neither(): string
    {
        return ucfirst($this->allowing()) . '. For all sites of the server at once, copy this package to a path '
            . 'that stays, as /usr/local/share/justclick, and add the lines '
            . '`opcache.preload=/usr/local/share/justclick/preload.php` and `opcache.preload_user=www-data` to '
            . "{$this->iniFile()}; PHP does not start once that file or user is gone.";
    }

    /** The line is there, so it is something else. */
    private function notPreloaded(): string
    {
        $is = "opcache.preload={$this->preload} is set";
        if ($this->opcache === null) {
            return "{$is}, but the extension opcache is missing, which preloads. Install it (Debian and Ubuntu: "
                . "php-opcache), or add the line `zend_extension=opcache` to {$this->iniFile()}.";
        }
        if (in_array(strtolower($this->opcache), ['', '0', 'off', 'no', 'false'], true)) {
            $name = $this->isCommandLine() ? 'opcache.enable_cli' : 'opcache.enable';
            $file = $this->fileWith(preg_quote($name) . '\s*=') ?? "PHP's settings";
            return "{$is}, but opcache is off: change `{$name}=0` in {$file} to `{$name}=1`.";
        }
        if (!$this->isAtStart) {
            return "{$is}, but in a pool's file, which is too late: move the line to {$this->iniFile()}.";
        }
        $own = dirname(__DIR__) . '/preload.php';
        return "{$is}, but that script did not load this package: it needs the line `require '{$own}';`.";
    }

    /** How to allow it in one place, by how PHP runs there. */
    private function allowing(): string
    {
        $version = PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;
        return match ($this->interface) {
            'fpm-fcgi' => "add the line `php_admin_value[ffi.enable]=1` to the pool's file, often "
                . "/etc/php/{$version}/fpm/pool.d/www.conf",
            'apache2handler' => "add the line `php_admin_value ffi.enable 1` to the site's <VirtualHost>",
            'cli-server' => 'start the server by `php -d ffi.enable=1 -S`',
            default => "set `ffi.enable=1` in {$this->iniFile()}",
        };
    }

    private function isCommandLine(): bool
    {
        return in_array($this->interface, ['cli', 'phpdbg'], true);
    }

    private function iniFile(): string
    {
        return $this->files[0] ?? 'php.ini';
    }

    private function fileWith(string $line): ?string
    {
        foreach ($this->files as $file) {
            set_error_handler(static fn (): bool => true);
            $text = (string) file_get_contents($file);
            restore_error_handler();
            if (preg_match("/^\s*{$line}/m", $text) === 1) {
                return $file;
            }
        }
        return null;
    }
}
