<?php

declare(strict_types=1);

namespace JustClick\Exception;

/** The request may have arrived, and no answer came. Keep the lead, send it again later. */
final class OutcomeUnknown extends JustClickException
{
}
