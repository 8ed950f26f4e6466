<?php

declare(strict_types=1);

namespace JustClick;

/**
 * The C interface in the words of PHP's FFI. Made from the library's sources when it is built.
 *
 * @internal
 */
final class Header
{
    public const DECLARATIONS = <<<'DECLARATIONS'
typedef enum jc_status_code {
  JC_OK = 0,
  JC_REJECTED = 1,
  JC_NOT_ACCEPTED = 2,
  JC_INVALID_ARGUMENT = -1,
  JC_UNKNOWN_NAME = -2,
  JC_UNREACHABLE = -10,
  JC_TLS = -11,
  JC_OUTCOME_UNKNOWN = -20,
  JC_HTTP = -30,
  JC_BAD_RESPONSE = -31,
  JC_BAD_SIGNATURE = -32,
  JC_NOT_STORED = -40,
  JC_INTERNAL = -90,
} jc_status_code;

typedef enum jc_disposition {
  JC_DONE = 1,
  JC_REFUSED = 2,
  JC_LATER = 3,
  JC_HOLD = 4,
} jc_disposition;

typedef enum jc_outcome {
  JC_OUTCOME_NONE = 0,
  JC_ADDED = 1,
  JC_ACTIVATION_SENT = 2,
  JC_ALREADY_REGISTERED = 3,
  JC_ANSWERED = 4,
  JC_OUTCOME_REJECTED = 10,
} jc_outcome;

typedef struct jc_client jc_client;

typedef struct jc_lead jc_lead;

typedef struct jc_outbox jc_outbox;

typedef struct jc_request jc_request;

typedef struct jc_result jc_result;

typedef int32_t jc_status;

const char *jc_version(void);

uint32_t jc_abi_version(void);

const char *jc_status_name(jc_status status);

bool jc_status_is_retryable(jc_status status);

const char *jc_last_error(void);

int32_t jc_status_disposition(jc_status status);

const char *jc_outcome_name(int32_t outcome);

jc_status jc_client_new(const char *username,
                        size_t username_len,
                        const char *secret,
                        size_t secret_len,
                        struct jc_client **out);

jc_status jc_client_set(struct jc_client *client,
                        const char *setting,
                        const char *value,
                        size_t value_len);

jc_status jc_client_clone(const struct jc_client *client, struct jc_client **out);

jc_status jc_client_interrupt(struct jc_client *client, int32_t (*check)(void));

struct jc_lead *jc_lead_new(void);

jc_status jc_lead_add_group(struct jc_lead *lead, const char *group, size_t group_len);

jc_status jc_lead_set(struct jc_lead *lead, const char *field, const char *value, size_t value_len);

jc_status jc_lead_set_json(struct jc_lead *lead, const char *json, size_t json_len);

jc_status jc_lead_set_extra(struct jc_lead *lead,
                            const char *name,
                            size_t name_len,
                            const char *value,
                            size_t value_len);

jc_status jc_add_lead(const struct jc_client *client,
                      const struct jc_lead *lead,
                      struct jc_result **out);

jc_status jc_sign_lead(const struct jc_client *client,
                       const struct jc_lead *lead,
                       struct jc_request **out);

jc_status jc_call(const struct jc_client *client,
                  const char *function,
                  size_t function_len,
                  const char *params,
                  size_t params_len,
                  struct jc_result **out);

jc_status jc_sign_call(const struct jc_client *client,
                       const char *function,
                       size_t function_len,
                       const char *params,
                       size_t params_len,
                       struct jc_request **out);

jc_status jc_verify_answer(const struct jc_client *client,
                           const char *body,
                           size_t body_len,
                           struct jc_result **out);

jc_status jc_outbox_open(const char *location, size_t location_len, struct jc_outbox **out);

jc_status jc_outbox_set(struct jc_outbox *outbox,
                        const char *setting,
                        const char *value,
                        size_t value_len);

jc_status jc_outbox_add(const struct jc_outbox *outbox,
                        const struct jc_client *client,
                        const struct jc_lead *lead,
                        const char *key,
                        size_t key_len,
                        int64_t *id);

jc_status jc_outbox_deliver(const struct jc_outbox *outbox,
                            const struct jc_client *client,
                            const char *limits,
                            size_t limits_len,
                            struct jc_result **out);

jc_status jc_outbox_status(const struct jc_outbox *outbox, struct jc_result **out);

jc_status jc_outbox_list(const struct jc_outbox *outbox,
                         const char *which,
                         size_t which_len,
                         struct jc_result **out);

jc_status jc_outbox_retry(const struct jc_outbox *outbox,
                          const char *which,
                          size_t which_len,
                          struct jc_result **out);

jc_status jc_outbox_drop(const struct jc_outbox *outbox,
                         const char *which,
                         size_t which_len,
                         struct jc_result **out);

jc_status jc_outbox_salvage(const struct jc_outbox *outbox,
                            const char *damaged,
                            size_t damaged_len,
                            struct jc_result **out);

jc_status jc_outbox_statement(const char *engine,
                              size_t engine_len,
                              const struct jc_client *client,
                              const struct jc_lead *lead,
                              const char *key,
                              size_t key_len,
                              struct jc_result **out);

const char *jc_request_url(const struct jc_request *request);

const char *jc_request_body(const struct jc_request *request);

jc_status jc_result_status(const struct jc_result *result);

int32_t jc_result_outcome(const struct jc_result *result);

int32_t jc_result_error_code(const struct jc_result *result);

const char *jc_result_error_text(const struct jc_result *result);

const char *jc_result_json(const struct jc_result *result);

const char *jc_result_message(const struct jc_result *result);

uint32_t jc_result_attempts(const struct jc_result *result);

bool jc_result_may_have_arrived(const struct jc_result *result);

uint32_t jc_result_retry_after_ms(const struct jc_result *result);

const char *jc_result_to_json(const struct jc_result *result);

int32_t jc_result_disposition(const struct jc_result *result);

void jc_free(void *handle);
DECLARATIONS;
}
