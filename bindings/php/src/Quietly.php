<?php

declare(strict_types=1);

namespace JustClick;

/** @internal */
final class Quietly
{
    /**
     * Looks without a warning, which a site's error handler may make an exception of. Null as well
     * where the host has switched off what it takes.
     *
     * @template T
     * @param callable(): T $look
     * @return T|null
     */
    public static function look(callable $look): mixed
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
