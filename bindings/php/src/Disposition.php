<?php

declare(strict_types=1);

namespace JustClick;

/** What to do with a lead after a call, with the numbers of the C interface. */
enum Disposition: int
{
    /** Nothing: the service has the contact. Of a DeleteSubscribe that is rejected: it was not in the group. */
    case Done = 1;

    /** The service refuses this lead and this lead alone. Sending it again will not help. */
    case Refused = 2;

    /** Send it again later, not before the wait that the failure names. */
    case Later = 3;

    /** The account or the set-up has to be mended first; the lead is good. */
    case Hold = 4;

    /** Whether a program must not lose the lead: it has to be sent again. */
    public function keepsLead(): bool
    {
        return $this === self::Later || $this === self::Hold;
    }
}
