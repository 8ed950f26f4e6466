<?php

// A subscription form for browsers with and without scripts: it shows itself, keeps the contact who filled
// it in, and confirms that on a page of its own, so that a reload sends nothing twice.

declare(strict_types=1);

use JustClick\Exception\InvalidArgument;
use JustClick\Exception\JustClickException;
use JustClick\Outbox;

require __DIR__ . '/outbox.php';
require __DIR__ . '/visitor.php';
require __DIR__ . '/page.php';

/**
 * Keeps the contact.
 *
 * @param array<string, string> $visitor
 * @return string where the visitor goes then
 * @throws JustClickException
 */
function keep(array $visitor): string
{
    $outbox = outbox();
    $id = added($outbox, $visitor);
    $done = setting('JUSTCLICK_DONE');
    if ($done === null) {
        return 'form.php?kept=' . sealed($id);
    }
    $outbox->deliverAfterResponse();
    return $done;
}

/**
 * The marks count as long as they can be sent: what stands in a page's address keeps no contact away.
 *
 * @param array<string, string> $visitor
 * @throws JustClickException
 */
function added(Outbox $outbox, array $visitor): int
{
    $contact = site_fields() + by_service_names(FIELDS, $visitor) + ['lead_email' => ''];
    $marks = by_service_names(MARKS, $visitor);
    try {
        return $outbox->add($contact + $marks);
    } catch (InvalidArgument $why) {
        if ($marks === []) {
            throw $why;
        }
        return $outbox->add($contact);
    }
}

/** @param array<string, string> $visitor */
function subscribe(array $visitor): void
{
    if (($_SERVER['HTTP_SEC_FETCH_SITE'] ?? '') === 'cross-site') {
        form_page(403, $visitor, notice: 'This came from another site. Is it you? Then please send it from here.');
        return;
    }
    try {
        $place = keep($visitor);
    } catch (JustClickException $failure) {
        $wrong = $failure instanceof InvalidArgument ? named_field($failure->getMessage()) : null;
        if ($wrong !== null) {
            form_page(422, $visitor, $wrong);
            return;
        }
        // The message holds no data of the visitor's.
        error_log("justclick: {$failure->statusName}: {$failure->getMessage()}");
        form_page(503, $visitor, notice: 'We cannot take this at the moment, sorry. Please send it again later.');
        return;
    }
    header("Location: {$place}", true, 303);
}

/**
 * The contact is kept before the visitor comes here, and has the page before the service is asked: what the
 * service says comes behind it.
 */
function confirm(int $id): void
{
    header('X-Accel-Buffering: no');
    ignore_user_abort(true);
    page_begins(200, 'Thank you!');
    echo "<p>Your address is kept, and you will hear from us.</p>\n";
    while (ob_get_level() > 0 && ob_end_flush()) {
        continue;
    }
    flush();
    $word = word_of_the_service($id);
    if ($word !== '') {
        echo '<p role="status">', shown($word), "</p>\n";
    }
    page_ends();
}

/** Empty where it cannot be told now: the service is away, or another visitor's request asks it. */
function word_of_the_service(int $id): string
{
    try {
        $outbox = outbox();
        $outbox->deliverAfterResponse();
        // A lead in the spool has no number yet.
        $report = $id === 0 ? null : $outbox->deliver(id: $id, alone: true);
    } catch (JustClickException $failure) {
        error_log("justclick: {$failure->statusName}: {$failure->getMessage()}");
        return '';
    }
    $is_trouble = ($report['dead'] ?? 0) + ($report['later'] ?? 0) > 0;
    if ($is_trouble) {
        error_log("justclick: lead {$id}: {$report['dead']} dead, {$report['later']} to be tried again");
    }
    return match (true) {
        ($report['known'] ?? 0) > 0 => 'You are subscribed already.',
        ($report['dead'] ?? 0) > 0 => 'Something about it has to be looked at, and we will do that.',
        default => '',
    };
}

if (($_SERVER['REQUEST_METHOD'] ?? 'GET') === 'POST') {
    subscribe(visitor($_POST));
} elseif (($id = unsealed($_GET['kept'] ?? null)) !== null) {
    confirm($id);
} else {
    form_page(200, visitor($_GET));
}
