<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Platform;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** How the library is found, and what is said where it cannot be used. */
final class LoadingTest extends TestCase
{
    /** Where the tests run. */
    private const PLATFORM = 'x86_64-linux-gnu';

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
        self::assertStringStartsWith(PhpProgram::SIGNED, PhpProgram::run([], ['JUSTCLICK_LIBRARY' => self::library()]));
    }

    public function testTheSystemsLibraryIsTakenByItsName(): void
    {
        symlink(self::library(), "{$this->folder}/libjustclick.so.0");
        $found = PhpProgram::run([], ['JUSTCLICK_LIBRARY' => '', 'LD_LIBRARY_PATH' => $this->folder]);
        self::assertStringStartsWith(PhpProgram::SIGNED, $found);
    }

    public function testTheLibraryInThePackageComesBeforeTheSystems(): void
    {
        $package = $this->copyOfThePackage();
        mkdir("{$package}/lib");
        symlink(self::library(), "{$package}/lib/libjustclick.so");
        PhpProgram::compile($this->folder . '/libjustclick.so.0', '-DABI_VERSION=7');
        $environment = ['JUSTCLICK_LIBRARY' => '', 'LD_LIBRARY_PATH' => $this->folder];
        $program = "{$package}/tests/programs/sign.php";
        self::assertStringStartsWith(PhpProgram::SIGNED, PhpProgram::run([], $environment, $program));
    }

    public function testThePackageHasALibraryForEachPlatform(): void
    {
        $package = $this->copyOfThePackage();
        foreach (['aarch64-linux-gnu', 'x86_64-linux-musl', self::PLATFORM] as $platform) {
            mkdir("{$package}/lib/{$platform}", 0700, true);
            file_put_contents("{$package}/lib/{$platform}/libjustclick.so", 'of another machine');
        }
        $own = "{$package}/lib/" . self::PLATFORM . '/libjustclick.so';
        unlink($own);
        symlink(self::library(), $own);
        PhpProgram::compile("{$this->folder}/libjustclick.so.0", '-DABI_VERSION=7');
        $environment = ['JUSTCLICK_LIBRARY' => '', 'LD_LIBRARY_PATH' => $this->folder];
        $program = "{$package}/tests/programs/sign.php";
        self::assertStringStartsWith(PhpProgram::SIGNED, PhpProgram::run([], $environment, $program));

        // Sites may keep PHP from looking at itself and at the package.
        $shut = ['-d', "open_basedir={$package}/tests:{$package}/src"];
        self::assertStringStartsWith(PhpProgram::SIGNED, PhpProgram::run($shut, $environment, $program));
        $shut = [...$shut, '-d', 'disable_functions=php_uname,fopen'];
        self::assertStringStartsWith(PhpProgram::SIGNED, PhpProgram::run($shut, $environment, $program));
    }

    public function testALibraryThatWasPutIntoThePackageComesFirst(): void
    {
        $package = $this->copyOfThePackage();
        mkdir("{$package}/lib/" . self::PLATFORM, 0700, true);
        PhpProgram::compile("{$package}/lib/" . self::PLATFORM . '/libjustclick.so', '-DABI_VERSION=7');
        symlink(self::library(), "{$package}/lib/libjustclick.so");
        $program = "{$package}/tests/programs/sign.php";
        self::assertStringStartsWith(PhpProgram::SIGNED, PhpProgram::run([], ['JUSTCLICK_LIBRARY' => ''], $program));
    }

    public function testAPackageForOthersIsToldWithWhomItIsFor(): void
    {
        $package = $this->copyOfThePackage();
        mkdir("{$package}/lib/aarch64-linux-gnu", 0700, true);
        mkdir("{$package}/lib/x86_64-linux-musl");
        file_put_contents("{$package}/lib/readme", '');
        $program = "{$package}/tests/programs/sign.php";
        $said = PhpProgram::run([], ['JUSTCLICK_LIBRARY' => '', 'LD_LIBRARY_PATH' => $this->folder], $program);
        self::assertStringContainsString("{$package}/lib/" . self::PLATFORM . '/libjustclick.so', $said);
        $platforms = 'This PHP is ' . self::PLATFORM
            . ', and the package has the library for aarch64-linux-gnu, x86_64-linux-musl. ';
        self::assertStringContainsString($platforms, $said);
    }

    /** @return array<string, array{Platform, string, string, string}> */
    public static function platforms(): array
    {
        $file = 'libjustclick.so';
        $installed = 'libjustclick.so.0';
        $dll = 'justclick.dll';
        $dylib = 'libjustclick.dylib';
        return [
            'Debian' => [new Platform('x86_64', 64, 'Linux', 'gnu'), 'x86_64-linux-gnu', $file, $installed],
            'Alpine' => [new Platform('aarch64', 64, 'Linux', 'musl'), 'aarch64-linux-musl', $file, $installed],
            'FreeBSD' => [new Platform('x86_64', 64, 'BSD', 'musl'), 'x86_64-bsd', $file, $installed],
            'Windows' => [new Platform('x86_64', 64, 'Windows', 'musl'), 'x86_64-windows', $dll, $dll],
            'macOS' => [new Platform('aarch64', 64, 'Darwin', 'musl'), 'aarch64-macos', $dylib, $dylib],
        ];
    }

    /** @dataProvider platforms */
    #[DataProvider('platforms')]
    public function testWhatALibraryIsCalled(Platform $platform, string $name, string $file, string $installed): void
    {
        self::assertSame([$name, $file, $installed], [$platform->name(), $platform->file(), $platform->installed()]);
    }

    public function testAMissingLibraryIsToldWithThePlacesLookedAt(): void
    {
        $said = PhpProgram::run([], ['JUSTCLICK_LIBRARY' => '', 'LD_LIBRARY_PATH' => $this->folder]);
        self::assertStringContainsString('was not found', $said);
        $lib = dirname(__DIR__) . '/lib';
        $looked = "Looked for: {$lib}/libjustclick.so, {$lib}/" . self::PLATFORM
            . '/libjustclick.so, libjustclick.so.0. This PHP is ' . self::PLATFORM . '. ';
        self::assertStringContainsString($looked, $said);
        self::assertStringContainsString('JUSTCLICK_LIBRARY', $said);

        $named = PhpProgram::run([], ['JUSTCLICK_LIBRARY' => '/no/such/library.so']);
        self::assertStringContainsString('Looked for: /no/such/library.so.', $named);
        self::assertStringNotContainsString('libjustclick.so.0', $named);
    }

    public function testAnotherVersionIsToldWithBothNumbersAndThePath(): void
    {
        $library = PhpProgram::compile($this->folder . '/libjustclick.so.0', '-DABI_VERSION=7');
        $this->saysWhichVersions(PhpProgram::run([], ['JUSTCLICK_LIBRARY' => $library]), 'interface 7');
        // By its name alone, it is the path where the system found it.
        $environment = ['JUSTCLICK_LIBRARY' => '', 'LD_LIBRARY_PATH' => $this->folder];
        $this->saysWhichVersions(PhpProgram::run([], $environment), 'interface 7');
    }

    public function testALibraryThatLacksAFunctionIsToldAsTooOld(): void
    {
        $library = PhpProgram::compile($this->folder . '/libjustclick.so.0', '-DABI_VERSION=0');
        $said = PhpProgram::run([], ['JUSTCLICK_LIBRARY' => $library]);
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
        $said = PhpProgram::run([], ['JUSTCLICK_LIBRARY' => 'libc.so.6']);
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
        self::assertSame('none|Added', PhpProgram::run(['-n'], ['JUSTCLICK_LIBRARY' => '/no/such'], $program));
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
