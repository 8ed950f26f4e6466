<?php

declare(strict_types=1);

namespace JustClick\WordPress;

use JustClick\Client;

/** The account and the group, as the site's owner has set them. */
final class Settings
{
    public const OPTION = 'justclick_settings';
    private const DEFAULTS = ['username' => '', 'secret' => '', 'group' => '', 'base_url' => '', 'users' => false];
    public function __construct(
        public readonly string $username,
        #[\SensitiveParameter] private readonly string $secret,
        public readonly string $group,
        /** The account's own domain, '' for the service's. */
        public readonly string $baseUrl,
        /** Whether users who register are subscribed. */
        public readonly bool $withUsers,
    ) {
    }

    public static function read(): self
    {
        $stored = get_option(self::OPTION);
        $all = (is_array($stored) ? $stored : []) + self::DEFAULTS;
        return new self(
            (string) $all['username'],
            // wp-config.php keeps a secret better than the database, whose copies travel.
            defined('JUSTCLICK_SECRET') ? (string) constant('JUSTCLICK_SECRET') : (string) $all['secret'],
            (string) $all['group'],
            (string) $all['base_url'],
            (bool) $all['users'],
        );
    }

    public function areComplete(): bool
    {
        return $this->username !== '' && $this->secret !== '' && $this->group !== '';
    }

    public function hasSecret(): bool
    {
        return $this->secret !== '';
    }

    /** @throws \JustClick\Exception\JustClickException where the account's data or PHP's set-up will not do */
    public function client(): Client
    {
        return new Client($this->username, $this->secret, [
            'base_url' => $this->baseUrl === '' ? null : $this->baseUrl,
        ]);
    }

    /**
     * What the form of the settings page sent, as it is stored. WordPress has taken its slashes off.
     *
     * @return array<string, string|bool>
     */
    public static function sanitized(mixed $given): array
    {
        $given = is_array($given) ? $given : [];
        $text = static fn (string $name): string => is_string($given[$name] ?? null) ? trim($given[$name]) : '';
        $stored = get_option(self::OPTION);
        // The page does not show the secret, so an empty field leaves it as it is.
        $secret = $text('secret') === '' && is_array($stored) ? (string) ($stored['secret'] ?? '') : $text('secret');
        return [
            'username' => $text('username'),
            'secret' => $secret,
            'group' => $text('group'),
            'base_url' => esc_url_raw($text('base_url')),
            'users' => !empty($given['users']),
        ];
    }
}
