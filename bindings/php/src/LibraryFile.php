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

    /** The numbers of machines in ELF files. */
    private const MACHINES = [
        3 => 'i386', 20 => 'ppc', 21 => 'ppc64', 22 => 's390x', 40 => 'arm', 62 => 'x86_64', 183 => 'aarch64',
        243 => 'riscv64', 258 => 'loongarch64',
    ];

    /**
     * What can be seen before the file is loaded; null where that is nothing, as where PHP must
     * not read it (open_basedir).
     */
    public static function fault(string $path): ?string
    {
        return self::quietly(static function () use ($path): ?string {
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
                return self::faultOf($file);
            } finally {
                fclose($file);
            }
        });
    }

    /** What the words of the system's loader mean, and what to do. */
    public static function reason(string $place, string $words): string
    {
        return match (true) {
            str_contains($words, 'Permission denied')
                => 'exists, but this user may not read it: ' . self::user() . ' needs the right to read the file and '
                . 'to enter each folder above it.',
            str_contains($words, 'failed to map segment')
                => 'exists, but the system runs no code from there: most often the mount has the option noexec. '
                . 'Put it elsewhere, as into /usr/local/lib.',
            preg_match('/GLIBC_[\d.]+/', $words, $needed) === 1
                => "exists, but needs a newer system library ({$needed[0]}) than this machine's. Install the library "
                . 'that was built for this system, or build it here.',
            preg_match('/libc\.musl|ld-musl|ld-linux|Error relocating/', $words) === 1
                => "exists, but was built for another system library (libc) than this machine's: {$words}. Install "
                . 'the library that was built for this system (Alpine has musl, most others glibc), or build it here.',
            str_contains($words, 'No such file') && !str_contains($place, '/') => self::elsewhere($place),
            str_contains($words, 'No such file') && str_starts_with($words, "{$place}:") => self::MISSING,
            default => "exists, but cannot be loaded: {$words}.",
        };
    }

    /** Where the system found what has no path. */
    public static function mapped(string $place): string
    {
        if (str_contains($place, '/')) {
            return $place;
        }
        $maps = self::quietly(static fn (): string => (string) file_get_contents('/proc/self/maps'));
        $pattern = '~(/\S*/' . preg_quote($place, '~') . '\S*)$~m';
        return preg_match($pattern, (string) $maps, $found) === 1 ? $found[1] : $place;
    }

    /** What the loader passed over, or was not told of. */
    private static function elsewhere(string $name): string
    {
        $named = function_exists('getenv') ? (string) getenv('LD_LIBRARY_PATH') : '';
        $searched = array_filter(explode(':', $named));
        foreach ([...$searched, ...self::FOLDERS, '/usr/lib/' . php_uname('m') . '-linux-gnu'] as $folder) {
            $path = "{$folder}/{$name}";
            if (self::quietly(static fn (): bool => is_file($path)) === true) {
                $fault = self::fault($path);
                return $fault === null
                    ? "is in {$folder}, but the system's loader does not know of it: run `ldconfig` as root."
                    : "{$path} {$fault}";
            }
        }
        return self::MISSING;
    }

    /** @param resource $file */
    private static function faultOf($file): ?string
    {
        $size = (int) (fstat($file)['size'] ?? 0);
        $head = (string) fread($file, 64);
        if (!str_starts_with($head, "\x7fELF")) {
            return 'exists, but is no shared library' . ($size === 0 ? ': it is empty.' : '.');
        }
        if (strlen($head) < 64) {
            return "exists, but is cut off after {$size} bytes. Copy it again.";
        }
        $own = self::ownHead();
        if (substr($head, 4, 2) !== substr($own, 4, 2) || substr($head, 18, 2) !== substr($own, 18, 2)) {
            return 'exists, but is for another machine: it is for ' . self::machine($head) . ', and this PHP for '
                . self::machine($own) . '. Install the library that was built for this machine, or build it here.';
        }
        $end = self::end($file, $head);
        if ($size < $end) {
            return "exists, but is cut off: it has {$size} bytes of {$end}. Copy it again.";
        }
        return null;
    }

    /**
     * Where the file ends by its own account: after its last section or segment.
     *
     * @param resource $file
     */
    private static function end($file, string $head): int
    {
        [$places, $sizes, $segment] = PHP_INT_SIZE === 8
            ? ['@32/Qsegments/Qsections', '@54/vsize/vcount/vsection/vmany', '@8/Qoffset/@32/Qsize']
            : ['@28/Vsegments/Vsections', '@42/vsize/vcount/vsection/vmany', '@4/Voffset/@16/Vsize'];
        if (ord($head[5]) === 2) {
            [$places, $sizes, $segment] = str_replace(['Q', 'V', 'v'], ['J', 'N', 'n'], [$places, $sizes, $segment]);
        }
        /** @var array{segments: int, sections: int, size: int, count: int, section: int, many: int} $at */
        $at = (array) unpack($places, $head) + (array) unpack($sizes, $head);
        $end = $at['sections'] + $at['section'] * $at['many'];
        fseek($file, $at['segments']);
        foreach (str_split((string) fread($file, max(1, $at['size'] * $at['count'])), max(1, $at['size'])) as $entry) {
            /** @var array{offset: int, size: int} $one */
            $one = strlen($entry) === $at['size'] ? (array) unpack($segment, $entry) : ['offset' => 0, 'size' => 0];
            $end = max($end, $one['offset'] + $one['size']);
        }
        return max($end, $at['segments'] + $at['size'] * $at['count']);
    }

    /** How an ELF file for this PHP begins. */
    private static function ownHead(): string
    {
        $head = self::quietly(static fn (): string => (string) file_get_contents('/proc/self/exe', false, null, 0, 64));
        if (is_string($head) && strlen($head) === 64) {
            return $head;
        }
        // PHP must not look at itself (open_basedir).
        $machine = array_search(php_uname('m'), self::MACHINES, true) ?: 62;
        $order = pack('S', 1) === "\x01\x00" ? 1 : 2;
        return pack('a4CCx12v', "\x7fELF", PHP_INT_SIZE === 8 ? 2 : 1, $order, $machine);
    }

    private static function machine(string $head): string
    {
        /** @var array{1: int} $numbers */
        $numbers = unpack(ord($head[5]) === 2 ? 'n' : 'v', $head, 18);
        $bits = ord($head[4]) === 2 ? '64 bits' : '32 bits';
        return (self::MACHINES[$numbers[1]] ?? "machine {$numbers[1]}") . ", {$bits}";
    }

    private static function user(): string
    {
        $entry = function_exists('posix_geteuid') ? posix_getpwuid(posix_geteuid()) : false;
        return is_array($entry) ? $entry['name'] : "PHP's user";
    }

    /**
     * Looks without a warning, which a site's error handler may make an exception of. Null as well
     * where the host has switched off what it takes.
     *
     * @template T
     * @param callable(): T $look
     * @return T|null
     */
    private static function quietly(callable $look): mixed
    {
        set_error_handler(static fn (): bool => true);
        try {
            return $look();
        } catch (\Error) {
            return null;
        } finally {
            restore_error_handler();
        }
    }
}
