<?php

// A subscription form: shows itself, and keeps the contact who filled it in. The contact is sent when
// the visitor has the page.

declare(strict_types=1);

use JustClick\Exception\InvalidArgument;
use JustClick\Exception\JustClickException;
use JustClick\Lead;

require __DIR__ . '/outbox.php';

/** @return array{int, string, string} the HTTP status, the page's title and its text */
function subscribe(string $name, string $email): array
{
    try {
        $outbox = outbox();
        try {
            $outbox->add(new Lead($email, [setting('JUSTCLICK_GROUP') ?? 'super'], name: $name));
        } catch (InvalidArgument) {
            return [422, 'Please check your entries', 'The address or the name cannot be right.'];
        }
        $outbox->deliverAfterResponse();
        return [200, 'Thank you!', 'You will hear from us.'];
    } catch (JustClickException $failure) {
        // The message holds no data of the visitor's.
        error_log("justclick: {$failure->statusName}: {$failure->getMessage()}");
        return [503, 'Not now, sorry', 'We cannot take subscriptions at the moment. Please try again later.'];
    }
}

function shown(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}

/** What was sent by this name; '' for what is no single value. */
function sent(string $name): string
{
    $value = $_POST[$name] ?? '';
    return is_string($value) ? $value : '';
}

$is_sent = ($_SERVER['REQUEST_METHOD'] ?? 'GET') === 'POST';
[$status, $title, $text] = $is_sent
    ? subscribe(sent('name'), sent('email'))
    : [200, 'Our news by mail', 'Once a month, and no more.'];
http_response_code($status);
header('Content-Type: text/html; charset=utf-8');
?>
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title><?= shown($title) ?></title>
<style>
body { font: 1.1em/1.5 sans-serif; max-width: 30em; margin: 3em auto; padding: 0 1em }
label { display: block }
</style>
</head>
<body>
<h1><?= shown($title) ?></h1>
<p><?= shown($text) ?></p>
<?php if ($status !== 200 || !$is_sent) : ?>
<form method="post">
<p><label>Name <input name="name" autocomplete="name" value="<?= shown(sent('name')) ?>"></label></p>
<p><label>E-mail <input name="email" type="email" autocomplete="email" required
    value="<?= shown(sent('email')) ?>"></label></p>
<p><button>Subscribe</button></p>
</form>
<?php endif ?>
</body>
</html>
