<?php

declare(strict_types=1);

namespace JustClick;

use FFI;
use FFI\CData;
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

    private const VERSIONS = 'const char *jc_version(void); uint32_t jc_abi_version(void);';
    private const GLIBC = 'const char *gnu_get_libc_version(void);';
    private const DLOPEN = 'void *dlopen(const char *path, int mode); char *dlerror(void);';
    private const RTLD_LAZY = 1;

    /** @throws LibraryNotUsable whatever goes wrong, also where a site's error handler throws */
    public static function load(): FFI
    {
        try {
            if (!extension_loaded('ffi')) {
                throw LibraryNotUsable::of(FfiAdvice::here()->extensionMissing());
            }
            $platform = Platform::here(self::isGlibc() ? 'gnu' : 'musl');
            return self::firstOf(self::places($platform), $platform);
        } catch (LibraryNotUsable $failure) {
            throw $failure;
        } catch (\Throwable $failure) {
            $what = $failure::class . ": {$failure->getMessage()}";
            throw LibraryNotUsable::of("the justclick library cannot be loaded: {$what}");
        }
    }

    /**
     * A place that was named is the only one; else what somebody put into the package, what it came
     * with, and the system's.
     *
     * @return non-empty-list<string>
     */
    private static function places(Platform $platform): array
    {
        // Some hosts switch getenv off; PHP copies the environment to $_SERVER as well.
        $named = function_exists('getenv')
            ? getenv('JUSTCLICK_LIBRARY')
            : $_SERVER['JUSTCLICK_LIBRARY'] ?? null;
        if (is_string($named) && $named !== '') {
            return [$named];
        }
        $folder = self::folder();
        $file = $platform->file();
        return ["{$folder}/{$file}", "{$folder}/{$platform->name()}/{$file}", $platform->installed()];
    }

    /** @param non-empty-list<string> $places */
    private static function firstOf(array $places, Platform $platform): FFI
    {
        $failures = [];
        foreach ($places as $place) {
            // A file that is cut off can be mapped, and then ends PHP by a signal.
            $fault = str_contains($place, '/') ? LibraryFile::fault($place, $platform) : null;
            $versions = $fault === null ? self::tryOpen(self::VERSIONS, $place) : null;
            if ($versions !== null) {
                return self::open($place, $versions);
            }
            $failures[$place] = $fault ?? self::reason($place, $platform);
        }
        throw self::notLoaded($failures, $platform);
    }

    /** Null where the library cannot be loaded; PHP does not say why. */
    private static function tryOpen(string $declarations, string $place): ?FFI
    {
        try {
            return FFI::cdef($declarations, $place);
        } catch (FFI\Exception $failure) {
            if (str_contains($failure->getMessage(), 'resolving')) {
                throw LibraryNotUsable::of("{$place} is not the justclick library: {$failure->getMessage()}");
            }
            return null;
        }
    }

    /** The versions come first: in an older library a function may be missing. */
    private static function open(string $place, FFI $versions): FFI
    {
        /** @var Functions $functions */
        $functions = $versions;
        $found = $functions->jc_version();
        $interface = $functions->jc_abi_version();
        if ($interface !== self::ABI_VERSION) {
            throw self::otherVersion($place, "{$found} with the interface {$interface}");
        }
        try {
            return FFI::cdef(Header::DECLARATIONS, $place);
        } catch (FFI\Exception $failure) {
            throw self::otherVersion($place, "{$found}, which is too old: {$failure->getMessage()}");
        }
    }

    private static function reason(string $place, Platform $platform): string
    {
        return $platform->tellsReasons()
            ? LibraryFile::reason($place, self::systemsReason($place), $platform)
            : LibraryFile::unexplained($place, $platform);
    }

    /** What the system's loader says of a library that it does not open. */
    private static function systemsReason(string $place): string
    {
        $system = FFI::cdef(self::DLOPEN);
        // @mago-expect analysis:non-existent-method - declared in DLOPEN
        $system->dlopen($place, self::RTLD_LAZY);
        /** @var ?CData $reason */
        $reason = $system->dlerror(); // @mago-expect analysis:non-existent-method - declared in DLOPEN
        return $reason === null ? 'no reason was given' : FFI::string($reason);
    }

    /** @param array<string, string> $failures what is to be said of each place */
    private static function notLoaded(array $failures, Platform $platform): LibraryNotUsable
    {
        $found = array_filter($failures, static fn (string $reason): bool => $reason !== LibraryFile::MISSING);
        if ($found !== []) {
            $tell = static fn (string $place, string $reason): string => "{$place} {$reason}";
            $told = array_map($tell, array_keys($found), array_values($found));
            return LibraryNotUsable::of('the justclick library cannot be loaded. ' . implode(' ', $told));
        }
        // The system's loader says of a file for another machine that there is none.
        $hidden = (string) ini_get('open_basedir') === '' ? '' : ' (open_basedir keeps PHP from looking there '
            . 'itself, so a file that was built for another machine looks like none)';
        $file = $platform->file();
        return LibraryNotUsable::of(
            'the justclick library was not found. Looked for: ' . implode(', ', array_keys($failures)) . $hidden
            . ". This PHP is {$platform->name()}" . self::others() . '. Install the library, or name its file by the '
            . "environment variable JUSTCLICK_LIBRARY (for php-fpm by `env[JUSTCLICK_LIBRARY]=/path/{$file}` in the "
            . "pool's file, for cron by `JUSTCLICK_LIBRARY=/path/{$file}` in the crontab).",
        );
    }

    /** What the package has for others. */
    private static function others(): string
    {
        /** @var list<string> $names */
        $names = Quietly::look(static fn (): mixed => scandir(self::folder())) ?: [];
        $others = [];
        foreach ($names as $name) {
            $path = self::folder() . "/{$name}";
            if ($name[0] !== '.' && Quietly::look(static fn (): bool => is_dir($path)) === true) {
                $others[] = $name;
            }
        }
        return $others === [] ? '' : ', and the package has the library for ' . implode(', ', $others);
    }

    private static function folder(): string
    {
        return dirname(__DIR__) . '/lib';
    }

    /** The first call of FFI, so that it meets what forbids all of them. */
    private static function isGlibc(): bool
    {
        try {
            FFI::cdef(self::GLIBC);
            return true;
        } catch (FFI\Exception $failure) {
            if (str_contains($failure->getMessage(), 'ffi.enable')) {
                throw LibraryNotUsable::of(FfiAdvice::here()->notAllowed());
            }
            return false;
        }
    }

    private static function otherVersion(string $place, string $found): LibraryNotUsable
    {
        return LibraryNotUsable::of(
            LibraryFile::mapped($place) . " is version {$found}; this package is version " . self::VERSION
            . ' with the interface ' . self::ABI_VERSION . '. Install the library of the same version.',
        );
    }
}
