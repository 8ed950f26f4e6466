<?php

declare(strict_types=1);

namespace JustClick\Tests;

/** Every kind of wrong setting, and what has to be said of it: rows of {@see BadInputTest}. */
final class BadSettings
{
    /** @return array<string, array<string, array{mixed, string}>> by the setting's name */
    public static function known(): array
    {
        $number = BadInput::each(
            [0, -1, PHP_INT_MIN, PHP_INT_MAX, 2 ** 32 + 1, 600_001, '', 'soon', '1e3', '0x', '+5', ' 5', "5\r\n", '٣'],
            'it is a whole number from 1 to',
        );
        $flag = BadInput::each(['yes', '', 2, -1, 'true', "1\r\n", '01'], 'it is 1 or 0');
        return [
            'service' => BadInput::each(
                ['', 'b.ru', 'justclick.ru/', 'JUSTCLICK.RU', "justclick.ru\r\n", 'x@justclick.ru'],
                'it is one of justclick.ru, justclick.io, influencersoft.com',
            ),
            'base_url' => self::addresses(),
            'allow_http' => $flag,
            'connect_timeout_ms' => $number,
            'attempt_timeout_ms' => $number,
            'timeout_ms' => $number,
            'max_attempts' => $number + ['eleven' => [11, 'from 1 to 10']],
            'proxy' => self::proxies(),
            'ca_file' => [
                'no such file' => ["/nonexistent/a\r\nb", '/nonexistent/a\r\nb: No such file'],
                'a long path' => ['/nonexistent/' . str_repeat('x', 600), 'No such file'],
                'a folder' => ['/', '/: it is a folder'],
                'a device' => ['/dev/null', '/dev/null: it is a device'],
                'no certificates' => ['/etc/passwd', 'it holds no certificate'],
            ],
            'share_connections' => $flag,
            'user_agent' => BadInput::each(
                ['', ' ', "a\r\nX: y", "a\nb", "\t", "\x7f", 'я', str_repeat('a', 257)],
                'it is 1 to 256 printable ASCII characters',
            ),
        ];
    }

    /** @return array<string, array<string, array{mixed, string}>> by the setting's name */
    public static function ofOutboxes(): array
    {
        $number = static fn (int $least, int $most) => BadInput::each(
            [$least - 1, $most + 1, -1, PHP_INT_MIN, '', 'soon', '1e3', '+5', ' 5', "5\r\n", '٣'],
            "it is a whole number from {$least} to {$most}",
        );
        return [
            'durability' => BadInput::each(['', 'disk', 'POWER', "power\n", 1, true], 'it is power or crash'),
            'max_leads' => $number(1, 1_000_000_000),
            'keep_dead_days' => $number(0, 36_500),
            'give_up_after_days' => $number(1, 36_500),
            'spool' => BadInput::each(
                [' ', ':memory:', 'sqlite::memory:', 'mysql://me:Geheimnis@b/c', 'postgres:b'],
                'it is no path of a file on this host',
            ) + ['an outbox of this host' => ['/nonexistent/spool.db', 'this one is on this host itself']],
            'busy_timeout_ms' => $number(1, 600_000),
        ];
    }

    /** @return array<string, array{mixed, string}> wrong for each of them */
    public static function forEach(): array
    {
        return BadInput::noTexts() + BadInput::texts() + [
            'over-long' => [str_repeat('x', 5000), '5000 bytes are too long; at most 4096'],
            'a list' => [['jemand'], 'a string is needed, not array'],
            'an empty list' => [[], 'a string is needed, not array'],
        ];
    }

    /** @return array<string, array{mixed, string}> arrays of settings */
    public static function unknown(): array
    {
        return [
            'mistyped' => [['timout_ms' => 1], 'no setting "timout_ms"; did you mean "timeout_ms"?'],
            'another case' => [['Timeout_Ms' => 1], 'no setting "Timeout_Ms"; did you mean "timeout_ms"?'],
            'null' => [['nosuch' => null], 'no setting "nosuch"'],
            'a list' => [['5000'], 'no setting "0"'],
            'an empty name' => [['' => 1], 'no setting ""'],
            'a long name' => [[str_repeat('x', 9999) => 1], 'no setting "xxx'],
            'a line break' => [["a\r\nb" => 1], 'no setting "a\r\nb"'],
            'a NUL byte' => [["timeout_ms\0" => 1], 'timeout_ms\000: there is a NUL byte in the name'],
            'no UTF-8' => [["timeout_ms\xff" => 1], 'no setting "timeout_ms�"'],
        ];
    }

    /** @return array<string, array{mixed, string}> */
    private static function addresses(): array
    {
        $values = [
            'x', 'ftp://b.ru', 'https://', '//b.ru', 'https:///x', 'https://b.ru?x', 'https://b.ru#',
            'https://login:Geheimnis@b.ru', 'Geheimnis@b.ru', "https://b.ru\r\nX: y", 'https://b b', 'https://почта.рф',
            'https://[::1', 'https://..', 'https://b.ru:x', 'https://b.ru:', 'https://b.ru:99999', 'https://b.ru:0',
            'https://:80', 'https://b.ru/../x', 'file:///', 'https://b.ru\x', 5, true, 'javascript:x', 'https://b/a b',
        ];
        return BadInput::each($values, 'it is https://host, with a port or a path where needed')
            + ['http:// to another machine' => ['http://b.ru', 'set allow_http to 1']];
    }

    /** @return array<string, array{mixed, string}> */
    private static function proxies(): array
    {
        return BadInput::each(
            [
                'http://login:Geheimnis@b.ru:x', 'http://', 'http://b.ru:99999', 'http://[', "b.ru\r\nX: y", 'почта',
                'http://b.ru:0',
            ],
            'malformed',
        ) + BadInput::each(['socks5://b.ru', 'ftp://b.ru'], 'must be an http://');
    }
}
