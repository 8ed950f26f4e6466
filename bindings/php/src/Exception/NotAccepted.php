<?php

declare(strict_types=1);

namespace JustClick\Exception;

/** The service does not accept the username and secret: compare both with the account's settings. */
final class NotAccepted extends JustClickException
{
}
