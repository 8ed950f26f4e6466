<?php

declare(strict_types=1);

namespace JustClick\Exception;

/** An answer that is not the API's, not the promised JSON, or too large. */
final class BadAnswer extends JustClickException
{
}
