/* Calls every function of the interface, well and badly. "freed" as the argument also uses handles
 * that were freed, which a memory checker would rightly report. */
#include <justclick.h>
#include <string.h>

#include "check.h"

static const char UNREACHABLE[] = "http://127.0.0.1:1";
static char misaligned[64];

static void says(const char *part)
{
    CHECK(strstr(jc_last_error(), part));
}

static void versions(void)
{
    CHECK(strcmp(jc_version(), JC_VERSION) == 0);
    CHECK(jc_abi_version() == JC_ABI_VERSION);
}

static void statuses(void)
{
    static const struct {
        jc_status status;
        const char *name;
        bool retryable;
        int32_t disposition;
    } all[] = {
        {JC_OK, "JC_OK", false, JC_DONE},
        {JC_REJECTED, "JC_REJECTED", false, JC_HOLD},
        {JC_NOT_ACCEPTED, "JC_NOT_ACCEPTED", false, JC_HOLD},
        {JC_INVALID_ARGUMENT, "JC_INVALID_ARGUMENT", false, JC_REFUSED},
        {JC_UNKNOWN_NAME, "JC_UNKNOWN_NAME", false, JC_REFUSED},
        {JC_UNREACHABLE, "JC_UNREACHABLE", true, JC_LATER},
        {JC_TLS, "JC_TLS", false, JC_HOLD},
        {JC_OUTCOME_UNKNOWN, "JC_OUTCOME_UNKNOWN", true, JC_LATER},
        {JC_HTTP, "JC_HTTP", true, JC_LATER},
        {JC_BAD_RESPONSE, "JC_BAD_RESPONSE", true, JC_LATER},
        {JC_BAD_SIGNATURE, "JC_BAD_SIGNATURE", false, JC_HOLD},
        {JC_NOT_STORED, "JC_NOT_STORED", true, JC_LATER},
        {JC_INTERNAL, "JC_INTERNAL", true, JC_LATER},
        {4711, "JC_UNKNOWN_STATUS", false, JC_HOLD},
        {-4711, "JC_UNKNOWN_STATUS", false, JC_LATER},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        CHECK(strcmp(jc_status_name(all[i].status), all[i].name) == 0);
        CHECK(jc_status_is_retryable(all[i].status) == all[i].retryable);
        CHECK(jc_status_disposition(all[i].status) == all[i].disposition);
    }
    CHECK(strcmp(jc_outcome_name(JC_OUTCOME_NONE), "none") == 0);
    CHECK(strcmp(jc_outcome_name(JC_ADDED), "added") == 0);
    CHECK(strcmp(jc_outcome_name(JC_ACTIVATION_SENT), "activation sent") == 0);
    CHECK(strcmp(jc_outcome_name(JC_ALREADY_REGISTERED), "already registered") == 0);
    CHECK(strcmp(jc_outcome_name(JC_ANSWERED), "answered") == 0);
    CHECK(strcmp(jc_outcome_name(JC_OUTCOME_REJECTED), "rejected") == 0);
    CHECK(strcmp(jc_outcome_name(4711), "unknown") == 0);
}

static jc_client *client(void)
{
    jc_client *made = NULL;
    CHECK(jc_client_new(" username ", JC_NTS, "secret???", 6, &made) == JC_OK);
    CHECK(made);
    return made;
}

static jc_lead *lead(void)
{
    jc_lead *made = jc_lead_new();
    CHECK(made);
    CHECK(jc_lead_add_group(made, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(made, JC_LEAD_EMAIL, "a@b.ru", JC_NTS) == JC_OK);
    return made;
}

static void client_new(void)
{
    jc_client *out = (jc_client *)misaligned;
    CHECK(jc_client_new("User", JC_NTS, "s", 1, &out) == JC_INVALID_ARGUMENT && !out);
    says("username");
    CHECK(jc_client_new("a.b", JC_NTS, "s", 1, &out) == JC_INVALID_ARGUMENT);
    CHECK(jc_client_new("a", 1, "", 0, &out) == JC_INVALID_ARGUMENT);
    says("secret");
    CHECK(jc_client_new("a", 1, "s\0t", 3, &out) == JC_INVALID_ARGUMENT);
    says("NUL");
    CHECK(jc_client_new("a", 1, "\xff", 1, &out) == JC_INVALID_ARGUMENT);
    says("UTF-8");
    CHECK(jc_client_new(NULL, 0, "s", 1, &out) == JC_INVALID_ARGUMENT);
    says("username is NULL");
    CHECK(jc_client_new("a", 1, NULL, 0, &out) == JC_INVALID_ARGUMENT);
    CHECK(jc_client_new("a", 1, NULL, 3, &out) == JC_INVALID_ARGUMENT);
    CHECK(jc_client_new("a", (size_t)-2, "s", 1, &out) == JC_INVALID_ARGUMENT);
    says("no length");
    CHECK(jc_client_new("a", 1, "s", 1, NULL) == JC_INVALID_ARGUMENT);
    says("out is NULL");
}

static void client_set(void)
{
    jc_client *made = client();
    jc_lead *other = lead();
    CHECK(jc_client_set(made, JC_SETTING_TIMEOUT_MS, "2000", JC_NTS) == JC_OK);
    CHECK(jc_client_set(made, JC_SETTING_TIMEOUT_MS, NULL, 0) == JC_OK);
    CHECK(jc_client_set(made, JC_SETTING_TIMEOUT_MS, "soon", JC_NTS) == JC_INVALID_ARGUMENT);
    CHECK(jc_client_set(made, JC_SETTING_TIMEOUT_MS, NULL, 1) == JC_INVALID_ARGUMENT);
    CHECK(jc_client_set(made, "timout_ms", "1", JC_NTS) == JC_UNKNOWN_NAME);
    says("timeout_ms");
    CHECK(jc_client_set(made, "\xff\xfe", "1", JC_NTS) == JC_UNKNOWN_NAME);
    CHECK(jc_client_set(made, NULL, "1", JC_NTS) == JC_INVALID_ARGUMENT);
    CHECK(jc_client_set(NULL, JC_SETTING_PROXY, "none", JC_NTS) == JC_INVALID_ARGUMENT);
    says("client must be a jc_client, but is NULL");
    CHECK(jc_client_set((jc_client *)other, JC_SETTING_PROXY, "none", JC_NTS) == JC_INVALID_ARGUMENT);
    says("is a jc_lead");
    CHECK(jc_client_set((jc_client *)(misaligned + 1), "proxy", "none", JC_NTS) == JC_INVALID_ARGUMENT);
    says("misaligned");
    jc_free(made);
    jc_free(other);
}

static void lead_setters(void)
{
    jc_lead *made = lead();
    jc_client *other = client();
    char *long_value = calloc(1, 1 << 20);
    CHECK(long_value);
    memset(long_value, 'x', (1 << 20) - 1);

    CHECK(jc_lead_add_group(made, "", 0) == JC_INVALID_ARGUMENT);
    CHECK(jc_lead_add_group(made, NULL, 0) == JC_INVALID_ARGUMENT);
    CHECK(jc_lead_add_group(NULL, "g", 1) == JC_INVALID_ARGUMENT);
    CHECK(jc_lead_set(made, "rid[1]", "b", 1) == JC_OK);
    CHECK(jc_lead_set(made, JC_LEAD_CITY, "City", 4) == JC_OK);
    CHECK(jc_lead_set(made, JC_LEAD_CITY, NULL, 0) == JC_OK);
    CHECK(jc_lead_set(made, JC_LEAD_TAG, "", 0) == JC_OK);
    CHECK(jc_lead_set(made, JC_LEAD_NAME, "a\0b", 3) == JC_INVALID_ARGUMENT);
    says("lead_name: byte 1 is a NUL byte");
    CHECK(jc_lead_set(made, JC_LEAD_NAME, "\xc3\x28", 2) == JC_INVALID_ARGUMENT);
    CHECK(jc_lead_set(made, JC_LEAD_NAME, long_value, JC_NTS) == JC_INVALID_ARGUMENT);
    says("too long");
    CHECK(jc_lead_set(made, long_value, "a", 1) == JC_UNKNOWN_NAME);
    CHECK(jc_lead_set(made, "lead_nam", "a", 1) == JC_UNKNOWN_NAME);
    says("lead_name");
    CHECK(jc_lead_set(made, NULL, "a", 1) == JC_INVALID_ARGUMENT);
    CHECK(jc_lead_set((jc_lead *)other, JC_LEAD_NAME, "a", 1) == JC_INVALID_ARGUMENT);
    says("is a jc_client");
    CHECK(jc_lead_set_extra(made, "own", 3, "1", 1) == JC_OK);
    CHECK(jc_lead_set_extra(made, "gone", 4, "1", 1) == JC_OK);
    CHECK(jc_lead_set_extra(made, "gone", 4, NULL, 0) == JC_OK);
    CHECK(jc_lead_set_extra(made, "hash", 4, "1", 1) == JC_INVALID_ARGUMENT);
    CHECK(jc_lead_set_extra(made, "a.b", JC_NTS, "1", 1) == JC_INVALID_ARGUMENT);
    CHECK(jc_lead_set_extra(made, NULL, 0, "1", 1) == JC_INVALID_ARGUMENT);
    CHECK(jc_lead_set_extra(NULL, "own", 3, "1", 1) == JC_INVALID_ARGUMENT);

    jc_request *request = NULL;
    CHECK(jc_sign_lead(other, made, &request) == JC_OK);
    CHECK(strcmp(jc_request_url(request), "https://username.justclick.ru/api/AddLeadToGroup") == 0);
    static const char query[] =
        "rid%5B0%5D=super&rid%5B1%5D=b&lead_email=a%40b.ru&tag=&own=1&hash=";
    CHECK(strncmp(jc_request_body(request), query, strlen(query)) == 0);
    CHECK(strlen(jc_request_body(request)) == strlen(query) + 32);
    jc_free(request);
    jc_free(other);
    jc_free(made);
    free(long_value);
}

static void whole_leads(void)
{
    static const char json[] = "{\"rid\":[\"super\"],\"lead_email\":\"a@b.ru\","
                               "\"utm\":{\"utm_source\":\"x\"},\"activation\":true,\"tag\":null}";
    jc_client *made = client();
    jc_lead *whole = jc_lead_new();
    jc_request *request = NULL, *after = NULL;
    CHECK(jc_lead_set_json(whole, json, JC_NTS) == JC_OK);
    CHECK(jc_sign_lead(made, whole, &request) == JC_OK);
    static const char query[] =
        "rid%5B0%5D=super&lead_email=a%40b.ru&activation=1&utm%5Butm_source%5D=x&hash=";
    CHECK(strncmp(jc_request_body(request), query, strlen(query)) == 0);
    CHECK(jc_lead_set_json(whole, "{\"lead_name\":\"a\",\"tag\":1.5}", JC_NTS) == JC_INVALID_ARGUMENT);
    says("tag");
    CHECK(jc_lead_set_json(whole, "{\"lead_surname\":\"a\"}", JC_NTS) == JC_UNKNOWN_NAME);
    CHECK(jc_sign_lead(made, whole, &after) == JC_OK);
    CHECK(strcmp(jc_request_body(after), jc_request_body(request)) == 0);
    jc_free(after);
    jc_free(request);
    jc_free(whole);
    jc_free(made);
}

static void clones(void)
{
    jc_client *made = client(), *copy = NULL;
    jc_lead *whole = lead();
    jc_request *request = NULL;
    CHECK(jc_client_clone(made, &copy) == JC_OK && copy && copy != made);
    CHECK(jc_client_set(copy, JC_SETTING_SERVICE, "justclick.io", JC_NTS) == JC_OK);
    jc_free(made);
    CHECK(jc_sign_lead(copy, whole, &request) == JC_OK);
    CHECK(strcmp(jc_request_url(request), "https://username.justclick.io/api/AddLeadToGroup") == 0);
    jc_free(request);
    jc_free(whole);
    jc_free(copy);
}

static int32_t not_interrupted(void)
{
    return 0;
}

static void calls(void)
{
    jc_client *made = client();
    jc_request *request = NULL;
    jc_result *result = (jc_result *)misaligned;
    CHECK(jc_sign_call(made, "GetAllGroups", JC_NTS, NULL, 0, &request) == JC_OK);
    CHECK(strcmp(jc_request_url(request), "https://username.justclick.ru/api/GetAllGroups") == 0);
    CHECK(strncmp(jc_request_body(request), "hash=", 5) == 0 && strlen(jc_request_body(request)) == 37);
    jc_free(request);
    CHECK(jc_sign_call(made, "Some", JC_NTS, "{\"b\":[1,false],\"a\":\"x\"}", JC_NTS, &request) == JC_OK);
    CHECK(strncmp(jc_request_body(request), "b%5B0%5D=1&b%5B1%5D=0&a=x&hash=", 31) == 0);
    jc_free(request);
    CHECK(jc_client_set(made, JC_SETTING_BASE_URL, UNREACHABLE, JC_NTS) == JC_OK);
    CHECK(jc_client_set(made, JC_SETTING_MAX_ATTEMPTS, "2", JC_NTS) == JC_OK);
    CHECK(jc_client_interrupt(made, not_interrupted) == JC_OK);
    CHECK(jc_call(made, "GetAllGroups", JC_NTS, NULL, 0, &result) == JC_UNREACHABLE && result);
    CHECK(jc_result_attempts(result) == 2 && jc_result_disposition(result) == JC_LATER);
    static const char start[] = "{\"status\":-10,\"outcome\":0,\"disposition\":3,\"error_code\":-1,"
                                "\"error_text\":\"\",\"result\":null,\"message\":\"";
    CHECK(strncmp(jc_result_to_json(result), start, strlen(start)) == 0);
    CHECK(jc_result_to_json(result) == jc_result_to_json(result));
    jc_free(result);
    CHECK(jc_client_interrupt(made, NULL) == JC_OK);
    CHECK(jc_call(made, "DeleteSubscribe", JC_NTS, "{\"lead_email\":\"a@b.ru\"}", JC_NTS, &result) ==
          JC_INVALID_ARGUMENT);
    CHECK(!result);
    says("rass_name");
    jc_free(made);
}

static void signing(void)
{
    jc_client *made = client();
    jc_lead *empty = jc_lead_new();
    jc_request *request = (jc_request *)misaligned;
    CHECK(jc_sign_lead(made, empty, &request) == JC_INVALID_ARGUMENT && !request);
    says("no group");
    CHECK(jc_sign_lead(made, empty, NULL) == JC_INVALID_ARGUMENT);
    CHECK(jc_sign_lead(NULL, empty, &request) == JC_INVALID_ARGUMENT);
    CHECK(jc_sign_lead(made, NULL, &request) == JC_INVALID_ARGUMENT);
    CHECK(jc_sign_lead(made, (jc_lead *)made, &request) == JC_INVALID_ARGUMENT);
    CHECK(strcmp(jc_request_url(NULL), "") == 0);
    CHECK(strcmp(jc_request_body((jc_request *)made), "") == 0);
    says("request must be a jc_request, but is a jc_client");
    jc_free(empty);
    jc_free(made);
}

static void no_result(const jc_result *result)
{
    CHECK(jc_result_status(result) == JC_INVALID_ARGUMENT);
    CHECK(jc_result_outcome(result) == JC_OUTCOME_NONE);
    CHECK(jc_result_error_code(result) == -1);
    CHECK(strcmp(jc_result_error_text(result), "") == 0);
    CHECK(strcmp(jc_result_json(result), "") == 0);
    CHECK(strcmp(jc_result_message(result), "") == 0);
    CHECK(jc_result_attempts(result) == 0);
    CHECK(!jc_result_may_have_arrived(result));
    CHECK(jc_result_retry_after_ms(result) == 0);
    CHECK(jc_result_disposition(result) == JC_LATER);
    CHECK(strcmp(jc_result_to_json(result), "") == 0);
}

static void adding(void)
{
    jc_client *made = client();
    jc_lead *whole = lead(), *empty = jc_lead_new();
    jc_result *result = (jc_result *)misaligned;
    CHECK(jc_add_lead(made, empty, &result) == JC_INVALID_ARGUMENT && !result);
    CHECK(jc_add_lead(NULL, whole, &result) == JC_INVALID_ARGUMENT && !result);
    CHECK(jc_add_lead(made, NULL, NULL) == JC_INVALID_ARGUMENT);
    CHECK(jc_client_set(made, JC_SETTING_BASE_URL, UNREACHABLE, JC_NTS) == JC_OK);
    CHECK(jc_client_set(made, JC_SETTING_MAX_ATTEMPTS, "2", JC_NTS) == JC_OK);
    CHECK(jc_add_lead(made, whole, NULL) == JC_UNREACHABLE);
    CHECK(jc_add_lead(made, whole, &result) == JC_UNREACHABLE);
    CHECK(jc_result_status(result) == JC_UNREACHABLE);
    CHECK(jc_result_outcome(result) == JC_OUTCOME_NONE);
    CHECK(jc_result_error_code(result) == -1);
    CHECK(jc_result_attempts(result) == 2);
    CHECK(!jc_result_may_have_arrived(result));
    CHECK(strcmp(jc_result_message(result), jc_last_error()) == 0);
    says("127.0.0.1");
    jc_free(result);
    jc_free(empty);
    jc_free(whole);
    jc_free(made);
    no_result(NULL);
    no_result((jc_result *)(misaligned + 3));
}

static void verifying(void)
{
    /* md5("102::a\0b::secret"), made by PHP. */
    static const char body[] = "{\"error_code\":102,\"error_text\":\"a\\u0000b\",\"result\":[1.50],"
                               "\"hash\":\"caf2320a41e6dfc6473e5b03d3eb57e6\"}";
    jc_client *made = client();
    jc_result *result = NULL;
    CHECK(jc_verify_answer(made, body, JC_NTS, &result) == JC_OK);
    CHECK(jc_result_outcome(result) == JC_ALREADY_REGISTERED);
    CHECK(jc_result_error_code(result) == JC_CODE_ALREADY_REGISTERED);
    CHECK(strcmp(jc_result_error_text(result), "a\xef\xbf\xbd" "b") == 0);
    CHECK(strcmp(jc_result_json(result), "[1.50]") == 0);
    CHECK(jc_result_disposition(result) == JC_DONE);
    CHECK(strcmp(jc_result_to_json(result),
                 "{\"status\":0,\"outcome\":3,\"disposition\":1,\"error_code\":102,"
                 "\"error_text\":\"a\\u0000b\",\"result\":[1.50],\"message\":\"the contact was in all of "
                 "the groups already\",\"attempts\":[],\"may_have_arrived\":true,\"unsure\":false,"
                 "\"retry_after_ms\":0}") == 0);
    jc_free(result);
    CHECK(jc_verify_answer(made, "<html>", JC_NTS, &result) == JC_BAD_RESPONSE && result);
    says("HTML");
    jc_free(result);
    CHECK(jc_verify_answer(made, "a\0b", 3, NULL) == JC_BAD_RESPONSE);
    CHECK(jc_verify_answer(made, NULL, 0, &result) == JC_INVALID_ARGUMENT && !result);
    CHECK(jc_verify_answer(NULL, body, JC_NTS, &result) == JC_INVALID_ARGUMENT);
    jc_free(made);
}

/* What a function of an outbox says, as JSON. */
static bool tells(jc_status status, jc_result **out, const char *part)
{
    jc_result *result = *out;
    bool is_there = status == JC_OK && jc_result_status(result) == JC_OK && strstr(jc_result_json(result), part);
    if (!is_there)
        fprintf(stderr, "%d: %s\n", (int)status, jc_result_to_json(result));
    jc_free(result);
    return is_there;
}

static void outboxes(void)
{
    jc_client *made = client();
    jc_lead *whole = lead();
    jc_outbox *outbox = (jc_outbox *)misaligned;
    jc_result *result = NULL;
    int64_t first = 0, again = 0, other = 0;
    CHECK(jc_client_set(made, JC_SETTING_BASE_URL, UNREACHABLE, JC_NTS) == JC_OK);
    CHECK(jc_outbox_open("/", JC_NTS, &outbox) == JC_NOT_STORED && !outbox);
    says("folder");
    CHECK(jc_outbox_open(":memory:", JC_NTS, &outbox) == JC_OK && outbox);
    CHECK(jc_outbox_set(outbox, JC_OUTBOX_SETTING_MAX_LEADS, "2", JC_NTS) == JC_OK);
    CHECK(jc_outbox_set(outbox, JC_OUTBOX_SETTING_DURABILITY, NULL, 0) == JC_OK);
    CHECK(jc_outbox_add(outbox, made, whole, NULL, 0, &first) == JC_OK && first == 1);
    CHECK(jc_outbox_add(outbox, made, whole, NULL, 0, &again) == JC_OK && again == first);
    CHECK(jc_outbox_add(outbox, made, whole, "order 17", JC_NTS, &other) == JC_OK && other > first);
    CHECK(jc_outbox_add(outbox, made, whole, "order 18", JC_NTS, NULL) == JC_NOT_STORED);
    says("max_leads");
    CHECK(tells(jc_outbox_list(outbox, NULL, 0, &result), &result, "\"key\":\"order 17\""));
    CHECK(jc_outbox_list(outbox, NULL, 0, &result) == JC_OK && !strstr(jc_result_json(result), "a@b.ru"));
    jc_free(result);
    CHECK(tells(jc_outbox_list(outbox, "{\"with_leads\":true}", JC_NTS, &result), &result, "a@b.ru"));
    CHECK(jc_outbox_deliver(outbox, made, "{\"seconds\":60}", JC_NTS, &result) == JC_OK);
    CHECK(strstr(jc_result_json(result), "\"later\":1") && strstr(jc_result_json(result), "127.0.0.1"));
    CHECK(strstr(jc_result_message(result), "1 to be tried again") && jc_result_error_code(result) == -1);
    CHECK(jc_result_outcome(result) == JC_OUTCOME_NONE && jc_result_disposition(result) == JC_DONE);
    CHECK(jc_result_attempts(result) == 0 && !jc_result_may_have_arrived(result));
    CHECK(strstr(jc_result_to_json(result), "\"result\":{") && jc_result_retry_after_ms(result) == 0);
    jc_free(result);
    CHECK(tells(jc_outbox_status(outbox, &result), &result, "\"waiting\":2"));
    CHECK(jc_outbox_status(outbox, NULL) == JC_OK);
    CHECK(tells(jc_outbox_retry(outbox, NULL, 0, &result), &result, "{\"retried\":0}"));
    CHECK(tells(jc_outbox_drop(outbox, "{\"ids\":[1]}", JC_NTS, &result), &result, "{\"dropped\":1}"));
    CHECK(tells(jc_outbox_status(outbox, &result), &result, "\"dropped\":1"));
    CHECK(tells(jc_outbox_statement("sqlite", JC_NTS, made, whole, "order 17", JC_NTS, &result), &result,
                "\"order 17\""));
    CHECK(tells(jc_outbox_statement("postgres", 8, made, whole, NULL, 0, &result), &result, "a%40b.ru"));
    CHECK(jc_outbox_statement("mysql", 5, made, whole, NULL, 0, &result) == JC_OK);
    CHECK(strncmp(jc_result_json(result), "{\"statements\":[{\"", 17) == 0);
    CHECK(strcmp(jc_result_message(result), "3 statements to execute") == 0);
    jc_free(result);
    CHECK(jc_outbox_statement("mysql", 5, made, whole, NULL, 0, NULL) == JC_OK);
    CHECK(tells(jc_outbox_status(outbox, &result), &result, "\"dropped\":1"));
    CHECK(jc_outbox_salvage(outbox, "/dev/null", JC_NTS, &result) == JC_NOT_STORED && result);
    says("no ordinary file");
    jc_free(result);
    CHECK(jc_add_lead((jc_client *)outbox, whole, NULL) == JC_INVALID_ARGUMENT);
    says("is a jc_outbox");
    jc_free(outbox);
    jc_free(whole);
    jc_free(made);
}

static void freeing(bool use_freed)
{
    jc_free(NULL);
    uint64_t foreign = 42;
    jc_free(&foreign);
    says("no handle");
    jc_free(misaligned + 1);
    says("misaligned");
    if (!use_freed)
        return;
    jc_lead *freed = lead();
    jc_free(freed);
    CHECK(jc_lead_set(freed, JC_LEAD_NAME, "a", 1) == JC_INVALID_ARGUMENT);
    jc_free(freed);
    says("freed");
}

static void last_errors_do_not_dangle(void)
{
    jc_lead *made = lead();
    CHECK(jc_lead_set(made, "first", "a", 1) == JC_UNKNOWN_NAME);
    const char *kept = jc_last_error();
    CHECK(jc_lead_set(made, "second", "a", 1) == JC_UNKNOWN_NAME);
    CHECK(strstr(kept, "second"));
    CHECK(jc_last_error() == kept);
    jc_free(made);
}

int main(int argc, char **argv)
{
    CHECK(strcmp(jc_last_error(), "") == 0);
    versions();
    statuses();
    client_new();
    client_set();
    lead_setters();
    whole_leads();
    clones();
    calls();
    signing();
    adding();
    verifying();
    outboxes();
    last_errors_do_not_dangle();
    freeing(argc > 1 && strcmp(argv[1], "freed") == 0);
    puts("every function was called");
    return 0;
}
