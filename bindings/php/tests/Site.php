<?php

declare(strict_types=1);

namespace JustClick\Tests;

use JustClick\Client;
use JustClick\Outbox;

/**
 * A web site as Debian installs it: nginx before php-fpm with the stock php.ini, in a folder of
 * its own and on a free port.
 */
final class Site
{
    public const PRELOAD = [
        'opcache.preload=' . __DIR__ . '/../preload.php',
        'opcache.preload_user=www-data',
    ];

    /** Pages that are the tests' own. */
    public const PAGES = __DIR__ . '/pages';

    private readonly Server $fpm;
    private readonly Server $nginx;
    private readonly string $folder;
    public readonly string $url;
    /** Where the site keeps its leads. */
    public readonly string $outbox;

    /**
     * @param array<string, string> $environment of the pool
     * @param list<string> $pool lines of the pool's file
     * @param list<string> $options of php-fpm, as lines of php.ini would be
     * @param list<string> $prefix before the command that starts php-fpm
     * @param string $root the folder of the site's pages
     */
    public function __construct(
        array $environment,
        array $pool = [],
        array $options = [],
        array $prefix = [],
        private readonly string $root = __DIR__ . '/../../../examples/form',
    ) {
        $this->folder = Server::newFolder();
        chmod($this->folder, 0777);
        $this->outbox = $environment['JUSTCLICK_OUTBOX'] ?? "{$this->folder}/leads.db";
        $environment += ['JUSTCLICK_OUTBOX' => $this->outbox];
        $this->writePool($environment, $pool);
        $definitions = [];
        foreach ($options as $option) {
            array_push($definitions, '-d', $option);
        }
        $command = [...$prefix, self::fpmProgram(), '-F', '-y', "{$this->folder}/fpm.conf", ...$definitions];
        try {
            $this->fpm = new Server($command, $environment);
            $this->fpm->until(fn () => file_exists("{$this->folder}/fpm.sock") ? true : null);
            [$this->nginx, $port] = $this->startNginx();
        } catch (\Throwable $failure) {
            // PHP calls no destructor where the constructor throws.
            $this->removeFolder();
            throw $failure;
        }
        $this->url = "http://127.0.0.1:{$port}";
    }

    /**
     * The settings of a site that sends to this sandbox.
     *
     * @return array<string, string>
     */
    public static function environment(Sandbox $sandbox): array
    {
        $environment = [
            'JUSTCLICK_LIBRARY' => (string) realpath((string) getenv('JUSTCLICK_LIBRARY')),
            'JUSTCLICK_USERNAME' => 'username',
            'JUSTCLICK_SECRET' => Sandbox::SECRET,
            'JUSTCLICK_BASE_URL' => $sandbox->url,
        ];
        if (str_starts_with($sandbox->url, 'https')) {
            $environment['JUSTCLICK_CA_FILE'] = $sandbox->caFile;
        }
        return $environment;
    }

    /**
     * The workers that have a form in hand, once there are so many.
     *
     * @return list<int> their process ids
     */
    public function busy(int $count): array
    {
        return $this->fpm->until(function () use ($count): ?array {
            $status = json_decode((string) file_get_contents("{$this->url}/status?json&full"), true);
            $hasForm = static fn (array $worker) => $worker['state'] === 'Running'
                && $worker['request method'] === 'POST';
            $busy = array_filter($status['processes'] ?? [], $hasForm);
            return count($busy) === $count ? array_values(array_column($busy, 'pid')) : null;
        });
    }

    /**
     * The TCP connections that the master holds itself.
     *
     * @return list<string> their states as the kernel numbers them; 01 is an open one
     */
    public function masterConnections(): array
    {
        $sockets = array_map('readlink', glob("/proc/{$this->fpm->pid()}/fd/*") ?: []);
        $states = [];
        foreach (array_slice(file('/proc/net/tcp') ?: [], 1) as $line) {
            $columns = preg_split('/\s+/', trim($line)) ?: [];
            if (in_array("socket:[{$columns[9]}]", $sockets, true)) {
                $states[] = $columns[3];
            }
        }
        return $states;
    }

    /** The site's leads, as another process sees them. */
    public function outbox(Sandbox $sandbox): Outbox
    {
        $settings = ['base_url' => $sandbox->url];
        if (str_starts_with($sandbox->url, 'https')) {
            $settings['ca_file'] = $sandbox->caFile;
        }
        if (!file_exists($this->outbox)) {
            // It is the site's, whoever comes first.
            touch($this->outbox);
            chmod($this->outbox, 0600);
            chown($this->outbox, 'www-data');
        }
        return new Outbox($this->outbox, new Client('username', Sandbox::SECRET, $settings));
    }

    /** @param callable(): bool $isSo */
    public function until(callable $isSo, float $seconds = 60): void
    {
        $this->fpm->until(static fn (): ?bool => $isSo() ? true : null, $seconds);
    }

    /** What went to the error log. */
    public function log(): string
    {
        return (string) @file_get_contents("{$this->folder}/error.log");
    }

    /** How many workers served these so many requests. */
    public function workers(int $requests): int
    {
        $served = $this->fpm->until(function () use ($requests): ?array {
            $lines = file("{$this->folder}/access.log") ?: [];
            return count($lines) >= $requests ? $lines : null;
        });
        return count(array_unique($served));
    }

    public function stop(): void
    {
        $this->nginx->stop();
        $this->fpm->stop();
        // WordPress's own files are not this project's.
        $pattern = '~PHP (Deprecated|Notice|Warning): .* in ' . preg_quote(dirname(__DIR__, 3), '~') . '/~';
        $complaints = preg_grep($pattern, explode("\n", $this->log())) ?: [];
        $this->removeFolder();
        if ($complaints !== []) {
            throw new \RuntimeException("PHP complains of the site's pages: " . implode("\n", $complaints));
        }
    }

    private function removeFolder(): void
    {
        exec('rm -rf ' . escapeshellarg($this->folder));
    }

    public function __destruct()
    {
        $this->stop();
    }

    /** @return array{int, string} the HTTP status and the page that the form leads to */
    public function submit(string $name, string $email): array
    {
        $answer = new HttpAnswer("{$this->url}/form.php", [
            'method' => 'POST',
            'header' => 'Content-Type: application/x-www-form-urlencoded',
            'content' => http_build_query(['name' => $name, 'email' => $email]),
            'timeout' => 30,
        ]);
        preg_match_all('~^HTTP/\S+ (\d+)~m', implode("\n", $answer->headers), $statuses);
        return [(int) end($statuses[1]), $answer->body];
    }

    /** A page, also where its status is a failure. */
    public function page(string $name): string
    {
        return (new HttpAnswer("{$this->url}/{$name}", ['timeout' => 30]))->body;
    }

    /**
     * @param array<string, string> $environment
     * @param list<string> $pool
     */
    private function writePool(array $environment, array $pool): void
    {
        $lines = [
            '[global]',
            "error_log = {$this->folder}/fpm.log",
            '[www]',
            'user = www-data',
            'group = www-data',
            "listen = {$this->folder}/fpm.sock",
            'listen.mode = 0666',
            'pm = static',
            'pm.max_children = 4',
            'pm.status_path = /status',
            'catch_workers_output = yes',
            "access.log = {$this->folder}/access.log",
            'access.format = "%p"',
            "php_admin_value[error_log] = {$this->folder}/error.log",
            'php_admin_flag[log_errors] = on',
            'php_value[error_reporting] = -1',
        ];
        foreach ($environment as $name => $value) {
            $lines[] = "env[{$name}] = \"{$value}\"";
        }
        touch("{$this->folder}/error.log");
        chmod("{$this->folder}/error.log", 0666);
        file_put_contents("{$this->folder}/fpm.conf", implode("\n", [...$lines, ...$pool]) . "\n");
    }

    /**
     * Somebody else may take a free port before nginx does; then it is another one.
     *
     * @return array{Server, int}
     */
    private function startNginx(): array
    {
        for ($try = 0; $try < 5; $try++) {
            $port = self::freePort();
            file_put_contents("{$this->folder}/nginx.conf", $this->nginxConfiguration($port));
            $nginx = new Server(['nginx', '-p', $this->folder, '-c', 'nginx.conf', '-e', 'nginx.log']);
            try {
                $nginx->until(static function () use ($port) {
                    $socket = @stream_socket_client("tcp://127.0.0.1:{$port}");
                    return $socket === false ? null : true;
                });
                return [$nginx, $port];
            } catch (\RuntimeException $failure) {
                $nginx->stop();
            }
        }
        throw new \RuntimeException('nginx does not start: ' . @file_get_contents("{$this->folder}/nginx.log"));
    }

    private function nginxConfiguration(int $port): string
    {
        $root = (string) realpath($this->root);
        return <<<NGINX
            daemon off;
            master_process off;
            pid {$this->folder}/nginx.pid;
            events {}
            http {
                access_log off;
                client_body_temp_path {$this->folder}/body;
                proxy_temp_path {$this->folder}/proxy;
                fastcgi_temp_path {$this->folder}/fastcgi;
                uwsgi_temp_path {$this->folder}/uwsgi;
                scgi_temp_path {$this->folder}/scgi;
                server {
                    listen 127.0.0.1:{$port};
                    root {$root};
                    index index.php;
                    location ~ \\.php$|^/status$ {
                        include /etc/nginx/fastcgi.conf;
                        fastcgi_pass unix:{$this->folder}/fpm.sock;
                    }
                }
            }
            NGINX;
    }

    private static function freePort(): int
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        if ($socket === false) {
            throw new \RuntimeException('no port');
        }
        $port = (int) substr((string) strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        return $port;
    }

    private static function fpmProgram(): string
    {
        foreach (['php-fpm' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION, 'php-fpm'] as $program) {
            $path = trim((string) shell_exec('command -v ' . escapeshellarg($program)));
            if ($path !== '') {
                return $path;
            }
        }
        throw new \RuntimeException('php-fpm is needed');
    }
}
