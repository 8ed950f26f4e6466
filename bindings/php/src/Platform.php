<?php

declare(strict_types=1);

namespace JustClick;

/**
 * Which library this PHP can load: by machine, system and C library.
 *
 * @internal
 */
final class Platform
{
    /** Where the host has switched off what would tell. */
    public const UNKNOWN = 'unknown';

    /** What systems call the machines that files name otherwise. */
    private const MACHINES = [
        'amd64' => 'x86_64', 'arm64' => 'aarch64', 'i686' => 'i386', 'armv6l' => 'arm', 'armv7l' => 'arm',
    ];

    public function __construct(
        /** As files name it, such as x86_64; or UNKNOWN. */
        public readonly string $machine,
        public readonly int $bits,
        /** As PHP_OS_FAMILY. */
        private readonly string $system,
        /** 'gnu' or 'musl'; it counts on Linux alone. */
        public readonly string $libc,
    ) {
    }

    public static function here(string $libc): self
    {
        $machine = self::ofThisProgram() ?? Quietly::look(static fn (): string => strtolower(php_uname('m')));
        $machine ??= self::UNKNOWN;
        return new self(self::MACHINES[$machine] ?? $machine, PHP_INT_SIZE * 8, PHP_OS_FAMILY, $libc);
    }

    /** The folder of its library in the package, such as x86_64-linux-musl. */
    public function name(): string
    {
        // One that is not for this machine is not loaded, so a guess does no harm.
        $machine = $this->machine === self::UNKNOWN ? 'x86_64' : $this->machine;
        return match ($this->system) {
            'Linux' => "{$machine}-linux-{$this->libc}",
            'Darwin' => "{$machine}-macos",
            default => "{$machine}-" . strtolower($this->system),
        };
    }

    /** What its library's file is called. */
    public function file(): string
    {
        return match ($this->system) {
            'Darwin' => 'libjustclick.dylib',
            'Windows' => 'justclick.dll',
            default => 'libjustclick.so',
        };
    }

    /** What the system's loader is asked for. */
    public function installed(): string
    {
        return $this->hasElfFiles() ? 'libjustclick.so.0' : $this->file();
    }

    public function hasElfFiles(): bool
    {
        return !in_array($this->system, ['Darwin', 'Windows'], true);
    }

    /** Whether the system's loader says why it does not open a library. */
    public function tellsReasons(): bool
    {
        return $this->system !== 'Windows';
    }

    /** The system's own machine may have more bits. Null where PHP must not look at itself (open_basedir). */
    private static function ofThisProgram(): ?string
    {
        return Quietly::look(static function (): ?string {
            $file = fopen('/proc/self/exe', 'rb');
            if ($file === false) {
                return null;
            }
            try {
                return ElfFile::of($file)?->machine();
            } finally {
                fclose($file);
            }
        });
    }
}
