<?php

declare(strict_types=1);

namespace JustClick;

use JustClick\Exception\InvalidArgument;

/**
 * A caller's array as the names and strings that the library takes.
 *
 * @internal
 */
final class Fields
{
    /**
     * Writes nested arrays as PHP's forms do: `['rid' => ['a', 'b']]` is `rid[0]` and `rid[1]`.
     *
     * @param array<array-key, mixed> $fields
     * @return iterable<string, string|null> null for a field that is left out
     */
    public static function flat(#[\SensitiveParameter] array $fields): iterable
    {
        foreach ($fields as $name => $value) {
            if (!is_array($value)) {
                yield self::checkedName((string) $name) => self::text((string) $name, $value);
                continue;
            }
            if ($value === []) {
                // Nothing to send, but the library knows whether there is a field that takes a list.
                yield self::checkedName("{$name}[]") => null;
            }
            foreach ($value as $key => $member) {
                $full = self::checkedName("{$name}[{$key}]");
                yield $full => self::text($full, $member);
            }
        }
    }

    /** A single value; a float is refused, since a group such as 1578515091.9668659223 loses digits. */
    public static function text(string $name, #[\SensitiveParameter] mixed $value): ?string
    {
        return match (true) {
            $value === null, is_string($value) => $value,
            is_int($value) => (string) $value,
            is_bool($value) => $value ? '1' : '0',
            is_float($value) => throw InvalidArgument::of(
                self::shown($name) . ': a float loses digits; write it as a string',
            ),
            default => throw InvalidArgument::of(
                self::shown($name) . ': a string is needed, not ' . get_debug_type($value),
            ),
        };
    }

    /** C takes names up to the first NUL byte, so that one with a NUL byte would be another name. */
    public static function checkedName(string $name): string
    {
        if (str_contains($name, "\0")) {
            throw InvalidArgument::of(self::shown($name) . ': there is a NUL byte in the name');
        }
        return $name;
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
