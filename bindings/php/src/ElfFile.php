<?php

declare(strict_types=1);

namespace JustClick;

/**
 * What a program or library says of itself, in the format of Linux.
 *
 * @internal
 *
 * @phpstan-type Segment array{type: int, offset: int, address: int, size: int}
 */
final class ElfFile
{
    private const HEAD = 64;
    /** No table that is looked at is longer, but where a file is damaged. */
    private const LONGEST = 65536;

    /** The numbers of machines. */
    private const MACHINES = [
        3 => 'i386', 20 => 'ppc', 21 => 'ppc64', 22 => 's390x', 40 => 'arm', 62 => 'x86_64', 183 => 'aarch64',
        243 => 'riscv64', 258 => 'loongarch64',
    ];

    /** Types of segments, and of entries in the one that tells the system's loader what to do. */
    private const LOADED = 1;
    private const DYNAMIC = 2;
    private const NEEDED = 1;
    private const NAMES = 5;

    private function __construct(
        private readonly string $head,
        /** @var resource */
        private readonly mixed $file,
    ) {
    }

    /**
     * Null where the file begins otherwise, or ends too early to tell.
     *
     * @param resource $file open for as long as this is asked
     */
    public static function of($file): ?self
    {
        $head = (string) fread($file, self::HEAD);
        return str_starts_with($head, "\x7fELF") && strlen($head) === self::HEAD ? new self($head, $file) : null;
    }

    public function machine(): string
    {
        $number = $this->numbers(['machine' => 'half'], $this->head, 18)['machine'];
        $little = $number === 21 && !$this->isBigEndian() ? 'le' : '';
        return (self::MACHINES[$number] ?? "machine {$number}") . $little;
    }

    public function bits(): int
    {
        return ord($this->head[4]) === 2 ? 64 : 32;
    }

    /** Where the file ends by its own account: after its last section or segment. */
    public function end(): int
    {
        $start = $this->numbers(['start' => 'long'], $this->head, $this->isWide() ? 40 : 32)['start'];
        $sections = $this->numbers(['size' => 'half', 'count' => 'half'], $this->head, $this->isWide() ? 58 : 46);
        $end = max($start + $sections['size'] * $sections['count'], $this->segmentsEnd());
        foreach ($this->segments() as $segment) {
            $end = max($end, $segment['offset'] + $segment['size']);
        }
        return $end;
    }

    /** The C library that it needs: 'gnu', 'musl', or '' where that cannot be told. */
    public function libc(): string
    {
        foreach ($this->needed() as $name) {
            if (str_starts_with($name, 'libc.so.') || str_starts_with($name, 'ld-linux')) {
                return 'gnu';
            }
            if ($name === 'libc.so' || str_starts_with($name, 'libc.musl')) {
                return 'musl';
            }
        }
        return '';
    }

    /** @return list<string> the libraries that it needs */
    private function needed(): array
    {
        $segments = $this->segments();
        $needed = [];
        $names = 0;
        foreach ($segments as $segment) {
            if ($segment['type'] === self::DYNAMIC) {
                foreach ($this->entries($segment) as ['tag' => $tag, 'value' => $value]) {
                    $needed = $tag === self::NEEDED ? [...$needed, $value] : $needed;
                    $names = $tag === self::NAMES ? $value : $names;
                }
            }
        }
        foreach ($segments as $segment) {
            $into = $names - $segment['address'];
            if ($segment['type'] === self::LOADED && $into >= 0 && $into < $segment['size']) {
                $start = $segment['offset'] + $into;
                return array_map(fn (int $name): string => explode("\0", $this->read($start + $name, 64))[0], $needed);
            }
        }
        return [];
    }

    /**
     * @param Segment $segment
     * @return list<array<string, int>>
     */
    private function entries(array $segment): array
    {
        $size = $this->isWide() ? 16 : 8;
        $entries = [];
        foreach (str_split($this->read($segment['offset'], $segment['size']), $size) as $entry) {
            if (strlen($entry) === $size) {
                $entries[] = $this->numbers(['tag' => 'long', 'value' => 'long'], $entry);
            }
        }
        return $entries;
    }

    /** @return list<Segment> */
    private function segments(): array
    {
        ['start' => $start, 'size' => $size, 'count' => $count] = $this->segmentsTable();
        $segments = [];
        foreach (str_split($this->read($start, $size * $count), max(1, $size)) as $entry) {
            if (strlen($entry) === $size) {
                $places = $this->isWide() ? [8, 16, 32] : [4, 8, 16];
                $segments[] = [
                    'type' => $this->numbers(['type' => 'word'], $entry)['type'],
                    'offset' => $this->numbers(['at' => 'long'], $entry, $places[0])['at'],
                    'address' => $this->numbers(['at' => 'long'], $entry, $places[1])['at'],
                    'size' => $this->numbers(['at' => 'long'], $entry, $places[2])['at'],
                ];
            }
        }
        return $segments;
    }

    private function segmentsEnd(): int
    {
        ['start' => $start, 'size' => $size, 'count' => $count] = $this->segmentsTable();
        return $start + $size * $count;
    }

    /** @return array<string, int> */
    private function segmentsTable(): array
    {
        return $this->numbers(['start' => 'long'], $this->head, $this->isWide() ? 32 : 28)
            + $this->numbers(['size' => 'half', 'count' => 'half'], $this->head, $this->isWide() ? 54 : 42);
    }

    /**
     * Reads numbers as wide as they are here, and in the order of this file's bytes.
     *
     * @param non-empty-array<string, 'half'|'word'|'long'> $fields
     * @return array<string, int>
     */
    private function numbers(array $fields, string $bytes, int $offset = 0): array
    {
        $codes = $this->isBigEndian()
            ? ['half' => 'n', 'word' => 'N', 'long' => $this->isWide() ? 'J' : 'N']
            : ['half' => 'v', 'word' => 'V', 'long' => $this->isWide() ? 'P' : 'V'];
        $format = [];
        foreach ($fields as $name => $width) {
            $format[] = $codes[$width] . $name;
        }
        /** @var array<string, int> */
        return (array) unpack(implode('/', $format), $bytes, $offset);
    }

    private function read(int $offset, int $length): string
    {
        fseek($this->file, $offset);
        return (string) fread($this->file, max(1, min($length, self::LONGEST)));
    }

    private function isWide(): bool
    {
        return $this->bits() === 64;
    }

    private function isBigEndian(): bool
    {
        return ord($this->head[5]) === 2;
    }
}
