<?php

declare(strict_types=1);

namespace JustClick;

use FFI;
use FFI\CData;
use FFI\CType;
use JustClick\Exception\Failure;

/**
 * The C interface of the shared library. All calls of FFI stand here and in {@see Loader}, which
 * is what lets them pass with `ffi.enable=preload` once the classes are preloaded.
 *
 * @internal
 *
 * @phpstan-type Told array{status: int, outcome: int, disposition: int, error_code: int, error_text: string,
 *     message: string, attempts: list<array{ms: int, address: ?string, error: ?string}>,
 *     may_have_arrived: bool, unsure: bool, retry_after_ms: int}
 */
final class Library
{
    private static ?self $opened = null;

    /** @var Functions */
    private readonly object $ffi;
    private readonly CType $clientPointer;
    private readonly CType $outboxPointer;
    private readonly CType $resultPointer;
    private readonly CType $number;

    private function __construct(FFI $ffi)
    {
        // @mago-expect analysis:invalid-property-assignment-value - no class has Functions
        $this->ffi = $ffi;
        $this->clientPointer = $this->ffi->type('jc_client *');
        $this->outboxPointer = $this->ffi->type('jc_outbox *');
        $this->resultPointer = $this->ffi->type('jc_result *');
        $this->number = $this->ffi->type('int64_t');
    }

    /**
     * The library, opened with the first call of a request.
     *
     * @throws Exception\LibraryNotUsable
     */
    public static function open(): self
    {
        return self::$opened ??= new self(Loader::load());
    }

    /**
     * A handle of a client, which the caller frees.
     *
     * @param array<array-key, mixed> $settings
     */
    public function newClient(
        #[\SensitiveParameter] string $username,
        #[\SensitiveParameter] string $secret,
        #[\SensitiveParameter] array $settings,
    ): CData {
        $client = $this->ffi->new($this->clientPointer);
        $this->check($this->ffi->jc_client_new(
            $username,
            strlen($username),
            $secret,
            strlen($secret),
            FFI::addr($client),
        ));
        $this->setAll($client, $settings, fn (string $name, ?string $value): int =>
            $this->ffi->jc_client_set($client, $name, $value, strlen($value ?? '')));
        return $client;
    }

    /**
     * A handle of an outbox, which the caller frees.
     *
     * @param array<array-key, mixed> $settings
     */
    public function newOutbox(
        #[\SensitiveParameter] string $location,
        #[\SensitiveParameter] array $settings,
    ): CData {
        $outbox = $this->ffi->new($this->outboxPointer);
        $this->check($this->ffi->jc_outbox_open($location, strlen($location), FFI::addr($outbox)));
        $this->setAll($outbox, $settings, fn (string $name, ?string $value): int =>
            $this->ffi->jc_outbox_set($outbox, $name, $value, strlen($value ?? '')));
        return $outbox;
    }

    /**
     * Frees the handle where a setting is refused.
     *
     * @param array<array-key, mixed> $settings
     * @param \Closure(string, ?string): int $set
     */
    private function setAll(CData $handle, #[\SensitiveParameter] array $settings, \Closure $set): void
    {
        try {
            foreach ($settings as $name => $value) {
                $name = (string) $name;
                $text = is_string($value) ? $value : Values::text($name, $value);
                if (str_contains($name, "\0")) {
                    throw Values::nulInName($name);
                }
                $status = $set($name, $text);
                if ($status !== 0) {
                    $this->check($status);
                }
            }
        } catch (\Throwable $failure) {
            $this->ffi->jc_free($handle);
            throw $failure;
        }
    }

    /**
     * @param string $lead its fields as a JSON object
     * @param array<array-key, mixed> $extra parameters that the library does not know
     */
    public function addLead(
        CData $client,
        #[\SensitiveParameter] string $lead,
        #[\SensitiveParameter] array $extra,
    ): Result {
        $handle = $this->ffi->jc_lead_new();
        try {
            $this->fill($handle, $lead, $extra);
            $result = $this->ffi->new($this->resultPointer);
            return $this->judged($this->ffi->jc_add_lead($client, $handle, FFI::addr($result)), $result);
        } finally {
            $this->ffi->jc_free($handle);
        }
    }

    /**
     * @param string $lead its fields as a JSON object
     * @param array<array-key, mixed> $extra parameters that the library does not know
     */
    public function signLead(
        CData $client,
        #[\SensitiveParameter] string $lead,
        #[\SensitiveParameter] array $extra,
    ): Request {
        $handle = $this->ffi->jc_lead_new();
        try {
            $this->fill($handle, $lead, $extra);
            $request = $this->ffi->new($this->ffi->type('jc_request *'));
            $this->check($this->ffi->jc_sign_lead($client, $handle, FFI::addr($request)));
        } finally {
            $this->ffi->jc_free($handle);
        }
        $signed = new Request($this->ffi->jc_request_url($request), $this->ffi->jc_request_body($request));
        $this->ffi->jc_free($request);
        return $signed;
    }

    /** @param string $params a JSON object */
    public function call(CData $client, string $function, #[\SensitiveParameter] string $params): Result
    {
        $result = $this->ffi->new($this->resultPointer);
        $status = $this->ffi->jc_call(
            $client,
            $function,
            strlen($function),
            $params,
            strlen($params),
            FFI::addr($result),
        );
        return $this->judged($status, $result);
    }

    public function verify(CData $client, string $body): Result
    {
        $result = $this->ffi->new($this->resultPointer);
        $status = $this->ffi->jc_verify_answer($client, $body, strlen($body), FFI::addr($result));
        return $this->judged($status, $result);
    }

    /**
     * @param string $lead its fields as a JSON object
     * @param array<array-key, mixed> $extra parameters that the library does not know
     * @return int the lead's number
     */
    public function keep(
        CData $outbox,
        CData $client,
        #[\SensitiveParameter] string $lead,
        #[\SensitiveParameter] ?string $key,
        #[\SensitiveParameter] array $extra,
    ): int {
        $handle = $this->ffi->jc_lead_new();
        try {
            $this->fill($handle, $lead, $extra);
            $id = $this->ffi->new($this->number);
            $this->check(
                $this->ffi->jc_outbox_add($outbox, $client, $handle, $key, strlen($key ?? ''), FFI::addr($id)),
            );
        } finally {
            $this->ffi->jc_free($handle);
        }
        return (int) $id->cdata; // @mago-expect analysis:non-existent-property - a number of FFI's has it
    }

    /**
     * @param string $lead its fields as a JSON object
     * @param array<array-key, mixed> $extra parameters that the library does not know
     * @return list<array{sql: string, parameters: list<string>}>
     */
    public function statements(
        string $engine,
        CData $client,
        #[\SensitiveParameter] string $lead,
        #[\SensitiveParameter] ?string $key,
        #[\SensitiveParameter] array $extra,
    ): array {
        $handle = $this->ffi->jc_lead_new();
        try {
            $this->fill($handle, $lead, $extra);
            $result = $this->ffi->new($this->resultPointer);
            $status = $this->ffi->jc_outbox_statement(
                $engine,
                strlen($engine),
                $client,
                $handle,
                $key,
                strlen($key ?? ''),
                FFI::addr($result),
            );
        } finally {
            $this->ffi->jc_free($handle);
        }
        /** @var array{statements: list<array{sql: string, parameters: list<string>}>} $made */
        $made = $this->reported($status, $result);
        return $made['statements'];
    }

    /**
     * @param string $limits a JSON object
     * @return array<array-key, mixed>
     */
    public function deliver(CData $outbox, CData $client, string $limits): array
    {
        $result = $this->ffi->new($this->resultPointer);
        $status = $this->ffi->jc_outbox_deliver($outbox, $client, $limits, strlen($limits), FFI::addr($result));
        return $this->reported($status, $result);
    }

    /** @return array<array-key, mixed> */
    public function status(CData $outbox): array
    {
        $result = $this->ffi->new($this->resultPointer);
        return $this->reported($this->ffi->jc_outbox_status($outbox, FFI::addr($result)), $result);
    }

    /**
     * @param string $which a JSON object
     * @return array<array-key, mixed>
     */
    public function listed(CData $outbox, #[\SensitiveParameter] string $which): array
    {
        $result = $this->ffi->new($this->resultPointer);
        $status = $this->ffi->jc_outbox_list($outbox, $which, strlen($which), FFI::addr($result));
        return $this->reported($status, $result);
    }

    /**
     * @param string $which a JSON object
     * @return array<array-key, mixed>
     */
    public function retry(CData $outbox, #[\SensitiveParameter] string $which): array
    {
        $result = $this->ffi->new($this->resultPointer);
        $status = $this->ffi->jc_outbox_retry($outbox, $which, strlen($which), FFI::addr($result));
        return $this->reported($status, $result);
    }

    /**
     * @param string $which a JSON object
     * @return array<array-key, mixed>
     */
    public function drop(CData $outbox, #[\SensitiveParameter] string $which): array
    {
        $result = $this->ffi->new($this->resultPointer);
        $status = $this->ffi->jc_outbox_drop($outbox, $which, strlen($which), FFI::addr($result));
        return $this->reported($status, $result);
    }

    /** @return array<array-key, mixed> */
    public function salvage(CData $outbox, #[\SensitiveParameter] string $damaged): array
    {
        $result = $this->ffi->new($this->resultPointer);
        $status = $this->ffi->jc_outbox_salvage($outbox, $damaged, strlen($damaged), FFI::addr($result));
        return $this->reported($status, $result);
    }

    public function free(CData $handle): void
    {
        $this->ffi->jc_free($handle);
    }

    /** @param array<array-key, mixed> $extra */
    private function fill(
        CData $lead,
        #[\SensitiveParameter] string $json,
        #[\SensitiveParameter] array $extra,
    ): void {
        $this->check($this->ffi->jc_lead_set_json($lead, $json, strlen($json)));
        foreach ($extra as $name => $value) {
            $name = (string) $name;
            $text = Values::text($name, $value);
            $this->check($this->ffi->jc_lead_set_extra($lead, $name, strlen($name), $text, strlen($text ?? '')));
        }
    }

    private function check(int $status): void
    {
        if ($status !== 0) {
            throw Failure::exception(
                self::advised($this->ffi->jc_last_error()),
                $this->ffi->jc_status_name($status),
                $this->ffi->jc_status_is_retryable($status),
                ['status' => $status, 'disposition' => $this->ffi->jc_status_disposition($status)],
            );
        }
    }

    /** What to do in PHP, behind what the library says to programs in any language. */
    private static function advised(string $message): string
    {
        if (str_starts_with($message, 'there is no field ')) {
            return $message . (str_ends_with($message, '?') ? '' : '.') . ' A parameter that the library does not '
                . "know goes into the argument extra: ['its_name' => 'value']";
        }
        return str_ends_with($message, 'is not valid UTF-8') ? Values::withConversion($message) : $message;
    }

    /** Reads a result and frees it. There is none after a failure before anything was sent. */
    private function judged(int $status, CData $pointer): Result
    {
        if (FFI::isNull($pointer)) {
            $this->check($status);
        }
        $all = $this->ffi->jc_result_to_json($pointer);
        $answered = '';
        if (!str_contains($all, ',"result":null,"message":')) {
            // It stays as the service wrote it, and may be nested more deeply than PHP reads.
            $answered = $this->ffi->jc_result_json($pointer);
            $all = str_replace(",\"result\":{$answered},\"message\":", ',"message":', $all);
        }
        $this->ffi->jc_free($pointer);
        if ($status === 0) {
            return new Result($all, $answered);
        }
        $told = self::told($all);
        throw Failure::exception(
            $told['message'],
            $this->ffi->jc_status_name($status),
            $this->ffi->jc_status_is_retryable($status),
            $told,
        );
    }

    /**
     * What an outbox reports. Its result is freed.
     *
     * @return array<array-key, mixed>
     */
    private function reported(int $status, CData $pointer): array
    {
        if ($status !== 0) {
            $this->judged($status, $pointer);
        }
        $json = $this->ffi->jc_result_json($pointer);
        $this->ffi->jc_free($pointer);
        /** @var array<array-key, mixed> $report */
        $report = json_decode($json, true);
        return $report;
    }

    /**
     * What jc_result_to_json says, but for the member "result".
     *
     * @return Told
     */
    public static function told(string $json): array
    {
        /** @var Told $told */
        $told = json_decode($json, true);
        $told['error_text'] = str_replace("\0", "\u{fffd}", $told['error_text']);
        return $told;
    }
}
