<?php

declare(strict_types=1);

namespace JustClick;

/** A group of the account. */
final class Group
{
    /** @internal */
    public function __construct(
        /** Its symbolic identifier, as addLead() takes it. */
        public readonly string $name,
        /** Its title for people. */
        public readonly string $title,
    ) {
    }
}
