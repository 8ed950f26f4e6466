<?php

declare(strict_types=1);

namespace JustClick\Tests;

/** What a site answered to one request, as a browser without scripts reads it. */
final class Visit
{
    /** The status of the answer that led here; 0 where none did. */
    public int $first = 0;

    /** @param list<string> $headers */
    private function __construct(
        public readonly int $status,
        private readonly array $headers,
        public readonly string $page,
    ) {
    }

    public static function get(Site $site, string $page): self
    {
        return self::ask("{$site->url}/{$page}", ['method' => 'GET']);
    }

    /** @param array<string, mixed> $fields */
    public static function post(Site $site, array $fields, string ...$headers): self
    {
        return self::ask("{$site->url}/form.php", [
            'method' => 'POST',
            'header' => ['Content-Type: application/x-www-form-urlencoded', ...$headers],
            'content' => http_build_query($fields),
        ]);
    }

    /** To where this answer leads. */
    public function follow(Site $site): self
    {
        $next = self::get($site, $this->header('Location'));
        $next->first = $this->status;
        return $next;
    }

    public function header(string $name): string
    {
        preg_match("/^{$name}: (.*)$/mi", implode("\n", $this->headers), $found);
        return $found[1] ?? throw new \RuntimeException("{$this->status} without {$name}: {$this->page}");
    }

    /** @return list<\DOMElement> */
    public function elements(string $path): array
    {
        $document = new \DOMDocument();
        // It knows the elements of HTML 4 alone.
        @$document->loadHTML($this->page);
        $found = (new \DOMXPath($document))->query($path);
        return $found === false ? [] : array_values(array_filter(
            iterator_to_array($found),
            static fn (object $node) => $node instanceof \DOMElement,
        ));
    }

    /** @return array<string, string> what the form would send as it stands */
    public function inputs(): array
    {
        $inputs = $this->elements('//form//input');
        $name = static fn (\DOMElement $input) => $input->getAttribute('name');
        $value = static fn (\DOMElement $input) => $input->getAttribute('value');
        return array_combine(array_map($name, $inputs), array_map($value, $inputs));
    }

    /** @param array<string, mixed> $options */
    private static function ask(string $url, array $options): self
    {
        $answer = new HttpAnswer($url, $options + ['timeout' => 60, 'follow_location' => 0]);
        return new self((int) (explode(' ', $answer->headers[0])[1] ?? 0), $answer->headers, $answer->body);
    }
}
