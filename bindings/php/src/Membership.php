<?php

declare(strict_types=1);

namespace JustClick;

/** How a contact stands in a group. */
final class Membership
{
    /** @internal */
    public function __construct(
        public readonly Group $group,
        public readonly Subscription $status,
        /** When the contact was subscribed, as the service writes it. */
        public readonly ?string $subscribedAt,
    ) {
    }
}
