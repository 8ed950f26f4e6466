<?php

declare(strict_types=1);

namespace JustClick\Exception;

/** The request did not arrive: no such host, no connection, refused. Keep the lead, send it later. */
final class Unreachable extends JustClickException
{
}
