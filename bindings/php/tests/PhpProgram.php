<?php

declare(strict_types=1);

namespace JustClick\Tests;

/** A program that PHP runs in a process of its own, and what it needs. */
final class PhpProgram
{
    /** Signs a lead, or says what stands in the way. */
    public const SIGN = __DIR__ . '/programs/sign.php';
    /** How what it prints begins where it could. */
    public const SIGNED = 'rid%5B0%5D=super&lead_email=a%40b.ru&hash=';

    /** So that what PHP deprecates, notes or warns of stands in what a program prints, whatever php.ini says. */
    public const STRICT = ['-d', 'error_reporting=-1', '-d', 'display_errors=1'];

    /**
     * @param list<string> $options of php
     * @param array<string, string> $environment besides this process's
     * @param list<string> $prefix before the command
     * @return string what it printed
     */
    public static function run(
        array $options,
        array $environment,
        string $program = self::SIGN,
        array $prefix = [],
    ): string {
        $process = proc_open(
            [...$prefix, PHP_BINARY, ...self::STRICT, ...$options, $program],
            [1 => ['pipe', 'w'], 2 => ['redirect', 1]],
            $pipes,
            null,
            $environment + getenv(),
        );
        if ($process === false) {
            throw new \RuntimeException('php does not start');
        }
        $said = (string) stream_get_contents($pipes[1]);
        proc_close($process);
        return $said;
    }

    /** Makes a library that is not the right one. */
    public static function compile(string $library, string ...$flags): string
    {
        $command = ['cc', '-shared', '-fPIC', '-o', $library, __DIR__ . '/programs/old.c', ...$flags];
        exec(implode(' ', array_map('escapeshellarg', $command)) . ' 2>&1', $output, $status);
        if ($status !== 0) {
            throw new \RuntimeException(implode("\n", $output));
        }
        return $library;
    }
}
