<?php

declare(strict_types=1);

namespace JustClick;

use FFI;
use JustClick\Exception\LibraryNotUsable;

/**
 * Finds the shared library and opens it, or says what stands in the way.
 *
 * @internal
 */
final class Loader
{
    /** The version of this package, and the binary interface that it speaks. */
    public const VERSION = '0.1.0';
    public const ABI_VERSION = 0;

    private const SYSTEM = 'libjustclick.so.0';
    private const VERSIONS = 'const char *jc_version(void); uint32_t jc_abi_version(void);';
    private const DLOPEN = 'void *dlopen(const char *path, int mode); char *dlerror(void);';
    private const RTLD_LAZY = 1;

    /** @throws LibraryNotUsable */
    public static function load(): FFI
    {
        if (!extension_loaded('ffi')) {
            throw self::extensionMissing();
        }
        $failures = [];
        foreach (self::places() as $place) {
            $versions = self::tryOpen(self::VERSIONS, $place);
            if ($versions !== null) {
                return self::open($place, $versions);
            }
            $failures[$place] = self::reason($place);
        }
        throw self::notFound($failures);
    }

    /**
     * A place that was named is the only one; else the package's own folder and the system's.
     *
     * @return list<string>
     */
    private static function places(): array
    {
        $named = getenv('JUSTCLICK_LIBRARY');
        if (is_string($named) && $named !== '') {
            return [$named];
        }
        return [dirname(__DIR__) . '/lib/libjustclick.so', self::SYSTEM];
    }

    /** Null where the library cannot be loaded; PHP does not say why. */
    private static function tryOpen(string $declarations, string $place): ?FFI
    {
        try {
            return FFI::cdef($declarations, $place);
        } catch (FFI\Exception $failure) {
            if (str_contains($failure->getMessage(), 'ffi.enable')) {
                throw self::notAllowed();
            }
            if (str_contains($failure->getMessage(), 'resolving')) {
                throw LibraryNotUsable::of("{$place} is not the justclick library: {$failure->getMessage()}");
            }
            return null;
        }
    }

    /** The versions come first: in an older library a function may be missing. */
    private static function open(string $place, FFI $versions): FFI
    {
        $found = $versions->jc_version();
        $interface = $versions->jc_abi_version();
        if ($interface !== self::ABI_VERSION) {
            throw self::otherVersion($place, "{$found} with the interface {$interface}");
        }
        $header = file_get_contents(__DIR__ . '/justclick.h');
        if ($header === false) {
            throw LibraryNotUsable::of(__DIR__ . '/justclick.h is missing; install the package anew');
        }
        try {
            return FFI::cdef($header, $place);
        } catch (FFI\Exception $failure) {
            throw self::otherVersion($place, "{$found}, which is too old: {$failure->getMessage()}");
        }
    }

    /** What the system's loader says of a library that it does not open. */
    private static function reason(string $place): string
    {
        $system = FFI::cdef(self::DLOPEN);
        $system->dlopen($place, self::RTLD_LAZY);
        $reason = $system->dlerror();
        return $reason === null ? 'no reason was given' : FFI::string($reason);
    }

    private static function extensionMissing(): LibraryNotUsable
    {
        return LibraryNotUsable::of(
            'PHP\'s extension ffi is missing. Install it (Debian and Ubuntu have it in php-common; '
            . 'others need --with-ffi), then add the line `extension=ffi` to ' . self::iniFile() . '.',
        );
    }

    private static function notAllowed(): LibraryNotUsable
    {
        $preload = dirname(__DIR__) . '/preload.php';
        return LibraryNotUsable::of(
            'FFI is not allowed here (ffi.enable=' . ini_get('ffi.enable') . '). Either add the lines '
            . "`opcache.preload={$preload}` and `opcache.preload_user=www-data` to " . self::iniFile()
            . ', or, for one pool of php-fpm alone, the line `php_admin_value[ffi.enable]=1` to its '
            . 'file, often /etc/php/' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION
            . '/fpm/pool.d/www.conf. Then restart PHP.',
        );
    }

    /** @param non-empty-array<string, string> $failures */
    private static function notFound(array $failures): LibraryNotUsable
    {
        $told = [];
        foreach ($failures as $place => $reason) {
            if (self::isOtherLibc($reason)) {
                return LibraryNotUsable::of(
                    "{$place} was built for another system library (libc) than this machine's: {$reason}. "
                    . 'Install the library that was built for this system (Alpine has musl, most '
                    . 'others glibc), or build it here.',
                );
            }
            $told[] = str_contains($reason, $place) ? $reason : "{$place}: {$reason}";
        }
        return LibraryNotUsable::of(
            'the justclick library was not found. Looked at: ' . implode('; ', $told)
            . '. Install it, or name its file by the environment variable JUSTCLICK_LIBRARY (for '
            . 'php-fpm by `env[JUSTCLICK_LIBRARY]=/path/libjustclick.so` in the pool\'s file).',
        );
    }

    private static function isOtherLibc(string $reason): bool
    {
        return preg_match('/libc\.musl|ld-linux|GLIBC_|invalid ELF header|wrong ELF class/', $reason) === 1;
    }

    private static function otherVersion(string $place, string $found): LibraryNotUsable
    {
        return LibraryNotUsable::of(
            self::path($place) . " is version {$found}; this package is version " . self::VERSION
            . ' with the interface ' . self::ABI_VERSION . '. Install the library of the same version.',
        );
    }

    /** Where the system found what has no path. */
    private static function path(string $place): string
    {
        $maps = str_contains($place, '/') ? '' : @file_get_contents('/proc/self/maps');
        $pattern = '~(/\S*/' . preg_quote($place, '~') . '\S*)$~m';
        return preg_match($pattern, (string) $maps, $found) === 1 ? $found[1] : $place;
    }

    private static function iniFile(): string
    {
        $file = php_ini_loaded_file();
        return $file === false ? 'php.ini' : $file;
    }
}
