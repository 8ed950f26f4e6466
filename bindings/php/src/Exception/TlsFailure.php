<?php

declare(strict_types=1);

namespace JustClick\Exception;

/** The peer could not prove that it is who it should be. */
final class TlsFailure extends JustClickException
{
}
