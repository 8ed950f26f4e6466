<?php

declare(strict_types=1);

namespace JustClick\Exception;

/**
 * The outbox could not keep or read leads: the disk is full, a limit is reached, the file is damaged, locked
 * for too long, or not to be trusted.
 */
final class NotStored extends JustClickException
{
}
