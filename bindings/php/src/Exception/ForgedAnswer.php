<?php

declare(strict_types=1);

namespace JustClick\Exception;

/** An answer that was not written by somebody who knows the secret. */
final class ForgedAnswer extends JustClickException
{
}
