/* Every function that takes a handle or makes one, where the library has a fault: no panic leaves
 * it, each function says what it says of a fault, and all of it works again after that. */
#define _POSIX_C_SOURCE 200112L
#include <justclick.h>
#include <string.h>

#include "check.h"

#define FAULT "a fault of the library was caught"
#define SECRET "s3cr3t"

static jc_client *client;
static jc_lead *lead;
static jc_request *request;
static jc_result *result;

/* The last error is of this very call. */
static int told(void)
{
    int is_told = strstr(jc_last_error(), FAULT) != NULL;
    CHECK(!strstr(jc_last_error(), SECRET));
    unsetenv("JUSTCLICK_PANIC");
    jc_lead_set(NULL, JC_LEAD_NAME, "", 0);
    setenv("JUSTCLICK_PANIC", "1", 1);
    return is_told;
}

static void use(jc_status expected)
{
    jc_client *other = NULL;
    jc_request *signed_request = NULL;
    jc_result *verified = NULL;
    CHECK(jc_client_new("other", JC_NTS, SECRET, JC_NTS, &other) == expected);
    CHECK(jc_client_set(client, JC_SETTING_MAX_ATTEMPTS, "1", JC_NTS) == expected);
    CHECK(jc_lead_add_group(lead, "news", JC_NTS) == expected);
    CHECK(jc_lead_set(lead, JC_LEAD_NAME, "Name", JC_NTS) == expected);
    CHECK(jc_lead_set_extra(lead, "note", JC_NTS, "x", JC_NTS) == expected);
    CHECK(jc_sign_lead(client, lead, &signed_request) == expected);
    jc_status verifying = jc_verify_answer(client, "", 0, &verified);
    CHECK(verifying == (expected == JC_OK ? JC_BAD_RESPONSE : expected));
    CHECK((other != NULL) == (expected == JC_OK));
    CHECK((signed_request != NULL) == (expected == JC_OK));
    CHECK((verified != NULL) == (expected == JC_OK));
    jc_free(other);
    jc_free(signed_request);
    jc_free(verified);
}

static void read_under_a_fault(void)
{
    CHECK(jc_lead_new() == NULL && told());
    CHECK(jc_add_lead(client, lead, NULL) == JC_INTERNAL && told());
    CHECK(strcmp(jc_request_url(request), "") == 0 && told());
    CHECK(strcmp(jc_request_body(request), "") == 0 && told());
    CHECK(jc_result_status(result) != JC_OK && told());
    CHECK(jc_result_outcome(result) == JC_OUTCOME_NONE && told());
    CHECK(jc_result_error_code(result) == -1 && told());
    CHECK(strcmp(jc_result_error_text(result), "") == 0 && told());
    CHECK(strcmp(jc_result_json(result), "") == 0 && told());
    CHECK(strcmp(jc_result_message(result), "") == 0 && told());
    CHECK(jc_result_attempts(result) == 0 && told());
    CHECK(!jc_result_may_have_arrived(result) && told());
    CHECK(jc_result_retry_after_ms(result) == 0 && told());
    CHECK(!jc_status_is_retryable(JC_UNREACHABLE) && told());
    CHECK(strcmp(jc_version(), "") == 0 && told());
    jc_free(result);
    CHECK(told());
}

int main(void)
{
    CHECK(jc_client_new("username", JC_NTS, SECRET, JC_NTS, &client) == JC_OK);
    lead = jc_lead_new();
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, "a@b.ru", JC_NTS) == JC_OK);
    CHECK(jc_sign_lead(client, lead, &request) == JC_OK);
    CHECK(jc_verify_answer(client, "x", 1, &result) == JC_BAD_RESPONSE);

    setenv("JUSTCLICK_PANIC", "1", 1);
    use(JC_INTERNAL);
    CHECK(told());
    read_under_a_fault();
    unsetenv("JUSTCLICK_PANIC");

    use(JC_OK);
    CHECK(strlen(jc_result_message(result)) > 0);
    jc_free(result);
    jc_free(request);
    jc_free(lead);
    jc_free(client);
    puts("no panic came through");
    return 0;
}
