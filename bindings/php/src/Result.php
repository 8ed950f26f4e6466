<?php

declare(strict_types=1);

namespace JustClick;

/**
 * What became of a lead that the service has, or of another call that it has answered.
 *
 * @property-read Outcome $outcome Added, sent a mail to confirm, or known before; Answered for other
 *     functions.
 * @property-read int $code The service's code.
 * @property-read string $text The service's text, perhaps in Russian: decide by the outcome.
 * @property-read string $message For people: what happened.
 * @property-read list<array{ms: int, address: ?string, error: ?string}> $attempts Each sending: the
 *     milliseconds it took, where it went, and why it failed.
 * @property-read bool $isUnsure Whether the outcome is the likelier of two, since an earlier attempt
 *     may have arrived.
 */
final class Result
{
    /** @var array<string, mixed>|null */
    private ?array $read = null;

    /** @internal */
    public function __construct(
        /** Everything as JSON, which is read when somebody asks: that costs more than a call of FFI. */
        private readonly string $told,
        /** The member "result" of the answer as JSON, '' where it has none. No hash covers it. */
        public readonly string $json,
    ) {
    }

    /** What to do with the lead: nothing, the service has it. */
    public function disposition(): Disposition
    {
        return Disposition::Done;
    }

    /**
     * The member "result" of the answer, objects as arrays; null where it has none.
     *
     * @throws \JsonException where it is nested deeper than 512 levels
     */
    public function value(): mixed
    {
        return $this->json === '' ? null : json_decode($this->json, true, 512, JSON_THROW_ON_ERROR);
    }

    /** @internal */
    public function __get(string $name): mixed
    {
        return $this->read()[$name] ?? throw new \Error("Undefined property JustClick\\Result::\${$name}");
    }

    /** @internal */
    public function __isset(string $name): bool
    {
        return isset($this->read()[$name]);
    }

    /** @internal */
    public function __set(string $name, #[\SensitiveParameter] mixed $value): never
    {
        throw new \Error("Cannot modify readonly property JustClick\\Result::\${$name}");
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return $this->read() + ['json' => $this->json];
    }

    /** @return array<string, mixed> */
    private function read(): array
    {
        if ($this->read === null) {
            $told = Library::told($this->told);
            $this->read = [
                'outcome' => Outcome::tryFrom($told['outcome']) ?? Outcome::Other,
                'code' => $told['error_code'],
                'text' => $told['error_text'],
                'message' => $told['message'],
                'attempts' => $told['attempts'],
                'isUnsure' => $told['unsure'],
            ];
        }
        return $this->read;
    }
}
