<?php

declare(strict_types=1);

namespace JustClick;

/** What became of a lead or another call, with the numbers of the C interface. */
enum Outcome: int
{
    /** The contact was added. */
    case Added = 1;

    /** The contact was added and has been sent a mail to confirm. */
    case ActivationSent = 2;

    /** The contact was in all of the groups before. */
    case AlreadyRegistered = 3;

    /** A function other than AddLeadToGroup has answered. */
    case Answered = 4;

    /** The service has the contact; a newer library said more than this package knows. */
    case Other = -1;
}
