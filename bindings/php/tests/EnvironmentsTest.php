<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\FfiAdvice;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** PHP as hosts set it up: what is said where FFI is not allowed, and what does not matter. */
final class EnvironmentsTest extends TestCase
{
    private const OWN = __DIR__ . '/../preload.php';

    private string $folder;

    protected function setUp(): void
    {
        $this->folder = Server::newFolder();
    }

    protected function tearDown(): void
    {
        exec('rm -rf ' . escapeshellarg($this->folder));
    }

    public function testAMissingExtensionIsToldAsThat(): void
    {
        // Debian's PHP loads it by an ini file, so without those it is not there.
        $said = PhpProgram::run(['-n'], []);
        self::assertStringContainsString('LibraryNotUsable: PHP\'s extension ffi is missing', $said);
        self::assertStringContainsString('add the line `extension=ffi` to php.ini', $said);

        // The line is there, but not the file that it names.
        $ini = $this->ini("extension_dir={$this->folder}\nextension=ffi");
        $said = PhpProgram::run(['-c', $ini], ['PHP_INI_SCAN_DIR' => '/none']);
        self::assertStringContainsString("the line `extension=ffi` is in {$ini}", $said);
        self::assertStringNotContainsString('add the line', $said);
    }

    public function testFfiThatIsSwitchedOffOnTheCommandLine(): void
    {
        $said = PhpProgram::run(['-d', 'ffi.enable=0'], []);
        $line = 'FFI is not allowed here (ffi.enable=0). The line `ffi.enable=0` in PHP\'s settings or command line ';
        self::assertStringContainsString($line . 'forbids it to all: change it to `ffi.enable=preload`', $said);

        $ini = $this->ini("extension=ffi\nffi.enable=0");
        $said = PhpProgram::run(['-c', $ini], ['PHP_INI_SCAN_DIR' => '/none']);
        self::assertStringContainsString("The line `ffi.enable=0` in {$ini} forbids it", $said);
        self::assertStringNotContainsString('add the line', $said);

        $ini = $this->ini("extension=ffi\nffi.enable=preload");
        self::assertStringStartsWith(
            PhpProgram::SIGNED,
            PhpProgram::run(['-c', $ini], ['PHP_INI_SCAN_DIR' => '/none']),
        );
    }

    /** PHP's own web server is held to ffi.enable=preload, as php-fpm is. */
    public function testPhpsOwnServer(): void
    {
        $server = new PhpServer(PhpProgram::SIGN);
        $said = (string) file_get_contents($server->url);
        self::assertStringContainsString('FFI is not allowed here (ffi.enable=preload)', $said);
        self::assertStringContainsString('Start the server by `php -d ffi.enable=1 -S`', $said);
        self::assertStringNotContainsString('pool', $said);
        $allowed = new PhpServer(PhpProgram::SIGN, ['-d', 'ffi.enable=1']);
        self::assertStringStartsWith(PhpProgram::SIGNED, (string) file_get_contents($allowed->url));
    }

    /**
     * @return array<string, array{list<string>, list<string>, list<string>}> the lines of the pool's
     *     file and of php.ini, and what is said
     */
    public static function sites(): array
    {
        $pool = '`php_admin_value[ffi.enable]=1` to the pool\'s file';
        return [
            'as installed' => [[], [], [
                "(ffi.enable=preload). Add the line {$pool}",
                '`opcache.preload=/usr/local/share/justclick/preload.php`',
                '/fpm/php.ini',
                'PHP does not start once that file or user is gone',
            ]],
            'switched off' => [[], ['ffi.enable=0'], ["(ffi.enable=0). The line `ffi.enable=0` in ", $pool]],
            'switched off in the pool' => [
                ['php_admin_value[ffi.enable] = off'],
                [],
                ['The line `ffi.enable=', 'settings or command line forbids it', $pool],
            ],
            'switched off, with preload' => [
                [],
                ['ffi.enable=0', ...Site::PRELOAD],
                ['change it to `ffi.enable=preload`, for opcache.preload is set'],
            ],
            'preload without opcache' => [
                [],
                ['opcache.enable=0', ...Site::PRELOAD],
                ['is set, but opcache is off: change `opcache.enable=0` in ', "Or add the line {$pool}"],
            ],
            'preload in the pool' => [
                ['php_admin_value[opcache.preload] = ' . self::OWN],
                [],
                ["but in a pool's file, which is too late: move the line to ", "Or add the line {$pool}"],
            ],
            'a preload script of the site' => [
                [],
                ['opcache.preload=' . __DIR__ . '/bootstrap.php', 'opcache.preload_user=www-data'],
                ["but that script did not load this package: it needs the line `require '", "Or add the line {$pool}"],
            ],
        ];
    }

    /**
     * @dataProvider sites
     * @param list<string> $pool
     * @param list<string> $options
     * @param list<string> $says
     */
    #[DataProvider('sites')]
    public function testASiteWithout(array $pool, array $options, array $says): void
    {
        $sandbox = new Sandbox();
        $site = new Site(Site::environment($sandbox), $pool, $options);
        [$status, $page] = $site->submit('Name', 'nobody@b.ru');
        self::assertSame(503, $status, $page);
        self::assertStringContainsString('FFI is not allowed here', $site->log());
        foreach ($says as $part) {
            self::assertStringContainsString($part, $site->log());
        }
        if (in_array('opcache.preload_user=www-data', $options, true)) {
            self::assertStringNotContainsString('add the lines', $site->log());
        }
    }

    /** What php-fpm is not needed for: Apache's module, and PHP without opcache. */
    public function testTheAdviceForOtherWaysToRun(): void
    {
        $advice = new FfiAdvice('apache2handler', 'preload', '', '1', false, ['/etc/php/8.2/apache2/php.ini']);
        $line = "Add the line `php_admin_value ffi.enable 1` to the site's <VirtualHost>";
        self::assertStringContainsString($line, $advice->notAllowed());
        self::assertStringContainsString('to /etc/php/8.2/apache2/php.ini', $advice->notAllowed());

        $advice = new FfiAdvice('fpm-fcgi', 'preload', '/x/preload.php', null, true, ['/etc/php.ini']);
        self::assertStringContainsString(
            'opcache.preload=/x/preload.php is set, but the extension opcache is missing, which preloads. Install it '
            . '(Debian and Ubuntu: php-opcache), or add the line `zend_extension=opcache` to /etc/php.ini. Or add',
            $advice->notAllowed(),
        );

        $advice = new FfiAdvice('litespeed', '', '', '1', false, []);
        self::assertStringContainsString('(ffi.enable=off)', $advice->notAllowed());
        self::assertStringContainsString('Instead, set `ffi.enable=1` in php.ini', $advice->notAllowed());
    }

    /** @return array<string, array{list<string>}> */
    public static function switchedOffFunctions(): array
    {
        return [
            'getenv' => [['getenv']],
            'glob' => [['glob']],
            'opcache_compile_file' => [['opcache_compile_file']],
            'what careful hosts switch off' => [[
                'getenv', 'putenv', 'glob', 'opcache_compile_file', 'opcache_get_status', 'exec', 'passthru',
                'shell_exec', 'system', 'proc_open', 'popen', 'dl', 'phpinfo', 'php_uname', 'posix_getpwuid',
                'file_get_contents', 'fopen',
            ]],
        ];
    }

    /**
     * @dataProvider switchedOffFunctions
     * @param list<string> $functions
     */
    #[DataProvider('switchedOffFunctions')]
    public function testAHostThatSwitchesFunctionsOff(array $functions): void
    {
        $program = "{$this->folder}/site.php";
        $bootstrap = var_export(__DIR__ . '/bootstrap.php', true);
        file_put_contents($program, "<?php require {$bootstrap};
            try {
                \$client = new JustClick\\Client('username', 'secret');
                echo \$client->sign(['rid[0]' => 'super', 'lead_email' => 'a@b.ru'])->body;
            } catch (JustClick\\Exception\\LibraryNotUsable \$failure) {
                echo \$failure->getMessage();
            }");
        $environment = ['JUSTCLICK_LIBRARY' => (string) realpath((string) getenv('JUSTCLICK_LIBRARY'))];
        $options = ['disable_functions=' . implode(',', $functions), ...Site::PRELOAD];
        $site = new Site($environment, [], $options, root: $this->folder);
        self::assertStringStartsWith(PhpProgram::SIGNED, $site->page('site.php'), $site->log());
        self::assertSame('', $site->log());
    }

    /** The package is outside of it, as where Composer made a link; the classes are preloaded. */
    public function testOpenBasedirThatLeavesThePackageOut(): void
    {
        $text = str_replace("require __DIR__ . '/../bootstrap.php';", '', (string) file_get_contents(PhpProgram::SIGN));
        file_put_contents("{$this->folder}/site.php", $text);
        $environment = ['JUSTCLICK_LIBRARY' => (string) realpath((string) getenv('JUSTCLICK_LIBRARY'))];
        $pool = ["php_admin_value[open_basedir] = {$this->folder}"];
        $site = new Site($environment, $pool, Site::PRELOAD, root: $this->folder);
        self::assertStringStartsWith(PhpProgram::SIGNED, $site->page('site.php'), $site->log());
        self::assertSame('', $site->log());
    }

    /** Some sites turn each warning into an exception, also a silenced one. */
    public function testAnErrorHandlerThatThrows(): void
    {
        $program = "{$this->folder}/throwing.php";
        $sign = var_export(PhpProgram::SIGN, true);
        file_put_contents($program, "<?php
            set_error_handler(static function (int \$level, string \$text): never {
                throw new ErrorException(\$text);
            });
            require {$sign};");
        $basedir = ['-d', "open_basedir={$this->folder}:" . dirname(__DIR__)];
        self::assertStringStartsWith(PhpProgram::SIGNED, PhpProgram::run($basedir, [], $program));
        $said = PhpProgram::run($basedir, ['JUSTCLICK_LIBRARY' => '/no/such/library.so'], $program);
        self::assertStringStartsWith('JustClick\Exception\LibraryNotUsable: the justclick library was not', $said);
        $said = PhpProgram::run(['-d', 'ffi.enable=0', ...$basedir], [], $program);
        self::assertStringStartsWith('JustClick\Exception\LibraryNotUsable: FFI is not allowed', $said);
    }

    /** Even what nobody thought of is an exception of this package. */
    public function testAHostWithoutAFunctionThatLoadingNeeds(): void
    {
        $said = PhpProgram::run(['-d', 'disable_functions=extension_loaded'], []);
        self::assertStringStartsWith('JustClick\Exception\LibraryNotUsable: the justclick library cannot be ', $said);
        self::assertStringContainsString('extension_loaded()', $said);
    }

    public function testThePreloadScriptNamesEveryFile(): void
    {
        preg_match_all("~^        '([\w/]+)',$~m", (string) file_get_contents(self::OWN), $named);
        $files = array_map(
            static fn (string $file) => substr($file, strlen(dirname(__DIR__) . '/src/'), -4),
            glob(dirname(__DIR__) . '/src/{,*/}*.php', GLOB_BRACE) ?: [],
        );
        sort($files);
        sort($named[1]);
        self::assertSame($files, $named[1]);
    }

    private function ini(string $lines): string
    {
        $ini = "{$this->folder}/" . md5($lines) . '.ini';
        file_put_contents($ini, "{$lines}\n");
        return $ini;
    }
}
