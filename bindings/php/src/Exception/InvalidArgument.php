<?php

declare(strict_types=1);

namespace JustClick\Exception;

use JustClick\Disposition;

/** An argument breaks a rule, or there is no such field or setting; nothing was sent. */
final class InvalidArgument extends JustClickException
{
    /** @internal A value that cannot even be handed to the library. */
    public static function of(string $message): self
    {
        return new self($message, -1, 'JC_INVALID_ARGUMENT', Disposition::Refused->value);
    }
}
