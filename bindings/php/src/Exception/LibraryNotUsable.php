<?php

declare(strict_types=1);

namespace JustClick\Exception;

use JustClick\Disposition;

/** The library cannot be used here; the message says why, and which line to put where. */
final class LibraryNotUsable extends JustClickException
{
    /** @internal */
    public static function of(string $message): self
    {
        return new self($message, 0, 'LIBRARY_NOT_USABLE', Disposition::Hold->value);
    }
}
