<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Functions;
use JustClick\Header;
use JustClick\Outbox;
use PHPUnit\Framework\TestCase;

/** What is written for analysers and editors is what there is. */
final class DeclarationsTest extends TestCase
{
    public function testTheFunctionsThatAreCalledAreDeclaredAsTheHeaderHasThem(): void
    {
        $header = (string) preg_replace('/\s+/', ' ', Header::DECLARATIONS);
        $comment = (string) (new \ReflectionClass(Functions::class))->getDocComment();
        preg_match_all('/@method \w+ (jc_\w+)\(([^)]*)\)/', $comment, $declared, PREG_SET_ORDER);
        foreach ($declared as [, $name, $parameters]) {
            self::assertSame(1, preg_match("/ \**{$name}\(([^)]*)\);/", $header, $found), $name);
            $names = static fn (string $list): array => preg_match_all('/(\w+)(?:,|$)/', $list, $each) ? $each[1] : [];
            self::assertSame($names($found[1] === 'void' ? '' : $found[1]), $names($parameters), $name);
        }
        $sources = dirname(__DIR__) . '/src';
        $sources = file_get_contents("{$sources}/Library.php") . file_get_contents("{$sources}/Loader.php");
        preg_match_all('/->(jc_\w+)\(/', $sources, $called);
        self::assertEqualsCanonicalizing(array_values(array_unique($called[1])), array_column($declared, 1));
    }

    public function testTheSettingsAreTheCores(): void
    {
        $header = (string) file_get_contents(dirname(__DIR__, 3) . '/include/justclick.h');
        foreach (['JC' => Client::class, 'JC_OUTBOX' => Outbox::class] as $prefix => $class) {
            $comment = (string) (new \ReflectionMethod($class, '__construct'))->getDocComment();
            preg_match_all('/^\s+\*\s+(\w+)\?: /m', $comment, $shape);
            preg_match_all("/^#define {$prefix}_SETTING_\w+ \"(\w+)\"$/m", $header, $settings);
            self::assertSame($settings[1], $shape[1]);
        }
    }
}
