<?php

declare(strict_types=1);

namespace JustClick;

use JustClick\Exception\InvalidArgument;

/**
 * A caller's values in the words of the library: arrays as JSON, single ones as text. The library
 * has the rules of what may be sent; here stands only what it could not see any more.
 *
 * @internal
 */
final class Values
{
    private const FLAGS = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_LINE_TERMINATORS
        | JSON_PRESERVE_ZERO_FRACTION;
    private const DEPTH = 32;

    /**
     * An array as a JSON object.
     *
     * @param array<array-key, mixed> $values
     * @throws InvalidArgument for what is neither null, bool, int, float, string nor array, since
     *     JSON would show all public properties of an object; and for what is no UTF-8
     */
    public static function json(#[\SensitiveParameter] array $values): string
    {
        self::refuseObjects($values);
        $flags = array_is_list($values) ? self::FLAGS | JSON_FORCE_OBJECT : self::FLAGS;
        $json = json_encode($values, $flags, self::DEPTH + 2);
        if ($json === false) {
            self::refuseWhatIsNoJson($values);
            throw InvalidArgument::of(json_last_error_msg());
        }
        return $json;
    }

    /** A single value; a float is refused, since a group such as 1578515091.9668659223 loses digits. */
    public static function text(string $name, #[\SensitiveParameter] mixed $value): ?string
    {
        return match (true) {
            $value === null, is_string($value) => $value,
            is_int($value) => (string) $value,
            is_bool($value) => $value ? '1' : '0',
            is_float($value) => throw self::float($name, $value),
            default => throw self::otherType($name, $value),
        };
    }

    /** C takes names up to the first NUL byte, so that one with a NUL byte would be another name. */
    public static function nulInName(string $name): InvalidArgument
    {
        return InvalidArgument::of(self::shown($name) . ': there is a NUL byte in the name');
    }

    /** What to say where the library, or JSON, found other bytes than UTF-8. */
    public static function withConversion(string $message): string
    {
        return "{$message}. Where the site is in windows-1251, send "
            . "mb_convert_encoding(\$value, 'UTF-8', 'Windows-1251')";
    }

    /** @param array<array-key, mixed> $values */
    private static function refuseObjects(
        #[\SensitiveParameter] array $values,
        string $within = '',
        int $depth = self::DEPTH,
    ): void {
        foreach ($values as $name => $value) {
            if (is_scalar($value) || $value === null) {
                continue;
            }
            $full = $within === '' ? (string) $name : "{$within}[{$name}]";
            if (!is_array($value)) {
                throw self::otherType($full, $value);
            }
            if ($depth === 0) {
                throw InvalidArgument::of(self::shown($full) . ': arrays are nested too deeply');
            }
            self::refuseObjects($value, $full, $depth - 1);
        }
    }

    /** @param array<array-key, mixed> $values */
    private static function refuseWhatIsNoJson(#[\SensitiveParameter] array $values, string $within = ''): void
    {
        foreach ($values as $name => $value) {
            $full = $within === '' ? (string) $name : "{$within}[{$name}]";
            if (!self::isUtf8((string) $name)) {
                throw InvalidArgument::of(self::withConversion(self::shown($full) . ': the name is not valid UTF-8'));
            }
            if (is_array($value)) {
                self::refuseWhatIsNoJson($value, $full);
            } elseif (is_float($value) && !is_finite($value)) {
                throw self::float($full, $value);
            } elseif (is_string($value) && !self::isUtf8($value)) {
                $message = self::shown($full) . ': byte ' . self::badByte($value) . ' is not valid UTF-8';
                throw InvalidArgument::of(self::withConversion($message));
            }
        }
    }

    private static function float(string $name, float $value): InvalidArgument
    {
        return InvalidArgument::of(self::shown($name) . (is_finite($value)
            ? ': a number with a fraction or an exponent loses digits; write it as a string'
            : ': ' . var_export($value, true) . ' is no value that can be sent'));
    }

    private static function otherType(string $name, #[\SensitiveParameter] mixed $value): InvalidArgument
    {
        return InvalidArgument::of(self::shown($name) . ': a string is needed, not ' . get_debug_type($value));
    }

    private static function isUtf8(#[\SensitiveParameter] string $text): bool
    {
        return json_encode($text) !== false;
    }

    /** Where the text first differs from its copy with U+FFFD in place of what is no UTF-8. */
    private static function badByte(#[\SensitiveParameter] string $text): int
    {
        $mended = (string) json_decode((string) json_encode($text, JSON_INVALID_UTF8_SUBSTITUTE));
        $at = strspn($text ^ $mended, "\0");
        while ((ord($mended[$at]) & 0xC0) === 0x80) {
            $at--;
        }
        return $at;
    }

    /** Messages are UTF-8, whatever a name is, so that they may go into JSON. */
    private static function shown(string $name): string
    {
        if (preg_match('/^.{0,64}/su', $name, $start) === 1) {
            return addcslashes($start[0], "\0..\37\177");
        }
        return addcslashes(substr($name, 0, 64), "\0..\37\177..\377");
    }
}
