<?php

declare(strict_types=1);

namespace JustClick;

use JustClick\Exception\BadAnswer;
use JustClick\Exception\Failure;

/**
 * The member "result" of the contact functions' answers, typed. The answer's hash does not cover it.
 *
 * @internal
 */
final class Contacts
{
    /** @return list<Group> */
    public static function groups(Result $result): array
    {
        return array_map(self::group(...), self::rows($result));
    }

    /** @return list<Membership> */
    public static function memberships(Result $result): array
    {
        return array_map(self::membership(...), self::rows($result));
    }

    public static function number(Result $result): int
    {
        $value = $result->value();
        if (is_int($value) && $value >= 0 || is_string($value) && preg_match('/^\d{1,18}$/', $value) === 1) {
            return (int) $value;
        }
        throw self::unexpected('it is no number');
    }

    /**
     * The service writes no rows at all as null.
     *
     * @return list<array<array-key, mixed>>
     */
    private static function rows(Result $result): array
    {
        $rows = $result->value() ?? [];
        if (!is_array($rows) || !array_is_list($rows)) {
            throw self::unexpected('it is no list');
        }
        foreach ($rows as $row) {
            is_array($row) || throw self::unexpected('a row of it has no members');
        }
        /** @var list<array<array-key, mixed>> $rows */
        return $rows;
    }

    /** @param array<array-key, mixed> $row */
    private static function group(array $row): Group
    {
        return new Group(self::text($row, 'rass_name'), self::text($row, 'rass_title'));
    }

    /** @param array<array-key, mixed> $row */
    private static function membership(array $row): Membership
    {
        return new Membership(
            self::group($row),
            Subscription::tryFrom(self::text($row, 'rass_status')) ?? Subscription::Other,
            isset($row['subscription_time']) ? self::text($row, 'subscription_time') : null,
        );
    }

    /**
     * PHP writes a number where it has one, so both are read.
     *
     * @param array<array-key, mixed> $row
     */
    private static function text(array $row, string $name): string
    {
        $value = $row[$name] ?? null;
        if (!is_string($value) && !is_int($value)) {
            throw self::unexpected("a row of it lacks {$name}, or has one of another type");
        }
        return (string) $value;
    }

    private static function unexpected(string $reason): BadAnswer
    {
        $failure = Failure::exception(
            "the answer's result is not as the API documents it: {$reason}",
            'JC_BAD_RESPONSE',
            true,
            ['status' => -31, 'disposition' => Disposition::Later->value, 'may_have_arrived' => true],
        );
        assert($failure instanceof BadAnswer);
        return $failure;
    }
}
