<?php

// What a visitor sends, and which contact that makes.

declare(strict_types=1);

// What the visitor fills in, by the form's names and the service's.
const FIELDS = [
    'name' => 'lead_name',
    'email' => 'lead_email',
    'phone' => 'lead_phone',
    'city' => 'lead_city',
];

// What a page's address says of where the visitor came from.
const MARKS = [
    'tag' => 'tag',
    'utm_medium' => 'utm[utm_medium]',
    'utm_source' => 'utm[utm_source]',
    'utm_campaign' => 'utm[utm_campaign]',
    'utm_content' => 'utm[utm_content]',
    'utm_term' => 'utm[utm_term]',
    'aff_medium' => 'utm[aff_medium]',
    'aff_source' => 'utm[aff_source]',
    'aff_campaign' => 'utm[aff_campaign]',
    'aff_content' => 'utm[aff_content]',
    'aff_term' => 'utm[aff_term]',
    'aff' => 'aff',
    'ad' => 'ad',
];

/**
 * What was sent, or stands in this page's address, by the form's names. A mark that is missing there may
 * stand in the address of the page that led here.
 *
 * @param array<array-key, mixed> $sent
 * @return array<string, string>
 */
function visitor(array $sent): array
{
    $referer = $_SERVER['HTTP_REFERER'] ?? '';
    parse_str((string) parse_url(is_string($referer) ? $referer : '', PHP_URL_QUERY), $led_here);
    $visitor = [];
    foreach (FIELDS + MARKS as $name => $field) {
        $sources = isset(MARKS[$name]) ? [$sent, $_GET, $led_here] : [$sent];
        foreach ($sources as $source) {
            foreach ([$source[$name] ?? '', $source[$field] ?? '', $source['utm'][$name] ?? ''] as $value) {
                if (is_string($value) && trim($value) !== '') {
                    $visitor[$name] ??= $value;
                }
            }
        }
    }
    return $visitor;
}

/**
 * @param array<string, string> $names
 * @param array<string, string> $visitor
 * @return array<string, string>
 */
function by_service_names(array $names, array $visitor): array
{
    $values = [];
    foreach (array_intersect_key($names, $visitor) as $name => $field) {
        $values[$field] = $visitor[$name];
    }
    return $values;
}

/**
 * What no visitor chooses: where the mail that confirms leads to, above all.
 *
 * @return array<string, mixed>
 */
function site_fields(): array
{
    $values = [
        'rid' => array_map(trim(...), explode(',', setting('JUSTCLICK_GROUPS') ?? 'super')),
        'tag' => setting('JUSTCLICK_TAG'),
        'doneurl2' => setting('JUSTCLICK_DONEURL2'),
        'activation' => setting('JUSTCLICK_ACTIVATION'),
    ];
    return array_filter($values, static fn (mixed $value): bool => $value !== null);
}

/** The form's name of the field that a message of the library names; null where the visitor cannot mend it. */
function named_field(string $message): ?string
{
    foreach (FIELDS as $name => $field) {
        if (str_contains($message, $field)) {
            return $name;
        }
    }
    return null;
}

/** A lead's number for the page's address, so that nobody tries the numbers of others. */
function sealed(int $id): string
{
    return $id . '-' . hash_hmac('sha256', "kept {$id}", (string) setting('JUSTCLICK_SECRET'));
}

function unsealed(mixed $text): ?int
{
    $id = is_string($text) ? (int) strstr($text, '-', true) : 0;
    return is_string($text) && hash_equals(sealed($id), $text) ? $id : null;
}
