<?php

declare(strict_types=1);

namespace JustClick;

/** A contact's status in a group. */
enum Subscription: string
{
    /** The contact has yet to confirm. */
    case Waiting = 'STATUS_WAIT';

    case Subscribed = 'STATUS_SUBSCRIBE';

    case Unsubscribed = 'STATUS_UNSUBSCRIBE';

    /** The service has unsubscribed the contact. */
    case UnsubscribedByService = 'STATUS_UNSUBSCRIBE_BY_SERVICE';

    /** The address does not exist. */
    case InvalidEmail = 'STATUS_INVALID_EMAIL';

    /** The service said what this package does not know. */
    case Other = '';
}
