<?php

// A subscription form: shows itself, and adds the contact who filled it in.

declare(strict_types=1);

use JustClick\Client;
use JustClick\Exception\InvalidArgument;
use JustClick\Exception\JustClickException;
use JustClick\Lead;
use JustClick\Outcome;

require __DIR__ . '/vendor/autoload.php';

/** A setting of the site, from php-fpm's pool file (env[…]) or the web server. */
function setting(string $name): ?string
{
    $value = getenv($name);
    return $value === false || $value === '' ? null : $value;
}

/** @return array{int, string, string} the HTTP status, the page's title and its text */
function subscribe(string $name, string $email): array
{
    try {
        $client = new Client((string) setting('JUSTCLICK_USERNAME'), (string) setting('JUSTCLICK_SECRET'), [
            'base_url' => setting('JUSTCLICK_BASE_URL'),
            'ca_file' => setting('JUSTCLICK_CA_FILE'),
            'timeout_ms' => 5000, // A visitor waits for it.
        ]);
        $lead = new Lead($email, [setting('JUSTCLICK_GROUP') ?? 'super'], name: $name);
        if (!is_valid($client, $lead)) {
            return [422, 'Please check your entries', 'The address or the name cannot be right.'];
        }
        return match ($client->addLead($lead)->outcome) {
            Outcome::AlreadyRegistered => [200, 'You are subscribed already', 'We have your address.'],
            Outcome::ActivationSent => [200, 'Thank you!', 'Please confirm by the mail we have just sent you.'],
            default => [200, 'Thank you!', 'You are subscribed.'],
        };
    } catch (JustClickException $failure) {
        // The message holds no data of the visitor's.
        error_log("justclick: {$failure->statusName}: {$failure->getMessage()}");
        if ($failure->disposition()->keepsLead() && keep($name, $email)) {
            return [200, 'Thank you!', 'You will be subscribed soon.'];
        }
        return [503, 'Not now, sorry', 'We cannot take subscriptions at the moment. Please try again later.'];
    }
}

/** Writes the lead into a file, from which send_kept.php sends it later. */
function keep(string $name, string $email): bool
{
    $file = setting('JUSTCLICK_KEPT');
    $lead = ['rid' => [setting('JUSTCLICK_GROUP') ?? 'super'], 'lead_name' => $name, 'lead_email' => $email];
    $line = json_encode($lead, JSON_INVALID_UTF8_SUBSTITUTE) . "\n";
    return $file !== null && file_put_contents($file, $line, FILE_APPEND | LOCK_EX) === strlen($line);
}

/** Tells what the visitor can correct from what the site's settings have wrong. */
function is_valid(Client $client, Lead $lead): bool
{
    try {
        $client->sign($lead);
        return true;
    } catch (InvalidArgument) {
        return false;
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
