<?php

declare(strict_types=1);

namespace JustClick;

/**
 * What is wrong with a file that should be the library.
 *
 * @internal
 */
final class LibraryFile
{
    /** The reason of a place where nothing is. */
    public const MISSING = 'is not there';

    /** Where libraries are installed, whether or not the system's loader knows. */
    private const FOLDERS = ['/usr/local/lib', '/usr/local/lib64', '/usr/lib', '/usr/lib64', '/lib'];

    /**
     * What can be seen before the file is loaded; null where that is nothing, as where PHP must
     * not read it (open_basedir).
     */
    public static function fault(string $path, Platform $platform): ?string
    {
        return Quietly::look(static function () use ($path, $platform): ?string {
            if (!file_exists($path)) {
                return null;
            }
            if (!is_file($path)) {
                return 'exists, but is no file.';
            }
            $file = fopen($path, 'rb');
            if ($file === false) {
                return null;
            }
            try {
                return $platform->hasElfFiles() ? self::faultOf($file, $platform) : null;
            } finally {
                fclose($file);
            }
        });
    }

    /** What the words of the system's loader mean, and what to do. */
    public static function reason(string $place, string $words, Platform $platform): string
    {
        return match (true) {
            str_contains($words, 'Permission denied')
                => 'exists, but this user may not read it: ' . self::user() . ' needs the right to read the file and '
                . 'to enter each folder above it.',
            preg_match('/failed to map segment|Operation not permitted/', $words) === 1
                => 'exists, but the system runs no code from there: most often the mount has the option noexec. '
                . 'Put it elsewhere, as into /usr/local/lib.',
            preg_match('/GLIBC_[\d.]+/', $words, $needed) === 1
                => "exists, but needs a newer system library ({$needed[0]}) than this machine's. Install the library "
                . 'that was built for this system, or build it here.',
            preg_match('/libc\.musl|\blibc\.so:|ld-musl|ld-linux|Error relocating/', $words) === 1
                => self::otherLibc($words),
            str_contains($words, 'No such file') && !str_contains($place, '/') => self::elsewhere($place, $platform),
            self::isMissing($place, $words) => self::MISSING,
            default => "exists, but cannot be loaded: {$words}.",
        };
    }

    /** What is known where the system's loader says nothing. */
    public static function unexplained(string $place, Platform $platform): string
    {
        return Quietly::look(static fn (): bool => file_exists($place)) === true
            ? "exists, but cannot be loaded: it must be the library for {$platform->name()}, and this user must be "
            . 'able to read it.'
            : self::MISSING;
    }

    /** In the words of glibc's loader and of musl's; another library may be what is missing. */
    private static function isMissing(string $place, string $words): bool
    {
        return str_contains($words, 'No such file') && !str_contains($words, '(needed by ')
            && (str_starts_with($words, "{$place}:") || str_contains($words, " {$place}: No such file"));
    }

    /** Where the system found what has no path. */
    public static function mapped(string $place): string
    {
        if (str_contains($place, '/')) {
            return $place;
        }
        $maps = Quietly::look(static fn (): string => (string) file_get_contents('/proc/self/maps'));
        $pattern = '~(/\S*/' . preg_quote($place, '~') . '\S*)$~m';
        return preg_match($pattern, (string) $maps, $found) === 1 ? $found[1] : $place;
    }

    /** What the loader passed over, or was not told of. */
    private static function elsewhere(string $name, Platform $platform): string
    {
        $named = function_exists('getenv') ? (string) getenv('LD_LIBRARY_PATH') : '';
        $searched = array_filter(explode(':', $named));
        foreach ([...$searched, ...self::FOLDERS, "/usr/lib/{$platform->name()}"] as $folder) {
            $path = "{$folder}/{$name}";
            if (Quietly::look(static fn (): bool => is_file($path)) === true) {
                $fault = self::fault($path, $platform);
                return $fault === null
                    ? "is in {$folder}, but the system's loader does not know of it: run `ldconfig` as root."
                    : "{$path} {$fault}";
            }
        }
        return self::MISSING;
    }

    /** @param resource $file */
    private static function faultOf($file, Platform $platform): ?string
    {
        $size = (int) (fstat($file)['size'] ?? 0);
        $elf = ElfFile::of($file);
        if ($elf === null) {
            rewind($file);
            return fread($file, 4) === "\x7fELF"
                ? "exists, but is cut off after {$size} bytes. Copy it again."
                : 'exists, but is no shared library' . ($size === 0 ? ': it is empty.' : '.');
        }
        $own = "{$platform->machine}, {$platform->bits} bits";
        $its = "{$elf->machine()}, {$elf->bits()} bits";
        if ($its !== $own && $platform->machine !== Platform::UNKNOWN) {
            return "exists, but is for another machine: it is for {$its}, and this PHP for {$own}. Install the library "
                . 'that was built for this machine, or build it here.';
        }
        $end = $elf->end();
        if ($size < $end) {
            return "exists, but is cut off: it has {$size} bytes of {$end}. Copy it again.";
        }
        $libc = $elf->libc();
        return $libc === '' || $libc === $platform->libc
            ? null
            : self::otherLibc("it needs {$libc}, and this PHP runs with {$platform->libc}");
    }

    private static function otherLibc(string $why): string
    {
        return "exists, but was built for another system library (libc) than this machine's: {$why}. Install the "
            . 'library that was built for this system (Alpine has musl, most others glibc), or build it here.';
    }

    private static function user(): string
    {
        $entry = function_exists('posix_geteuid') ? posix_getpwuid(posix_geteuid()) : false;
        return is_array($entry) ? $entry['name'] : "PHP's user";
    }
}
