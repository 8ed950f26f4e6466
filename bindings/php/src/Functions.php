<?php

declare(strict_types=1);

namespace JustClick;

use FFI\CData;
use FFI\CType;

/**
 * The functions of the C interface that this package calls, as FFI offers them. No class has it: it
 * tells analysers and editors what they cannot know.
 *
 * @internal
 *
 * @method CType type(string $type)
 * @method CData new(CType $type)
 * @method string jc_version()
 * @method int jc_abi_version()
 * @method string jc_last_error()
 * @method string jc_status_name(int $status)
 * @method bool jc_status_is_retryable(int $status)
 * @method int jc_status_disposition(int $status)
 * @method int jc_client_new(string $username, int $username_len, string $secret, int $secret_len, CData $out)
 * @method int jc_client_set(CData $client, string $setting, ?string $value, int $value_len)
 * @method CData jc_lead_new()
 * @method int jc_lead_set_json(CData $lead, string $json, int $json_len)
 * @method int jc_lead_set_extra(CData $lead, string $name, int $name_len, ?string $value, int $value_len)
 * @method int jc_add_lead(CData $client, CData $lead, CData $out)
 * @method int jc_sign_lead(CData $client, CData $lead, CData $out)
 * @method int jc_call(CData $client, string $function, int $function_len, string $params, int $params_len, CData $out)
 * @method int jc_verify_answer(CData $client, string $body, int $body_len, CData $out)
 * @method int jc_outbox_open(string $location, int $location_len, CData $out)
 * @method int jc_outbox_set(CData $outbox, string $setting, ?string $value, int $value_len)
 * @method int jc_outbox_add(CData $outbox, CData $client, CData $lead, ?string $key, int $key_len, CData $id)
 * @method int jc_outbox_deliver(CData $outbox, CData $client, string $limits, int $limits_len, CData $out)
 * @method int jc_outbox_status(CData $outbox, CData $out)
 * @method int jc_outbox_list(CData $outbox, string $which, int $which_len, CData $out)
 * @method int jc_outbox_retry(CData $outbox, string $which, int $which_len, CData $out)
 * @method int jc_outbox_salvage(CData $outbox, string $damaged, int $damaged_len, CData $out)
 * @method int jc_outbox_statement(string $engine, int $engine_len, CData $client, CData $lead, ?string $key,
 *     int $key_len, CData $out)
 * @method int jc_outbox_drop(CData $outbox, string $which, int $which_len, CData $out)
 * @method string jc_request_url(CData $request)
 * @method string jc_request_body(CData $request)
 * @method string jc_result_json(CData $result)
 * @method string jc_result_to_json(CData $result)
 * @method void jc_free(CData $handle)
 */
interface Functions
{
}
