<?php

declare(strict_types=1);

namespace JustClick\Exception;

/** A fault of the library was caught. Please report it. */
final class InternalFault extends JustClickException
{
}
