<?php

declare(strict_types=1);

namespace JustClick\Tests;

/** A headless Chromium, driven by the WebDriver protocol. */
final class Browser
{
    private const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

    private readonly Server $driver;
    private readonly string $url;

    public function __construct()
    {
        $driver = new Server(['chromedriver', '--port=0']);
        $pattern = '/started successfully on port (\d+)/';
        $port = $driver->until(
            static fn () => preg_match($pattern, $driver->output(), $found) === 1 ? $found[1] : null,
        );
        $this->driver = $driver;
        $arguments = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
        $session = self::ask('POST', "http://127.0.0.1:{$port}/session", [
            'capabilities' => ['alwaysMatch' => ['goog:chromeOptions' => ['args' => $arguments]]],
        ]);
        $this->url = "http://127.0.0.1:{$port}/session/{$session['sessionId']}";
    }

    public function open(string $page): void
    {
        self::ask('POST', "{$this->url}/url", ['url' => $page]);
    }

    public function type(string $selector, string $text): void
    {
        self::ask('POST', "{$this->url}/element/{$this->find($selector)}/value", ['text' => $text]);
    }

    /** Clicks what leads to another page, and waits until that is there. */
    public function click(string $selector): void
    {
        $button = $this->find($selector);
        $mark = ['script' => 'window.isOld = true', 'args' => []];
        self::ask('POST', "{$this->url}/execute/sync", $mark);
        self::ask('POST', "{$this->url}/element/{$button}/click", new \stdClass());
        $isThere = ['script' => "return !window.isOld && document.readyState === 'complete'", 'args' => []];
        $this->driver->until(function () use ($isThere): ?bool {
            try {
                return self::ask('POST', "{$this->url}/execute/sync", $isThere) === true ? true : null;
            } catch (\RuntimeException) {
                return null; // Between two pages there is none to ask.
            }
        });
    }

    public function text(string $selector): string
    {
        return self::ask('GET', "{$this->url}/element/{$this->find($selector)}/text");
    }

    public function source(): string
    {
        return self::ask('GET', "{$this->url}/source");
    }

    /** The driver does not end its browser by itself. */
    public function __destruct()
    {
        if (isset($this->url)) {
            self::ask('DELETE', $this->url);
        }
    }

    private function find(string $selector): string
    {
        $found = self::ask('POST', "{$this->url}/element", ['using' => 'css selector', 'value' => $selector]);
        return $found[self::ELEMENT];
    }

    private static function ask(string $method, string $url, mixed $body = null): mixed
    {
        $options = ['method' => $method, 'ignore_errors' => true, 'timeout' => 60];
        if ($body !== null) {
            $options['header'] = 'Content-Type: application/json';
            $options['content'] = json_encode($body, JSON_THROW_ON_ERROR);
        }
        $value = json_decode(self::read($url, $options), true, 512, JSON_THROW_ON_ERROR)['value'];
        if (is_array($value) && isset($value['error'])) {
            throw new \RuntimeException("{$method} {$url}: {$value['message']}");
        }
        return $value;
    }

    /**
     * The driver leaves its connections open, so the end of an answer is told by its length alone.
     *
     * @param array<string, mixed> $options
     */
    private static function read(string $url, array $options): string
    {
        $stream = fopen($url, 'r', false, stream_context_create(['http' => $options]));
        if ($stream === false) {
            throw new \RuntimeException("{$url} does not answer");
        }
        $headers = implode("\n", stream_get_meta_data($stream)['wrapper_data']);
        preg_match('/^Content-Length:\s*(\d+)$/mi', $headers, $found);
        $answer = stream_get_contents($stream, (int) ($found[1] ?? -1));
        fclose($stream);
        return (string) $answer;
    }
}
