/* Reads cases from standard input and says what became of each. A case is a list of texts: "lead",
 * username, secret, the number of settings, their names and values, the number of fields, their
 * names and values; "kept" and the same; or "answer" and its body. What comes out are texts as well: the status, the
 * outcome, disposition, code, attempts, whether it may have arrived, the text, the message for people, and the
 * request's body or the answer's result. Of one that is kept and then delivered, rather than sent, it is the status and that
 * of the outbox. */
#include <justclick.h>

#include "text.h"

static void say(const char *words)
{
    printf("%zu:%s", strlen(words), words);
}

static void say_number(long number)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%ld", number);
    say(digits);
}

static void tell(jc_status status, const jc_result *result, const char *body)
{
    char *failure = malloc(strlen(jc_last_error()) + 1);
    CHECK(failure);
    strcpy(failure, jc_last_error());
    say(jc_status_name(status));
    say_number(jc_result_outcome(result));
    say_number(result ? jc_result_disposition(result) : jc_status_disposition(status));
    say_number(jc_result_error_code(result));
    say_number(jc_result_attempts(result));
    say_number(jc_result_may_have_arrived(result));
    say(jc_result_error_text(result));
    say(result ? jc_result_message(result) : failure);
    say(body);
    free(failure);
}

/* How a client is set or a lead is filled, by name. */
typedef jc_status setter(void *handle, const char *name, const char *value, size_t value_len);

static jc_status set_client(void *client, const char *name, const char *value, size_t value_len)
{
    return jc_client_set(client, name, value, value_len);
}

static jc_status set_lead(void *lead, const char *name, const char *value, size_t value_len)
{
    return jc_lead_set(lead, name, value, value_len);
}

/* Reads all pairs, and sets those before the first that fails. */
static jc_status set_pairs(setter *set, void *handle, jc_status status)
{
    size_t length;
    char *count = text(&length);
    CHECK(count);
    for (long left = atol(count); left > 0; left--) {
        size_t value_len;
        char *name = text(&length), *value = text(&value_len);
        CHECK(name && value);
        if (status == JC_OK)
            status = set(handle, name, value, value_len);
        free(name);
        free(value);
    }
    free(count);
    return status;
}

/* Makes both of what is read; those that fail are NULL or half set. */
static jc_status read_case(jc_client **client, jc_lead **lead)
{
    size_t username_len, secret_len;
    char *username = text(&username_len), *secret = text(&secret_len);
    CHECK(username && secret);
    *lead = jc_lead_new();
    jc_status status = jc_client_new(username, username_len, secret, secret_len, client);
    free(username);
    free(secret);
    status = set_pairs(set_client, *client, status);
    return set_pairs(set_lead, *lead, status);
}

static void lead(void)
{
    jc_client *client = NULL;
    jc_lead *lead = NULL;
    jc_request *request = NULL;
    jc_result *result = NULL;
    jc_status status = read_case(&client, &lead);
    if (status == JC_OK)
        status = jc_sign_lead(client, lead, &request);
    if (status == JC_OK)
        status = jc_add_lead(client, lead, &result);
    tell(status, result, request ? jc_request_body(request) : "");
    jc_free(result);
    jc_free(request);
    jc_free(lead);
    jc_free(client);
}

static void kept(void)
{
    jc_client *client = NULL;
    jc_lead *lead = NULL;
    jc_outbox *outbox = NULL;
    jc_result *result = NULL;
    jc_status status = read_case(&client, &lead);
    CHECK(jc_outbox_open(":memory:", JC_NTS, &outbox) == JC_OK);
    if (status == JC_OK)
        status = jc_outbox_add(outbox, client, lead, NULL, 0, NULL);
    if (status == JC_OK)
        status = jc_outbox_deliver(outbox, client, NULL, 0, NULL);
    if (status == JC_OK)
        status = jc_outbox_status(outbox, &result);
    say(jc_status_name(status));
    say(jc_result_json(result));
    jc_free(result);
    jc_free(outbox);
    jc_free(lead);
    jc_free(client);
}

static void answer(void)
{
    size_t body_len;
    char *body = text(&body_len);
    CHECK(body);
    jc_client *client = NULL;
    jc_result *result = NULL;
    CHECK(jc_client_new("username", JC_NTS, "secret", JC_NTS, &client) == JC_OK);
    jc_status status = jc_verify_answer(client, body, body_len, &result);
    tell(status, result, jc_result_json(result));
    jc_free(result);
    jc_free(client);
    free(body);
}

int main(void)
{
    size_t length;
    for (char *kind = text(&length); kind; kind = text(&length)) {
        if (strcmp(kind, "lead") == 0)
            lead();
        else if (strcmp(kind, "kept") == 0)
            kept();
        else
            answer();
        free(kind);
    }
    return 0;
}
