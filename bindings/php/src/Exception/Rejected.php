<?php

declare(strict_types=1);

namespace JustClick\Exception;

/** The service answered no; getCode() and $text say why, and disposition() whether it is this lead's fault. */
final class Rejected extends JustClickException
{
}
