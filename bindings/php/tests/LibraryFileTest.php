<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\LibraryFile;
use JustClick\Platform;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** A library that is there and cannot be loaded: what is said of it. */
final class LibraryFileTest extends TestCase
{
    private string $folder;
    private string $library;

    protected function setUp(): void
    {
        $this->folder = Server::newFolder();
        $this->library = "{$this->folder}/libjustclick.so";
        copy((string) realpath((string) getenv('JUSTCLICK_LIBRARY')), $this->library);
    }

    protected function tearDown(): void
    {
        exec('rm -rf ' . escapeshellarg($this->folder));
    }

    public function testAnIntactCopyIsTaken(): void
    {
        self::assertStringStartsWith(PhpProgram::SIGNED, $this->said());
    }

    public function testOneOfAnotherMachine(): void
    {
        $this->write(18, "\xb7\x00");
        $this->says("exists, but is for another machine: it is for aarch64, 64 bits, and this PHP for x86_64, 64 bits");
    }

    public function testOneOfAnotherMachineThatPhpMustNotRead(): void
    {
        $this->write(18, "\xb7\x00");
        $said = $this->said(['-d', 'open_basedir=' . dirname(__DIR__)]);
        self::assertStringContainsString('the justclick library was not found', $said);
        self::assertStringContainsString('(open_basedir keeps PHP from looking there itself', $said);
    }

    public function testOneOfAnotherWordSize(): void
    {
        $this->write(4, "\x01");
        $this->says('exists, but is for another machine: it is for x86_64, 32 bits, and this PHP for x86_64, 64 bits');
    }

    public function testOneThatWindowsDoesNotOpen(): void
    {
        $windows = new Platform('x86_64', 64, 'Windows', 'musl');
        self::assertFalse($windows->tellsReasons());
        self::assertSame(LibraryFile::MISSING, LibraryFile::unexplained("{$this->folder}/justclick.dll", $windows));
        $told = LibraryFile::unexplained($this->library, $windows);
        self::assertStringContainsString('it must be the library for x86_64-windows', $told);
    }

    public function testOneThatIsCutOff(): void
    {
        $size = (int) filesize($this->library);
        foreach ([$size - 1, intdiv($size, 2), 4096, 64] as $length) {
            $this->cut($length);
            $this->says("exists, but is cut off: it has {$length} bytes of ");
        }
        $this->cut(20);
        $this->says('exists, but is cut off after 20 bytes');
        $this->cut(0);
        $this->says('exists, but is no shared library: it is empty');
    }

    /** Without the table of sections, which strip can take away, the segments say where it ends. */
    public function testOneWithoutSectionsThatIsCutOff(): void
    {
        $this->write(40, str_repeat("\0", 8));
        $this->write(60, "\0\0");
        self::assertStringStartsWith(PhpProgram::SIGNED, $this->said());
        $this->cut(100_000);
        $this->says('exists, but is cut off: it has 100000 bytes of ');
    }

    public function testAPageInItsPlace(): void
    {
        file_put_contents($this->library, '<!DOCTYPE html><title>404 Not Found</title>');
        $this->says('exists, but is no shared library');
    }

    public function testAFolderInItsPlace(): void
    {
        unlink($this->library);
        mkdir($this->library);
        $this->says('exists, but is no file');
    }

    public function testOneThatMayNotBeRead(): void
    {
        chmod($this->library, 0600);
        $user = ['setpriv', '--reuid', 'www-data', '--regid', 'www-data', '--clear-groups'];
        $this->says('exists, but this user may not read it: www-data needs the right', [], $user);
    }

    public function testOneOnAMountWithoutExecution(): void
    {
        $script = 'mount -t tmpfs -o noexec tmpfs "$0" && cp "$1" "$0/libjustclick.so" && shift && exec "$@"';
        $mounted = ['unshare', '--mount', 'sh', '-c', $script, $this->folder];
        $own = (string) realpath((string) getenv('JUSTCLICK_LIBRARY'));
        $this->says('exists, but the system runs no code from there: most often the mount has the option noexec', [], [
            ...$mounted,
            $own,
        ]);
    }

    /** @return array<string, array{string}> */
    public static function libcsOfMusl(): array
    {
        return ['as zig and Debian name it' => ['libc.so'], 'as Alpine names it' => ['libc.musl-x86_64.so.1']];
    }

    /** @dataProvider libcsOfMusl */
    #[DataProvider('libcsOfMusl')]
    public function testOneForAnotherLibc(string $name): void
    {
        $libc = PhpProgram::compile("{$this->folder}/{$name}", '-DABI_VERSION=0', '-nostdlib', "-Wl,-soname,{$name}");
        PhpProgram::compile($this->library, '-DABI_VERSION=0', '-nostdlib', '-Wl,--no-as-needed', $libc);
        $this->says('exists, but was built for another system library (libc) than this machine\'s: it needs musl, and '
            . 'this PHP runs with gnu. Install the library that was built for this system (Alpine has musl');
    }

    /** Where PHP must not look into the file, the system's loader tells. */
    public function testOneForAnotherLibcThatPhpMustNotRead(): void
    {
        $name = 'libc.musl-x86_64.so.1';
        $libc = PhpProgram::compile("{$this->folder}/{$name}", '-DABI_VERSION=0', "-Wl,-soname,{$name}");
        PhpProgram::compile($this->library, '-DABI_VERSION=0', '-Wl,--no-as-needed', $libc);
        unlink($libc);
        $said = $this->says(
            'exists, but was built for another system library (libc) than this machine\'s',
            ['-d', 'open_basedir=' . dirname(__DIR__)],
        );
        self::assertStringContainsString($name, $said);
    }

    public function testOneForANewerSystem(): void
    {
        $bytes = str_replace('GLIBC_2.34', 'GLIBC_9.99', (string) file_get_contents($this->library), $count);
        self::assertGreaterThan(0, $count);
        file_put_contents($this->library, $bytes);
        $this->says('exists, but needs a newer system library (GLIBC_9.99) than this machine\'s');
    }

    public function testOneThatLacksAnother(): void
    {
        $other = PhpProgram::compile("{$this->folder}/libother.so", '-DABI_VERSION=0', '-Wl,-soname,libother.so');
        PhpProgram::compile($this->library, '-DABI_VERSION=0', '-Wl,--no-as-needed', $other);
        unlink($other);
        $this->says('exists, but cannot be loaded: libother.so: cannot open shared object file');
    }

    /** After `make install` without ldconfig. */
    public function testOneThatTheSystemsLoaderDoesNotKnowOf(): void
    {
        $script = 'mount -t tmpfs tmpfs /usr/local/lib && cp "$0" /usr/local/lib/libjustclick.so.0 && exec "$@"';
        $said = PhpProgram::run([], ['JUSTCLICK_LIBRARY' => ''], PhpProgram::SIGN, [
            'unshare',
            '--mount',
            'sh',
            '-c',
            $script,
            $this->library,
        ]);
        $expected = "libjustclick.so.0 is in /usr/local/lib, but the system's loader does not know of it: "
            . 'run `ldconfig` as root.';
        self::assertStringContainsString($expected, $said);
        self::assertStringNotContainsString('was not found', $said);
    }

    public function testTheSystemsOneOfAnotherMachine(): void
    {
        $this->write(18, "\xb7\x00");
        $path = "{$this->folder}/libjustclick.so.0";
        rename($this->library, $path);
        $said = PhpProgram::run([], ['JUSTCLICK_LIBRARY' => '', 'LD_LIBRARY_PATH' => $this->folder]);
        self::assertStringContainsString("{$path} exists, but is for another machine", $said);
    }

    private function write(int $offset, string $bytes): void
    {
        $file = fopen($this->library, 'r+b');
        self::assertNotFalse($file);
        fseek($file, $offset);
        fwrite($file, $bytes);
        fclose($file);
    }

    private function cut(int $length): void
    {
        $file = fopen($this->library, 'r+b');
        self::assertNotFalse($file);
        ftruncate($file, $length);
        fclose($file);
    }

    /**
     * @param list<string> $options
     * @param list<string> $prefix
     */
    private function says(string $expected, array $options = [], array $prefix = []): string
    {
        $said = $this->said($options, $prefix);
        self::assertStringStartsWith('JustClick\Exception\LibraryNotUsable: ', $said);
        self::assertStringContainsString("{$this->library} {$expected}", $said);
        self::assertStringNotContainsString('was not found', $said);
        return $said;
    }

    /**
     * @param list<string> $options
     * @param list<string> $prefix
     */
    private function said(array $options = [], array $prefix = []): string
    {
        return PhpProgram::run($options, ['JUSTCLICK_LIBRARY' => $this->library], PhpProgram::SIGN, $prefix);
    }
}
