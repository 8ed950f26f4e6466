<?php

declare(strict_types=1);

namespace JustClick\Tests;

use PHPUnit\Framework\TestCase;

/** How the library is found, and what is said where it cannot be used. */
final class LoadingTest extends TestCase
{
    private const PROGRAM = __DIR__ . '/programs/sign.php';
    private const GOOD = 'rid%5B0%5D=super&lead_email=a%40b.ru&hash=';

    private string $folder;

    protected function setUp(): void
    {
        $this->folder = Server::newFolder();
    }

    protected function tearDown(): void
    {
        exec('rm -rf ' . escapeshellarg($this->folder));
    }

    public function testALibraryThatIsNamedIsTaken(): void
    {
        self::assertStringStartsWith(self::GOOD, $this->php([], ['JUSTCLICK_LIBRARY' => self::library()]));
    }

    public function testTheSystemsLibraryIsTakenByItsName(): void
    {
        symlink(self::library(), "{$this->folder}/libjustclick.so.0");
        $found = $this->php([], ['JUSTCLICK_LIBRARY' => '', 'LD_LIBRARY_PATH' => $this->folder]);
        self::assertStringStartsWith(self::GOOD, $found);
    }

    public function testTheLibraryInThePackageComesBeforeTheSystems(): void
    {
        $package = $this->copyOfThePackage();
        mkdir("{$package}/lib");
        symlink(self::library(), "{$package}/lib/libjustclick.so");
        $this->compile('libjustclick.so.0', '-DABI_VERSION=7');
        $environment = ['JUSTCLICK_LIBRARY' => '', 'LD_LIBRARY_PATH' => $this->folder];
        $program = "{$package}/tests/programs/sign.php";
        self::assertStringStartsWith(self::GOOD, $this->php([], $environment, $program));
    }

    public function testAMissingExtensionIsToldAsThat(): void
    {
        // Debian's PHP loads it by an ini file, so without those it is not there.
        $said = $this->php(['-n'], []);
        self::assertStringContainsString('LibraryNotUsable: PHP\'s extension ffi is missing', $said);
        self::assertStringContainsString('`extension=ffi` to php.ini', $said);
    }

    public function testFfiThatIsSwitchedOffIsToldAsThat(): void
    {
        $said = $this->php(['-d', 'ffi.enable=0'], []);
        $this->saysHowToAllowFfi($said, 'ffi.enable=0');
    }

    /** PHP's own web server is held to ffi.enable=preload, as php-fpm is. */
    public function testFfiThatIsForPreloadedClassesIsToldAsThat(): void
    {
        $server = new PhpServer(self::PROGRAM);
        $this->saysHowToAllowFfi((string) file_get_contents($server->url), 'ffi.enable=preload');
        $allowed = new PhpServer(self::PROGRAM, ['-d', 'ffi.enable=1']);
        self::assertStringStartsWith(self::GOOD, (string) file_get_contents($allowed->url));
    }

    private function saysHowToAllowFfi(string $said, string $value): void
    {
        $preload = dirname(__DIR__) . '/preload.php';
        foreach (
            [
                "FFI is not allowed here ({$value})",
                "`opcache.preload={$preload}`",
                'to ' . php_ini_loaded_file(),
                '`php_admin_value[ffi.enable]=1`',
                'pool.d/www.conf',
            ] as $part
        ) {
            self::assertStringContainsString($part, $said);
        }
    }

    public function testAMissingLibraryIsToldWithThePlacesLookedAt(): void
    {
        $said = $this->php([], ['JUSTCLICK_LIBRARY' => '', 'LD_LIBRARY_PATH' => $this->folder]);
        self::assertStringContainsString('was not found', $said);
        self::assertStringContainsString(dirname(__DIR__) . '/lib/libjustclick.so: cannot open', $said);
        self::assertStringContainsString('libjustclick.so.0: cannot open', $said);
        self::assertStringContainsString('JUSTCLICK_LIBRARY', $said);

        $named = $this->php([], ['JUSTCLICK_LIBRARY' => '/no/such/library.so']);
        self::assertStringContainsString('Looked at: /no/such/library.so: cannot open', $named);
        self::assertStringNotContainsString('libjustclick.so.0', $named);
    }

    public function testALibraryForAnotherLibcIsToldAsThat(): void
    {
        // The name that Alpine's libc goes by; it is gone when the library is opened.
        $libc = $this->compile('libc.musl-x86_64.so.1', '-DABI_VERSION=0', '-Wl,-soname,libc.musl-x86_64.so.1');
        $library = $this->compile('musl.so', '-DABI_VERSION=0', '-Wl,--no-as-needed', $libc);
        unlink($libc);
        $said = $this->php([], ['JUSTCLICK_LIBRARY' => $library]);
        self::assertStringContainsString("{$library} was built for another system library (libc)", $said);
        self::assertStringContainsString('libc.musl-x86_64.so.1', $said);
        self::assertStringContainsString('Alpine', $said);
    }

    public function testAnotherVersionIsToldWithBothNumbersAndThePath(): void
    {
        $library = $this->compile('libjustclick.so.0', '-DABI_VERSION=7');
        $this->saysWhichVersions($this->php([], ['JUSTCLICK_LIBRARY' => $library]), 'interface 7');
        // By its name alone, it is the path where the system found it.
        $environment = ['JUSTCLICK_LIBRARY' => '', 'LD_LIBRARY_PATH' => $this->folder];
        $this->saysWhichVersions($this->php([], $environment), 'interface 7');
    }

    public function testALibraryThatLacksAFunctionIsToldAsTooOld(): void
    {
        $library = $this->compile('libjustclick.so.0', '-DABI_VERSION=0');
        $said = $this->php([], ['JUSTCLICK_LIBRARY' => $library]);
        $this->saysWhichVersions($said, 'too old');
        self::assertStringContainsString("'jc_", $said);
    }

    private function saysWhichVersions(string $said, string $part): void
    {
        self::assertStringContainsString("{$this->folder}/libjustclick.so.0 is version 9.8.7", $said);
        self::assertStringContainsString('this package is version 0.1.0 with the interface 0', $said);
        self::assertStringContainsString($part, $said);
    }

    public function testAFileThatIsNotTheLibraryIsToldAsThat(): void
    {
        $said = $this->php([], ['JUSTCLICK_LIBRARY' => 'libc.so.6']);
        self::assertStringContainsString('libc.so.6 is not the justclick library', $said);
    }

    public function testASiteThatAddsNoLeadNeverMeetsFfi(): void
    {
        $program = "{$this->folder}/site.php";
        $bootstrap = var_export(__DIR__ . '/bootstrap.php', true);
        // Even the values of an exception or a lead need no library.
        file_put_contents($program, "<?php require {$bootstrap};
            new JustClick\\Lead('a@b.ru', ['g']);
            echo class_exists(FFI::class) ? 'ffi' : 'none', '|', JustClick\\Outcome::Added->name;");
        self::assertSame('none|Added', $this->php(['-n'], ['JUSTCLICK_LIBRARY' => '/no/such'], $program));
    }

    /**
     * @param list<string> $options
     * @param array<string, string> $environment
     */
    private function php(array $options, array $environment, string $program = self::PROGRAM): string
    {
        $process = proc_open(
            [PHP_BINARY, ...$options, $program],
            [1 => ['pipe', 'w'], 2 => ['redirect', 1]],
            $pipes,
            null,
            $environment + getenv(),
        );
        self::assertNotFalse($process);
        $said = (string) stream_get_contents($pipes[1]);
        proc_close($process);
        return $said;
    }

    private function compile(string $name, string ...$flags): string
    {
        $library = "{$this->folder}/{$name}";
        $command = ['cc', '-shared', '-fPIC', '-o', $library, __DIR__ . '/programs/old.c', ...$flags];
        exec(implode(' ', array_map('escapeshellarg', $command)) . ' 2>&1', $output, $status);
        self::assertSame(0, $status, implode("\n", $output));
        return $library;
    }

    private function copyOfThePackage(): string
    {
        $package = "{$this->folder}/package";
        mkdir($package);
        foreach (['src', 'tests'] as $part) {
            exec('cp -r ' . escapeshellarg(dirname(__DIR__) . "/{$part}") . ' ' . escapeshellarg($package));
        }
        return $package;
    }

    private static function library(): string
    {
        return (string) realpath((string) getenv('JUSTCLICK_LIBRARY'));
    }
}
