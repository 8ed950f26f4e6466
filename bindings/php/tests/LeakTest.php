<?php

declare(strict_types=1);

namespace JustClick\Tests;

use PHPUnit\Framework\TestCase;

/** Nothing is lost over many calls, nine in each turn of the program, failing ones among them. */
final class LeakTest extends TestCase
{
    private const PROGRAM = __DIR__ . '/programs/many.php';

    /** The smallest of the objects, lost in each turn, would be over 1 MiB. */
    public function testTheProcessDoesNotGrowOverAHundredThousandCalls(): void
    {
        $growth = self::said([PHP_BINARY, ...PhpProgram::STRICT, self::PROGRAM, '12500', '1000']);
        self::assertMatchesRegularExpression('/^-?\d+$/', $growth);
        self::assertLessThan(1024, (int) $growth, 'KiB');
    }

    /** PHP's other extensions are not loaded, since what those lose counts too: that of libxml2 in Debian sid. */
    public function testValgrindFindsNothingLostInAThousandCalls(): void
    {
        self::said([
            'valgrind',
            '--quiet',
            '--leak-check=full',
            '--errors-for-leak-kinds=definite',
            '--error-exitcode=9',
            PHP_BINARY,
            '-n',
            '-d',
            'extension=ffi',
            self::PROGRAM,
            '125',
            '0',
        ]);
    }

    /** @param list<string> $command */
    private static function said(array $command): string
    {
        $environment = ['USE_ZEND_ALLOC' => '0'] + getenv();
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes, null, $environment);
        self::assertNotFalse($process);
        $said = trim((string) stream_get_contents($pipes[1]));
        self::assertSame(0, proc_close($process), $said);
        return $said;
    }
}
