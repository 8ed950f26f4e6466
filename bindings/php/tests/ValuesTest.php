<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Exception\InvalidArgument;
use JustClick\Lead;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** How PHP's values become a lead's. */
final class ValuesTest extends TestCase
{
    private const VENDOR = [
        'rid[0]' => 'super',
        'lead_name' => 'Name',
        'lead_email' => 'lead@email.com',
        'lead_phone' => '+788888888',
        'lead_city' => 'City',
        'tag' => 'this is tag',
        'doneurl2' => 'http://yandex.ru/',
        'activation' => true,
        'utm[utm_medium]' => 'cpc',
        'utm[utm_source]' => 'direct',
        'utm[utm_campaign]' => 'My_Campaign',
        'utm[utm_content]' => 'content_123',
        'utm[utm_term]' => 'my_label',
    ];

    private Client $client;

    protected function setUp(): void
    {
        $this->client = new Client('username', Sandbox::SECRET);
    }

    /** Signed as the vendor's snippet does it. */
    public function testTheVendorsArrayGoesAsItIs(): void
    {
        $query = http_build_query(self::VENDOR);
        $hash = md5($query . '::username::' . Sandbox::SECRET);
        self::assertSame("{$query}&hash={$hash}", $this->client->sign(self::VENDOR)->body);
    }

    public function testNestedFormsAndTypedLeadsAreTheSameLead(): void
    {
        $nested = self::VENDOR;
        foreach (array_keys($nested) as $name) {
            if (preg_match('/^(rid|utm)\[(.+)\]$/', $name, $parts) === 1) {
                $nested[$parts[1]][$parts[2]] = $nested[$name];
                unset($nested[$name]);
            }
        }
        self::assertSame(['super'], $nested['rid']);
        $typed = new Lead(
            email: 'lead@email.com',
            groups: ['super'],
            name: 'Name',
            phone: '+788888888',
            city: 'City',
            tag: 'this is tag',
            doneurl2: 'http://yandex.ru/',
            activation: true,
            utmMedium: 'cpc',
            utmSource: 'direct',
            utmCampaign: 'My_Campaign',
            utmContent: 'content_123',
            utmTerm: 'my_label',
        );
        $body = $this->client->sign(self::VENDOR)->body;
        self::assertSame($body, $this->client->sign($nested)->body);
        self::assertSame($body, $this->client->sign($typed)->body);
    }

    /** Each typed name against the header's, which are made of the core's table. */
    public function testEveryTypedNameIsItsField(): void
    {
        $header = (string) file_get_contents(dirname(__DIR__, 3) . '/include/justclick.h');
        $found = preg_match_all('/^#define JC_LEAD_(\w+) "(.+)"$/m', $header, $rows, PREG_SET_ORDER);
        self::assertSame(19, $found);
        foreach ($rows as [, $short, $name]) {
            $typed = lcfirst(str_replace('_', '', ucwords(strtolower($short), '_')));
            $value = $typed === 'activation' ? true : 'v@v';
            $arguments = [$typed => $value] + ['email' => 'a@b.ru', 'groups' => ['g']];
            $fields = [$name => $value] + ['lead_email' => 'a@b.ru', 'rid[0]' => 'g'];
            self::assertSame($this->client->sign($fields)->body, $this->client->sign(new Lead(...$arguments))->body);
        }
    }

    public function testExtraParametersGoBehindTheOthers(): void
    {
        $lead = new Lead('a@b.ru', [7, 'g'], extra: ['new' => 1, 'left_out' => null, 'off' => false]);
        self::assertStringStartsWith(
            'rid%5B0%5D=7&rid%5B1%5D=g&lead_email=a%40b.ru&new=1&off=0&hash=',
            $this->client->sign($lead)->body,
        );
    }

    public function testExtraParametersMayStandInAnArrayBesideTheLead(): void
    {
        $good = ['rid[0]' => 'g', 'lead_email' => 'a@b.ru'];
        $expected = 'rid%5B0%5D=g&lead_email=a%40b.ru&lead_surname=Иванов&new=2&old=1&hash=';
        $expected = str_replace('Иванов', rawurlencode('Иванов'), $expected);
        $extra = ['lead_surname' => 'Иванов', 'new' => 2];
        self::assertStringStartsWith($expected, $this->client->sign($good, $extra + ['old' => 1])->body);
        $lead = new Lead('a@b.ru', ['g'], extra: ['new' => 7, 'old' => 1]);
        self::assertStringStartsWith($expected, $this->client->sign($lead, $extra)->body);
        try {
            $this->client->sign($good + $extra);
            self::fail('there is no such field');
        } catch (InvalidArgument $failure) {
            self::assertSame(
                'there is no field "lead_surname"; did you mean "lead_name"? A parameter that the library does not '
                . "know goes into the argument extra: ['its_name' => 'value']",
                $failure->getMessage(),
            );
        }
    }

    public function testNullIsLeftOutAndAnIntIsItsDigits(): void
    {
        $body = $this->client->sign([
            'rid' => [1578515091],
            'lead_email' => 'a@b.ru',
            'lead_name' => null,
            'lead_city' => '',
            'activation' => false,
            'utm' => ['utm_term' => PHP_INT_MIN, 'utm_source' => null],
        ])->body;
        self::assertStringStartsWith(
            'rid%5B0%5D=1578515091&lead_email=a%40b.ru&lead_city=&activation=0'
            . '&utm%5Butm_term%5D=-9223372036854775808&hash=',
            $body,
        );
    }

    public function testAnEmptyListIsNothingWhereAListBelongs(): void
    {
        $lead = ['rid[0]' => 'g', 'lead_email' => 'a@b.ru'];
        $body = $this->client->sign($lead)->body;
        self::assertSame($body, $this->client->sign($lead + ['utm' => [], 'rid' => []])->body);
    }

    /** @dataProvider refused */
    #[DataProvider('refused')]
    public function testWhatIsNoStringIsRefusedByItsName(mixed $fields, string $name, string $why): void
    {
        $this->expectException(InvalidArgument::class);
        $this->expectExceptionMessageMatches('/^' . preg_quote($name, '/') . ': .*' . $why . '/');
        $this->client->sign($fields + ['rid[0]' => 'g', 'lead_email' => 'a@b.ru']);
    }

    /** @return array<string, array{array<array-key, mixed>, string, string}> */
    public static function refused(): array
    {
        return [
            'a float' => [['lead_phone' => 7.5], 'lead_phone', 'fraction'],
            'a float as a group' => [['rid' => [1578515091.9668659223]], 'rid[0]', 'fraction'],
            'an object' => [['tag' => new \ArrayObject()], 'tag', 'ArrayObject'],
            'an object with a text' => [['tag' => new \SimpleXMLElement('<a/>')], 'tag', 'SimpleXMLElement'],
            'a list' => [['lead_name' => ['a']], 'lead_name', 'list'],
            'a list in a list' => [['utm' => ['utm_term' => ['a']]], 'utm[utm_term]', 'one value'],
            'a NUL byte' => [['lead_name' => "a\0b"], 'lead_name', 'byte 1'],
            'no UTF-8' => [['lead_city' => "ab\xff"], 'lead_city', 'byte 2'],
            'windows-1251' => [
                ['utm' => ['utm_term' => "\xcf\xf0\xe8\xe2\xe5\xf2"]],
                'utm[utm_term]',
                'byte 0 is not valid UTF-8. Where the site is in windows-1251, send mb_convert_encoding',
            ],
            'the end of a character' => [['tag' => "\u{fffd}a\xef\xbf"], 'tag', 'byte 4 is not valid UTF-8'],
            'a name that is no UTF-8' => [["tag\xff" => 7], 'tag\377', 'the name is not valid UTF-8'],
            'a long name' => [['x' . str_repeat('я', 99) => STDIN], 'x' . str_repeat('я', 63), 'a string is needed'],
            'one value as the groups' => [['rid' => 'super'], 'rid', 'list of groups'],
            'an empty list' => [['lead_name' => []], 'lead_name', 'one value, not a list'],
            'a closure' => [['tag' => static fn () => 1], 'tag', 'Closure'],
        ];
    }

    public function testSettingsAreRefusedByTheirName(): void
    {
        foreach (
            [
                'timout_ms' => 1,
                'timeout_ms' => 1.5,
                "timeout_ms\0" => 1,
                'proxy' => [],
                'max_attempts' => 11,
            ] as $name => $value
        ) {
            try {
                new Client('username', 'secret', [$name => $value]);
                self::fail($name);
            } catch (InvalidArgument $failure) {
                self::assertStringContainsString(rtrim($name, "\0"), $failure->getMessage());
            }
        }
        new Client('username', 'secret', ['timeout_ms' => null, 'allow_http' => true, 'max_attempts' => 2]);
    }
}
