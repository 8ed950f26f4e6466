<?php

declare(strict_types=1);

namespace JustClick\Tests;

/** Every kind of wrong value, and what has to be said of it: the rows of {@see BadInputTest}. */
final class BadInput
{
    /** No message may hold these: a secret that is wrong, and what every lead's values are made of. */
    public const HIDDEN = ['eheimnis', 'emand', Sandbox::SECRET];
    public const ADDRESS = 'jemand@b.ru';
    public const GOOD = ['rid' => ['super'], 'lead_email' => self::ADDRESS];
    public const ANSWER = '{"error_code":0,"error_text":"OK","hash":"b60bb23ab72ead13463d1205065965a5"}';

    private const HUGE = 300_000;

    /** @return array<string, array{mixed, string}> values that are no text, wherever one belongs */
    public static function noTexts(): array
    {
        return [
            'a float' => [1.5, 'a number with a fraction or an exponent loses digits'],
            'a whole float' => [5.0, 'a number with a fraction or an exponent loses digits'],
            'not a number' => [NAN, 'NAN is no value that can be sent'],
            'an object' => [new \stdClass(), 'a string is needed, not stdClass'],
            'an object with a text' => [new \SplFileInfo('jemand'), 'a string is needed, not SplFileInfo'],
            'a closure' => [static fn () => 'jemand', 'a string is needed, not Closure'],
            'an enum' => [\JustClick\Outcome::Added, 'a string is needed, not JustClick\Outcome'],
            'a resource' => [STDIN, 'a string is needed, not resource (stream)'],
        ];
    }

    /** @return array<string, array{mixed, string}> */
    public static function texts(): array
    {
        return [
            'a NUL byte' => ["jemand\0", 'byte 6 is a NUL byte'],
            'no UTF-8' => ["jemand\xff", 'byte 6 is not valid UTF-8'],
            'half a surrogate pair' => ["jemand\xed\xa0\x80", 'byte 6 is not valid UTF-8'],
            'half a character' => ["jemand\xd0", 'byte 6 is not valid UTF-8'],
            'windows-1251' => ["\xc8\xf0\xe8\xed\xe0", 'byte 0 is not valid UTF-8'],
        ];
    }

    /** @return array{mixed, string} */
    public static function overLong(): array
    {
        return [str_repeat('jemand', self::HUGE / 6), '300000 bytes are too long; at most 262144'];
    }

    /** @return array<string, array{mixed, string}> */
    public static function lists(): array
    {
        return [
            'a list' => [['jemand'], 'it takes one value, not a list'],
            'an empty list' => [[], 'it takes one value, not a list'],
            'an array with a key' => [['x' => 'jemand'], 'it takes one value, not a list'],
        ];
    }

    /** @return array<string, array{mixed, string}> */
    public static function usernames(): array
    {
        $values = [
            '', ' ', 'evil.example/', 'evil.example', 'a@b', 'a:b@c', '..', 'Upper', 'почта', '-a', 'a-', 'a b',
            "a\r\nHost: b", 'a/../b', 'a%2e', 'a#', 'a?b', 'a\b', 'a_b', str_repeat('a', 64),
            str_repeat("\u{10ffff}", 64), str_repeat('👩', 64),
        ];
        return self::each($values, 'it takes 1 to 63 of the characters a-z, 0-9 and -') + self::credentials();
    }

    /** @return array<string, array{mixed, string}> */
    public static function secrets(): array
    {
        return self::each(['', " \r\n"], 'secret: it is empty') + self::credentials();
    }

    /** @return array<string, array{mixed, string}> */
    private static function credentials(): array
    {
        return [
            'a NUL byte' => ["Geheimnis\0", 'byte 9 is a NUL byte'],
            'no UTF-8' => ["Geheimnis\xff", 'byte 9 is not valid UTF-8'],
            'over-long' => [str_repeat('Geheimnis', 200), '1800 bytes are too long; at most 1024'],
        ];
    }

    /** @return array<string, array{mixed, string}> */
    public static function emails(): array
    {
        return [
            'empty' => ['', 'empty'],
            'blank' => [" \r\n", 'empty'],
            'no @' => ['jemand', 'no @'],
            'two @' => ['jemand@b@c', 'more than one @'],
            'nothing before the @' => ['@jemand', 'nothing stands before'],
            'nothing after the @' => ['jemand@', 'nothing stands after'],
            'a blank inside' => ['jemand @b.ru', 'blank or a control character at byte 6'],
            'another header' => ["jemand@b.ru\r\nBcc: x@y", 'blank or a control character at byte 11'],
            'too long for an address' => [str_repeat('jemand', 60) . '@b.ru', '365 bytes are too long; at most 320'],
        ];
    }

    /** @return array<string, array{mixed, string}> */
    public static function groups(): array
    {
        $wrong = [
            'none' => [[], 'no group; add at least one (rid[0])'],
            'null in the list' => [[null], 'no group; add at least one (rid[0])'],
            'an empty one' => [['jemand', ''], "rid[1]: a group's identifier cannot be empty"],
            'a blank one' => [[' '], "rid[0]: a group's identifier cannot be empty"],
            'a list in the list' => [[['jemand']], '"rid[0][0]" is no group'],
            'an empty list in the list' => [[[]], 'no field "rid[0][0]"'],
            'over-long' => [[str_repeat('jemand', 200)], 'rid[0]: 1200 bytes are too long; at most 1024'],
            '901' => [array_fill(0, 901, 'jemand'), 'rid[900]: one request takes at most 900 groups'],
        ];
        foreach (['x', '', '01', -1, 'a]', '0[0]', '٣'] as $key) {
            $wrong["the key {$key}"] = [[$key => 'jemand'], "\"rid[{$key}]\" is no group"];
        }
        foreach (self::noTexts() + self::texts() as $how => [$value, $rule]) {
            $wrong["{$how} in the list"] = [[$value], "rid[0]: {$rule}"];
        }
        return $wrong;
    }

    /** @return array<string, array{mixed, string}> */
    public static function extras(): array
    {
        $wrong = [
            'the hash' => [['hash' => 'jemand'], '"hash": the hash is made by the library'],
            'a group' => [['rid[9]' => 'jemand'], '"rid[9]": groups are added as groups'],
            'a known field' => [['tag' => 'jemand'], '"tag": "tag" is a documented field'],
            'an array of a known field' => [['tag[x]' => 'jemand'], '"tag[x]": one name cannot be both'],
            'a value and an array' => [['a' => 1, 'a[b]' => 'jemand'], '"a[b]": "a" is set already'],
            'a dot in the name' => [['a.b' => 'jemand'], '"a.b": PHP would change this name'],
            'an open bracket' => [['a[b' => 'jemand'], '"a[b": PHP would change this name'],
            'a line break in the name' => [["a\r\nb" => 'jemand'], '"a\r\nb": PHP would change this name'],
            'an empty name' => [['' => 'jemand'], '"": PHP would change this name'],
            'a NUL byte in the name' => [["a\0" => 'jemand'], 'name: byte 1 is a NUL byte'],
            'a name that is no UTF-8' => [["a\xff" => 'jemand'], 'name: byte 1 is not valid UTF-8'],
            'a long name' => [[str_repeat('a', 257) => 'jemand'], '257 bytes are too long; at most 256'],
            'a name that is long when shown' => [
                ['.' . str_repeat("\u{10ffff}", 60) => ''],
                'PHP would change this name',
            ],
            'too many' => [
                array_combine(array_map(static fn ($n) => "x{$n}", range(1, 1000)), array_fill(0, 1000, 'jemand')),
                '1002 parameters are too many; the service reads at most 1000',
            ],
            'a list as the value' => [['a' => ['jemand']], 'a: a string is needed, not array'],
            'over-long' => [['a' => self::overLong()[0]], '"a": 300000 bytes are too long'],
        ];
        foreach (self::noTexts() + self::texts() as $how => [$value, $rule]) {
            $wrong[$how] = [['a' => $value], $rule];
        }
        return $wrong;
    }

    /** @return array<string, array{mixed, string}> arrays of the service's own names */
    public static function arrays(): array
    {
        $wrong = [
            'nothing' => [[], 'no group'],
            'no address' => [['rid' => ['jemand']], 'set lead_email'],
            'null as the address' => [['lead_email' => null] + self::GOOD, 'set lead_email'],
            'a list of values' => [['jemand', 'super'], 'no field "0"'],
            'a mistyped name' => [self::GOOD + ['lead_nmae' => 'jemand'], 'no field "lead_nmae"; did you mean'],
            'another case' => [self::GOOD + ['Lead_Name' => 'jemand'], 'no field "Lead_Name"; did you mean'],
            'an unknown empty list' => [self::GOOD + ['nosuch' => []], 'no field "nosuch[0]"'],
            'an unknown name of null' => [self::GOOD + ['nosuch' => null], 'no field "nosuch"'],
            'a hash' => [self::GOOD + ['hash' => 'jemand'], 'no field "hash"'],
            'an empty name' => [self::GOOD + ['' => 'jemand'], 'no field ""'],
            'a long name' => [self::GOOD + [str_repeat('x', 9999) => 'jemand'], 'no field "xxx'],
            'a line break in a name' => [self::GOOD + ["tag\r\n" => 'jemand'], 'no field "tag\r\n"'],
            'a NUL byte in a name' => [self::GOOD + ["tag\0" => 'jemand'], 'no field "tag\0"'],
            'a name that is no UTF-8' => [self::GOOD + ["tag\xff" => 'x'], 'tag\377: the name is not valid UTF-8'],
            'such a name of an object' => [self::GOOD + ["tag\xff" => STDIN], 'tag\377: a string is needed, not'],
            'one value as the groups' => [['rid' => 'jemand'] + self::GOOD, 'rid: it takes a list of groups'],
            'null as the groups' => [['rid' => null] + self::GOOD, 'no group; add at least one'],
            'one value as utm' => [self::GOOD + ['utm' => 'jemand'], 'utm: it takes a value for each of its names'],
            'an unknown utm' => [self::GOOD + ['utm' => ['x' => 'jemand']], 'no field "utm[x]"'],
            'an array in utm' => [
                self::GOOD + ['utm' => ['utm_term' => ['a' => 'b']]],
                'utm[utm_term]: it takes one value',
            ],
            'the group 900' => [self::GOOD + ['rid[900]' => 'jemand'], 'rid[900]: one request takes at most 900'],
            'the group 10^20' => [self::GOOD + ['rid[100000000000000000000]' => 'x'], 'rid[100000000000000000000]:'],
            'an affiliate' => [self::GOOD + ['utm' => ['utm_medium' => 'affiliate']], 'utm[utm_source] must be'],
            'a flag that is a word' => [self::GOOD + ['activation' => 'yes'], 'activation: the value must be 1 or 0'],
            'a flag that is a number' => [self::GOOD + ['activation' => 2], 'activation: the value must be 1 or 0'],
        ];
        foreach (self::emails() as $how => [$value, $rule]) {
            $wrong["an address: {$how}"] = [['lead_email' => $value] + self::GOOD, "lead_email: "];
        }
        foreach (self::groups() as $how => [$value, $rule]) {
            $wrong["groups: {$how}"] = [['rid' => $value] + self::GOOD, $rule];
        }
        return $wrong;
    }

    /**
     * What is wrong for an argument of the functions other than addLead().
     *
     * @return array<string, array{mixed, string}>
     */
    public static function parts(string $name, string $type): array
    {
        $texts = self::texts() + ['over-long' => self::overLong()];
        return match ($name) {
            'extra' => self::extras(),
            'params' => self::params(),
            'function' => self::each(
                ['', ' ', 'a/b', '../x', "Get\r\n", 'Get?x', 'я', '0x', str_repeat('a', 65)],
                'is no name of a function',
            ) + ['no UTF-8' => ["Get\xff", 'function: the name is not valid UTF-8']],
            default => $texts + ($type === 'string' ? self::each(['', ' '], 'is missing or empty') : []),
        };
    }

    /** @return array<string, array{mixed, string}> */
    private static function params(): array
    {
        $endless = ['a' => 'jemand'];
        $endless['b'] = &$endless;
        $wrong = [
            'a hash' => [['hash' => 'jemand'], 'the hash is made by the library'],
            'a dot in the name' => [['a.b' => 'jemand'], 'PHP would change this name'],
            'an empty name' => [['' => 'jemand'], 'PHP would change this name'],
            'a name that is no UTF-8' => [["a\xff" => 'x'], 'a\377: the name is not valid UTF-8'],
            'a name twice' => [['a' => ['b' => 'jemand'], 'a[b]' => 'jemand'], '"a[b]"'],
            'an object in an array' => [['a' => ['b' => new \stdClass()]], 'a[b]: a string is needed, not stdClass'],
            'one that says itself what it is as JSON' => [['a' => self::sayingItself()], 'a string is needed, not'],
            'windows-1251' => [['a' => ['b' => "\xc8"]], "send mb_convert_encoding(\$value, 'UTF-8', 'Windows-1251')"],
            'an array within itself' => [$endless, 'arrays are nested too deeply'],
        ];
        foreach (self::noTexts() + self::texts() as $how => [$value, $rule]) {
            $wrong[$how] = [['a' => $value], $rule];
        }
        return $wrong;
    }

    private static function sayingItself(): \JsonSerializable
    {
        return new class implements \JsonSerializable {
            public function jsonSerialize(): string
            {
                return 'jemand';
            }
        };
    }

    /** @return array<string, array{mixed, string}> */
    public static function bodies(): array
    {
        return [
            'empty' => ['', 'it is empty'],
            'a NUL byte' => ["\0", 'it is not one JSON object'],
            'no UTF-8' => ["\xff", 'its byte 0 is not valid UTF-8'],
            'over-long' => [str_repeat('x', 70_000), 'it is not one JSON object'],
            'deep' => [str_repeat('[', 60_000), 'it is not one JSON object'],
            'no answer' => ['{}', '"error_code" is missing'],
        ];
    }

    /**
     * @param list<mixed> $values
     * @return array<string, array{mixed, string}>
     */
    public static function each(array $values, string $rule): array
    {
        $rows = [];
        foreach ($values as $value) {
            $rows[substr(var_export($value, true), 0, 40)] = [$value, $rule];
        }
        return $rows;
    }
}
