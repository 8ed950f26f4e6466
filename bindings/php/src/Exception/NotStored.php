<?php

declare(strict_types=1);

namespace JustClick\Exception;

use JustClick\Disposition;

/**
 * The outbox could not keep or read leads: the disk is full, a limit is reached, the file is damaged, locked
 * for too long, or not to be trusted.
 */
final class NotStored extends JustClickException
{
    /** @internal Of a database of the site's own, which the library does not know. */
    public static function of(string $message): self
    {
        return new self($message, -40, 'JC_NOT_STORED', Disposition::Later->value, true);
    }
}
