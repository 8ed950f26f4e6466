<?php

declare(strict_types=1);

namespace JustClick;

use FFI;
use FFI\CData;
use JustClick\Exception\Failure;

/**
 * The C interface of the shared library. All calls of FFI stand here and in {@see Loader}, which
 * is what lets them pass with `ffi.enable=preload` once the classes are preloaded.
 *
 * @internal
 */
final class Library
{
    private static ?self $opened = null;

    private function __construct(private readonly FFI $ffi)
    {
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

    /** A handle of a client, which the caller frees. */
    public function newClient(
        #[\SensitiveParameter] string $username,
        #[\SensitiveParameter] string $secret,
    ): CData {
        $client = $this->ffi->new('jc_client *');
        $this->check($this->ffi->jc_client_new(
            $username,
            strlen($username),
            $secret,
            strlen($secret),
            FFI::addr($client),
        ));
        return $client;
    }

    public function setClient(CData $client, string $setting, #[\SensitiveParameter] ?string $value): void
    {
        $this->check($this->ffi->jc_client_set($client, $setting, $value, strlen($value ?? '')));
    }

    /**
     * A handle of the lead, which the caller frees.
     *
     * @param Lead|array<array-key, mixed> $lead
     */
    public function newLead(#[\SensitiveParameter] Lead|array $lead): CData
    {
        $handle = $this->ffi->jc_lead_new();
        try {
            $fields = $lead instanceof Lead ? $lead->fields() : $lead;
            foreach (Fields::flat($fields) as $name => $value) {
                $this->check($this->ffi->jc_lead_set($handle, $name, $value, strlen($value ?? '')));
            }
            foreach ($lead instanceof Lead ? $lead->extra : [] as $name => $value) {
                $name = (string) $name;
                $value = Fields::text($name, $value);
                $this->check($this->ffi->jc_lead_set_extra(
                    $handle,
                    $name,
                    strlen($name),
                    $value,
                    strlen($value ?? ''),
                ));
            }
        } catch (\Throwable $failure) {
            $this->free($handle);
            throw $failure;
        }
        return $handle;
    }

    public function addLead(CData $client, CData $lead): Result
    {
        $result = $this->ffi->new('jc_result *');
        return $this->judged($this->ffi->jc_add_lead($client, $lead, FFI::addr($result)), $result);
    }

    public function verify(CData $client, string $body): Result
    {
        $result = $this->ffi->new('jc_result *');
        $status = $this->ffi->jc_verify_answer($client, $body, strlen($body), FFI::addr($result));
        return $this->judged($status, $result);
    }

    public function sign(CData $client, CData $lead): Request
    {
        $request = $this->ffi->new('jc_request *');
        $this->check($this->ffi->jc_sign_lead($client, $lead, FFI::addr($request)));
        try {
            return new Request(
                $this->ffi->jc_request_url($request),
                $this->ffi->jc_request_body($request),
            );
        } finally {
            $this->free($request);
        }
    }

    public function free(CData $handle): void
    {
        $this->ffi->jc_free($handle);
    }

    private function check(int $status): void
    {
        if ($status !== 0) {
            throw Failure::exception(
                $status,
                $this->ffi->jc_last_error(),
                $this->ffi->jc_status_name($status),
                $this->ffi->jc_status_is_retryable($status),
            );
        }
    }

    /** Reads a result and frees it. There is none after a failure before anything was sent. */
    private function judged(int $status, CData $result): Result
    {
        if (FFI::isNull($result)) {
            $this->check($status);
        }
        try {
            if ($status === 0) {
                return $this->success($result);
            }
            throw Failure::exception(
                $status,
                $this->ffi->jc_result_message($result),
                $this->ffi->jc_status_name($status),
                $this->ffi->jc_status_is_retryable($status),
                $this->ffi->jc_result_error_code($result),
                $this->ffi->jc_result_error_text($result),
                $this->ffi->jc_result_attempts($result),
                $this->ffi->jc_result_may_have_arrived($result),
                $this->ffi->jc_result_retry_after_ms($result),
            );
        } finally {
            $this->free($result);
        }
    }

    private function success(CData $result): Result
    {
        return new Result(
            Outcome::tryFrom($this->ffi->jc_result_outcome($result)) ?? Outcome::Other,
            $this->ffi->jc_result_error_code($result),
            $this->ffi->jc_result_error_text($result),
            $this->ffi->jc_result_json($result),
            $this->ffi->jc_result_message($result),
            $this->ffi->jc_result_attempts($result),
        );
    }
}
