<?php

declare(strict_types=1);

namespace JustClick\Exception;

/** The service answered no; getCode() and $text say why. The same lead will be refused again. */
final class Rejected extends JustClickException
{
}
