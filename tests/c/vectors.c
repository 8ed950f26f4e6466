/* Reads cases from standard input, and signs or verifies each. A case is a list of texts:
 * "request", username, secret, body, the lead as JSON flat and nested, the number of parameters, then
 * names and values; or "answer",
 * secret, body, status, code. */
#include <justclick.h>
#include <string.h>

#include "check.h"
#include "text.h"

static void request(void)
{
    size_t username_len, secret_len, body_len, count_len;
    char *username = text(&username_len), *secret = text(&secret_len);
    size_t json_len[2];
    char *body = text(&body_len);
    char *json[2];
    for (int i = 0; i < 2; i++)
        json[i] = text(&json_len[i]);
    char *count = text(&count_len);
    jc_client *client = NULL;
    jc_lead *lead = jc_lead_new();
    jc_request *signed_request = NULL;
    CHECK(jc_client_new(username, username_len, secret, secret_len, &client) == JC_OK);
    for (int left = atoi(count); left > 0; left--) {
        size_t name_len, value_len;
        char *name = text(&name_len), *value = text(&value_len);
        CHECK(jc_lead_set(lead, name, value, value_len) == JC_OK);
        free(name);
        free(value);
    }
    CHECK(jc_sign_lead(client, lead, &signed_request) == JC_OK);
    CHECK(strcmp(jc_request_body(signed_request), body) == 0);
    jc_free(signed_request);
    jc_free(lead);
    for (int i = 0; i < 2; i++) {
        lead = jc_lead_new();
        CHECK(jc_lead_set_json(lead, json[i], json_len[i]) == JC_OK);
        CHECK(jc_sign_lead(client, lead, &signed_request) == JC_OK);
        CHECK(strcmp(jc_request_body(signed_request), body) == 0);
        jc_free(signed_request);
        jc_free(lead);
        free(json[i]);
    }
    jc_free(client);
    free(username);
    free(secret);
    free(body);
    free(count);
}

static void answer(void)
{
    size_t secret_len, body_len, length;
    char *secret = text(&secret_len), *body = text(&body_len);
    char *status = text(&length), *code = text(&length);
    jc_client *client = NULL;
    jc_result *result = NULL;
    CHECK(jc_client_new("username", JC_NTS, secret, secret_len, &client) == JC_OK);
    jc_status found = jc_verify_answer(client, body, body_len, &result);
    CHECK(strcmp(jc_status_name(found), status) == 0);
    CHECK(jc_result_error_code(result) == atoi(code));
    jc_free(result);
    jc_free(client);
    free(secret);
    free(body);
    free(status);
    free(code);
}

int main(void)
{
    size_t length, requests = 0, answers = 0;
    for (char *kind = text(&length); kind; kind = text(&length)) {
        if (strcmp(kind, "request") == 0) {
            request();
            requests++;
        } else {
            answer();
            answers++;
        }
        free(kind);
    }
    printf("%zu requests, %zu answers\n", requests, answers);
    return 0;
}
