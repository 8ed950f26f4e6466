<?php

// The form's pages as HTML. Every value is escaped where it is written.

declare(strict_types=1);

/** @var array<string, array{label: string, type: string, autocomplete: string, wrong: string}> */
const INPUTS = [
    'name' => ['label' => 'Name', 'type' => 'text', 'autocomplete' => 'name', 'wrong' => 'Please write it anew.'],
    'email' => [
        'label' => 'E-mail (needed)',
        'type' => 'email',
        'autocomplete' => 'email',
        'wrong' => 'Please write an address such as name@example.com.',
    ],
    'phone' => ['label' => 'Telephone', 'type' => 'tel', 'autocomplete' => 'tel', 'wrong' => 'Please write it anew.'],
    'city' => [
        'label' => 'City',
        'type' => 'text',
        'autocomplete' => 'address-level2',
        'wrong' => 'Please write it anew.',
    ],
];

function shown(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE | ENT_DISALLOWED | ENT_HTML5, 'UTF-8');
}

function page_begins(int $status, string $title, string $before_title = ''): void
{
    http_response_code($status);
    header('Content-Type: text/html; charset=utf-8');
    header("Content-Security-Policy: default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'self'");
    header('X-Content-Type-Options: nosniff');
    header('Cache-Control: no-store');
    ?>
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title><?= shown($before_title . $title) ?></title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<main>
<h1><?= shown($title) ?></h1>
    <?php
}

function page_ends(): void
{
    echo "</main>\n</body>\n</html>\n";
}

/**
 * The form with what is known of the visitor, and with a word beside the field that is wrong.
 *
 * @param array<string, string> $visitor
 */
function form_page(int $status, array $visitor, ?string $wrong = null, string $notice = ''): void
{
    $is_wrong = $wrong !== null;
    page_begins($status, 'Our news by mail', $is_wrong ? 'Please correct this – ' : '');
    if ($notice !== '') {
        echo '<p class="summary" role="alert">', shown($notice), "</p>\n";
    }
    if ($is_wrong) {
        summary($wrong);
    }
    ?>
<p>Once a month, and no more.</p>
<form method="post" action="form.php">
    <?php
    foreach (INPUTS as $name => $input) {
        input($name, $input, $visitor[$name] ?? '', $name === $wrong);
    }
    foreach (array_intersect_key($visitor, MARKS) as $name => $value) {
        echo '<input type="hidden" name="', shown($name), '" value="', shown($value), "\">\n";
    }
    ?>
<p><button>Subscribe</button></p>
</form>
    <?php
    page_ends();
}

function summary(string $wrong): void
{
    ['label' => $label, 'wrong' => $text] = INPUTS[$wrong];
    ?>
<div class="summary" role="alert">
<h2>Please correct this</h2>
<ul><li><a href="#<?= shown($wrong) ?>"><?= shown("{$label}: {$text}") ?></a></li></ul>
</div>
    <?php
}

/** @param array{label: string, type: string, autocomplete: string, wrong: string} $input */
function input(string $name, array $input, string $value, bool $is_wrong): void
{
    $attributes = ['id' => $name, 'name' => $name, 'type' => $input['type'], 'autocomplete' => $input['autocomplete']];
    $attributes['value'] = $value;
    $flags = $name === 'email' ? ' required' : '';
    if ($is_wrong) {
        $attributes += ['aria-invalid' => 'true', 'aria-describedby' => "{$name}-wrong"];
        $flags .= ' autofocus';
    }
    echo '<label for="', shown($name), '">', shown($input['label']), "</label>\n";
    if ($is_wrong) {
        echo '<p class="wrong" id="', shown($name), '-wrong">', shown($input['wrong']), "</p>\n";
    }
    echo '<input';
    foreach ($attributes as $attribute => $text) {
        echo " {$attribute}=\"", shown($text), '"';
    }
    echo "{$flags}>\n";
}
