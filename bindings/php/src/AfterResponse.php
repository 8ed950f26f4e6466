<?php

declare(strict_types=1);

namespace JustClick;

/**
 * Work that is done once the visitor has the page.
 *
 * @internal
 */
final class AfterResponse
{
    /** The functions that send the page and end the exchange, of php-fpm and LiteSpeed. */
    private const FINISHING = ['fastcgi_finish_request', 'litespeed_finish_request'];

    /**
     * Calls it at the end of the request, also after exit() and a fatal error. Whatever it throws or
     * warns of is dropped.
     *
     * @param \Closure(): void $work
     */
    public static function call(\Closure $work): void
    {
        // One that is registered at the end comes after those of the site, which may still write the page.
        register_shutdown_function(static function () use ($work): void {
            register_shutdown_function(static function () use ($work): void {
                self::finish($work);
            });
        });
    }

    /** @param \Closure(): void $work */
    private static function finish(\Closure $work): void
    {
        // A warning would go into the page.
        set_error_handler(static fn (): bool => true);
        $steps = in_array(PHP_SAPI, ['cli', 'phpdbg'], true)
            ? [$work]
            : [self::closeSession(...), self::sendPage(...), $work];
        foreach ($steps as $step) {
            try {
                $step();
            } catch (\Throwable) {
                // A host has switched a function off, or the site's output buffer has thrown.
            }
        }
        restore_error_handler();
    }

    /** Its lock would let the visitor's next request wait. */
    private static function closeSession(): void
    {
        if (function_exists('session_status') && session_status() === PHP_SESSION_ACTIVE) {
            session_write_close();
        }
    }

    private static function sendPage(): void
    {
        foreach (self::FINISHING as $finish) {
            if (function_exists($finish)) {
                $finish();
                return;
            }
        }
        ignore_user_abort(true);
        while (ob_get_level() > 0 && ob_end_flush()) {
            continue;
        }
        flush();
    }
}
