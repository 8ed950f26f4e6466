<?php

declare(strict_types=1);

namespace JustClick\WordPress\Tests;

use JustClick\Tests\Server;
use JustClick\Tests\Site;

/** A WordPress as Debian has it, on a MariaDB, an nginx and a php-fpm of its own, with the plugin in it. */
final class WordPress
{
    public const PASSWORD = 'correct horse battery staple';
    private const SOURCE = '/usr/share/wordpress';

    private readonly string $folder;
    private readonly Server $database;
    private readonly Site $site;
    public readonly string $url;
    /** The folder of the site's pages. */
    public readonly string $root;

    public function __construct()
    {
        $this->folder = Server::newFolder();
        $this->database = $this->startDatabase();
        $this->root = "{$this->folder}/site";
        $this->copyFiles();
        $library = (string) realpath((string) getenv('JUSTCLICK_LIBRARY'));
        $this->site = new Site(
            ['JUSTCLICK_LIBRARY' => $library],
            ['php_admin_value[ffi.enable] = 1'],
            root: "{$this->folder}/site",
        );
        $this->url = $this->site->url;
        file_put_contents("{$this->folder}/site/url", $this->url);
        $this->do('install', self::PASSWORD);
    }

    public function __destruct()
    {
        $this->site->stop();
        $this->database->stop();
        exec('rm -rf ' . escapeshellarg($this->folder));
    }

    /** Runs one of the programs inside of WordPress, and returns what it printed. */
    public function do(string $what, string ...$arguments): string
    {
        $program = __DIR__ . "/programs/{$what}.php";
        // The site's files are those of php-fpm's user.
        $user = ['setpriv', '--reuid', 'www-data', '--regid', 'www-data', '--clear-groups'];
        $php = [PHP_BINARY, '-d', 'error_log=/dev/null', $program];
        $command = [...$user, ...$php, "{$this->folder}/site", ...$arguments];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
        if ($process === false) {
            throw new \RuntimeException('php does not start');
        }
        $said = trim((string) stream_get_contents($pipes[1]));
        if (proc_close($process) !== 0) {
            throw new \RuntimeException("{$what}: {$said}");
        }
        return $said;
    }

    /** The address of the page with the form. */
    public function form(): string
    {
        return "{$this->url}/?pagename=subscribe";
    }

    public function home(): void
    {
        if (!str_contains((string) file_get_contents($this->url), 'A site')) {
            throw new \RuntimeException("no home page; {$this->log()}");
        }
    }

    /** A visitor who registers as a user. */
    public function registerUser(string $login, string $email): void
    {
        $page = file_get_contents("{$this->url}/wp-login.php?action=register", false, stream_context_create(['http' => [
            'method' => 'POST',
            'header' => 'Content-Type: application/x-www-form-urlencoded',
            'content' => http_build_query(['user_login' => $login, 'user_email' => $email]),
            'timeout' => 60,
        ]]));
        if (!str_contains((string) $page, 'Registration complete')) {
            throw new \RuntimeException("not registered: {$page}; {$this->log()}");
        }
    }

    public function log(): string
    {
        return $this->site->log();
    }

    /**
     * Sees a page now and then, as visitors do, which is what runs WordPress' cron, until there is
     * an answer.
     *
     * @template T
     * @param callable(): (T|null) $question
     * @return T
     */
    public function visitUntil(callable $question, float $seconds): mixed
    {
        $end = microtime(true) + $seconds;
        while (microtime(true) < $end) {
            file_get_contents($this->form());
            $answer = $question();
            if ($answer !== null) {
                return $answer;
            }
            usleep(500_000);
        }
        throw new \RuntimeException("no answer; the plugin keeps {$this->do('leads')}; {$this->log()}");
    }

    private function startDatabase(): Server
    {
        $data = "{$this->folder}/data";
        chmod($this->folder, 0755);
        mkdir($data);
        exec('chown mysql ' . escapeshellarg($data));
        self::run(['mariadb-install-db', '--user=mysql', "--datadir={$data}", '--skip-test-db']);
        $socket = "{$data}/socket";
        $server = new Server([
            'mariadbd',
            '--user=mysql',
            "--datadir={$data}",
            "--socket={$socket}",
            "--pid-file={$data}/pid",
            '--skip-networking',
        ]);
        $server->until(static fn () => file_exists($socket) ? true : null, 60);
        self::run(['mariadb', "--socket={$socket}", '-e', 'CREATE DATABASE wordpress;
            CREATE USER wordpress@localhost IDENTIFIED BY "wordpress";
            GRANT ALL ON wordpress.* TO wordpress@localhost']);
        return $server;
    }

    private function copyFiles(): void
    {
        $site = "{$this->folder}/site";
        self::run(['cp', '-rL', self::SOURCE, $site]);
        self::run(['cp', '-r', dirname(__DIR__) . '/justclick', "{$site}/wp-content/plugins"]);
        self::run(['chown', 'www-data', "{$site}/wp-content"]);
        $sample = (string) file_get_contents("{$site}/wp-config-sample.php");
        $settings = [
            'database_name_here' => 'wordpress',
            'username_here' => 'wordpress',
            'password_here' => 'wordpress',
            "'localhost'" => "'localhost:{$this->folder}/data/socket'",
            "define( 'WP_DEBUG', false );" => "define( 'WP_SITEURL', trim(file_get_contents(__DIR__ . '/url')) );
                define( 'WP_HOME', WP_SITEURL );
                define( 'WP_HTTP_BLOCK_EXTERNAL', true );
                define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
                define( 'WP_DEBUG', true );
                define( 'WP_DEBUG_DISPLAY', false );",
        ];
        file_put_contents("{$site}/wp-config.php", strtr($sample, $settings));
    }

    /** @param list<string> $command */
    private static function run(array $command): void
    {
        exec(implode(' ', array_map('escapeshellarg', $command)) . ' 2>&1', $output, $status);
        if ($status !== 0) {
            throw new \RuntimeException("{$command[0]}: " . implode("\n", $output));
        }
    }
}
