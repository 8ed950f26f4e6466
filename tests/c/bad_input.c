/* Every function with every kind of wrong argument: an error that names the argument and the rule,
 * nothing sent, and handles that still serve. The argument is the base URL of a sandbox, which
 * must see the one lead that is sent at the end, and nothing else: the outbox stays empty. */
#include <justclick.h>
#include <string.h>

#include "check.h"

/* A text that no function takes, and a word of the rule that it breaks. */
struct wrong {
    const char *bytes;
    size_t length;
    const char *rule;
};

static char long_text[300 * 1024];
static _Alignas(8) char no_handle[64];

static const struct wrong texts[] = {
    {NULL, 7, "is NULL, but its length is not 0"},
    {"a", (size_t)-2, "is no length"},
    {"a", ((size_t)-1) / 2 + 2, "is no length"},
    {"a\0b", 3, "NUL"},
    {"\0", 1, "NUL"},
    {"a\xff", 2, "UTF-8"},
    {"\xc0\xaf", 2, "UTF-8"},
    {"\xed\xa0\x80", 3, "UTF-8"},
    {long_text, sizeof long_text, "at most"},
};
static const struct wrong nothing = {NULL, 0, "is NULL"};

static jc_client *client;
static jc_lead *lead;
static jc_outbox *outbox;
static jc_request *request;
static jc_result *result;
static int rows;

/* The failure names the argument and the rule, and the handles work as before. */
static void refused(jc_status status, jc_status expected, const char *argument, const char *rule)
{
    char told[512];
    snprintf(told, sizeof told, "%s", jc_last_error());
    if (status != expected || !strstr(told, argument) || !strstr(told, rule)) {
        fprintf(stderr, "%s, %s: %d, not %d: %s\n", argument, rule, (int)status, (int)expected, told);
        exit(1);
    }
    jc_request *again = NULL;
    CHECK(jc_sign_lead(client, lead, &again) == JC_OK);
    CHECK(strcmp(jc_request_body(again), jc_request_body(request)) == 0);
    jc_free(again);
    rows++;
}

typedef jc_status taker(const char *bytes, size_t length);

/* Where the text is a value, the rule's error names its field or setting. */
static void texts_of(taker *take, const char *argument, const char *field)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *named = i < 3 ? argument : field;
        refused(take(texts[i].bytes, texts[i].length), JC_INVALID_ARGUMENT, named, texts[i].rule);
    }
}

static void required(taker *take, const char *argument)
{
    refused(take(nothing.bytes, nothing.length), JC_INVALID_ARGUMENT, argument, nothing.rule);
}

static jc_status username(const char *bytes, size_t length)
{
    jc_client *out = (jc_client *)no_handle;
    jc_status status = jc_client_new(bytes, length, "secret", JC_NTS, &out);
    CHECK(!out);
    return status;
}

static jc_status secret(const char *bytes, size_t length)
{
    jc_client *out = (jc_client *)no_handle;
    jc_status status = jc_client_new("username", JC_NTS, bytes, length, &out);
    CHECK(!out);
    return status;
}

static jc_status user_agent(const char *bytes, size_t length)
{
    return jc_client_set(client, JC_SETTING_USER_AGENT, bytes, length);
}

static jc_status base_url(const char *bytes, size_t length)
{
    return jc_client_set(client, JC_SETTING_BASE_URL, bytes, length);
}

static jc_status ca_file(const char *bytes, size_t length)
{
    return jc_client_set(client, JC_SETTING_CA_FILE, bytes, length);
}

static jc_status group(const char *bytes, size_t length)
{
    return jc_lead_add_group(lead, bytes, length);
}

static jc_status name(const char *bytes, size_t length)
{
    return jc_lead_set(lead, JC_LEAD_NAME, bytes, length);
}

static jc_status email(const char *bytes, size_t length)
{
    return jc_lead_set(lead, JC_LEAD_EMAIL, bytes, length);
}

static jc_status extra_name(const char *bytes, size_t length)
{
    return jc_lead_set_extra(lead, bytes, length, "x", 1);
}

static jc_status extra_value(const char *bytes, size_t length)
{
    return jc_lead_set_extra(lead, "note", JC_NTS, bytes, length);
}

static jc_status body(const char *bytes, size_t length)
{
    return jc_verify_answer(client, bytes, length, NULL);
}

static jc_status whole(const char *bytes, size_t length)
{
    return jc_lead_set_json(lead, bytes, length);
}

static jc_status called(const char *bytes, size_t length)
{
    jc_result *out = (jc_result *)no_handle;
    jc_status status = jc_call(client, bytes, length, "{}", JC_NTS, &out);
    CHECK(!out);
    return status;
}

static jc_status parameters(const char *bytes, size_t length)
{
    jc_request *out = (jc_request *)no_handle;
    jc_status status = jc_sign_call(client, "GetAllGroups", JC_NTS, bytes, length, &out);
    CHECK(!out);
    return status;
}

static jc_status location(const char *bytes, size_t length)
{
    jc_outbox *out = (jc_outbox *)no_handle;
    jc_status status = jc_outbox_open(bytes, length, &out);
    CHECK(!out);
    return status;
}

static jc_status durability(const char *bytes, size_t length)
{
    return jc_outbox_set(outbox, JC_OUTBOX_SETTING_DURABILITY, bytes, length);
}

static jc_status key(const char *bytes, size_t length)
{
    return jc_outbox_add(outbox, client, lead, bytes, length, NULL);
}

static jc_status engine(const char *bytes, size_t length)
{
    jc_result *out = (jc_result *)no_handle;
    jc_status status = jc_outbox_statement(bytes, length, client, lead, NULL, 0, &out);
    CHECK(!out);
    return status;
}

static jc_status key_within(const char *bytes, size_t length)
{
    return jc_outbox_statement("mysql", JC_NTS, client, lead, bytes, length, NULL);
}

static jc_status limits(const char *bytes, size_t length)
{
    jc_result *out = (jc_result *)no_handle;
    jc_status status = jc_outbox_deliver(outbox, client, bytes, length, &out);
    CHECK(!out);
    return status;
}

static jc_status listed(const char *bytes, size_t length)
{
    jc_result *out = (jc_result *)no_handle;
    jc_status status = jc_outbox_list(outbox, bytes, length, &out);
    CHECK(!out);
    return status;
}

static jc_status retried(const char *bytes, size_t length)
{
    return jc_outbox_retry(outbox, bytes, length, NULL);
}

static jc_status dropped(const char *bytes, size_t length)
{
    return jc_outbox_drop(outbox, bytes, length, NULL);
}

static jc_status salvaged(const char *bytes, size_t length)
{
    return jc_outbox_salvage(outbox, bytes, length, NULL);
}

static void outbox_texts(void)
{
    static const struct {
        taker *take;
        const char *value, *argument, *rule;
    } all[] = {
        {location, "", "location", "empty"},
        {location, "oracle://host/name", "location", "\"oracle\""},
        {durability, "disk", "durability", "power or crash"},
        {durability, "", "durability", "power or crash"},
        {key, "", "key", "empty"},
        {key, " ", "key", "empty"},
        {key_within, "", "key", "empty"},
        {engine, "", "engine", "sqlite, postgres or mysql"},
        {engine, "mariadb", "engine", "\"mariadb\""},
        {engine, "SQLite", "engine", "\"SQLite\""},
        {location, "sqlite:a?tables=sites", "location", "\"tables=site\" alone"},
        {limits, "", "limits", "JSON"},
        {limits, "[1]", "limits", "object"},
        {limits, "{\"second\": 1}", "second", "\"seconds\""},
        {limits, "{\"seconds\": -1}", "seconds", "number of seconds"},
        {limits, "{\"seconds\": 1e99}", "seconds", "at most a year"},
        {limits, "{\"leads\": 0}", "leads", "whole number"},
        {limits, "{\"leads\": 1.5}", "leads", "whole number"},
        {limits, "{\"in_flight\": 257}", "in_flight", "1 to 256"},
        {limits, "{\"id\": \"1\"}", "id", "whole number"},
        {limits, "{\"per_second\": 0}", "per_second", "0.001 to 1000000"},
        {limits, "{\"alone\": 1}", "alone", "true or false"},
        {limits, "{\"id\": 1, \"id\": 2}", "id", "twice"},
        {listed, "{\"state\": \"lost\"}", "state", "waiting, leased or dead"},
        {listed, "{\"ids\": [\"1\"]}", "ids", "numbers"},
        {listed, "{\"limit\": 0}", "limit", "whole number"},
        {listed, "{\"after\": -1}", "after", "whole number"},
        {listed, "{\"account\": 1}", "account", "text"},
        {listed, "{\"with_leads\": 1}", "with_leads", "true or false"},
        {retried, "{\"idz\": []}", "idz", "\"ids\""},
        {retried, "1", "which", "object"},
        {dropped, "{}", "which", "ids or their state"},
        {dropped, "{\"account\": \"a\"}", "which", "ids or their state"},
    };
    texts_of(location, "location", "location");
    required(location, "location");
    texts_of(salvaged, "damaged", "damaged");
    required(salvaged, "damaged");
    refused(salvaged("/no/such/file", JC_NTS), JC_NOT_STORED, "/no/such/file", "");
    texts_of(durability, "value", "durability");
    texts_of(key, "key", "key");
    texts_of(key_within, "key", "key");
    texts_of(engine, "engine", "engine");
    required(engine, "engine");
    refused(location("sqlite:/no/such/file?tables=site", JC_NTS), JC_NOT_STORED, "/no/such/file", "no such file");
    taker *const selections[] = {listed, retried, dropped};
    for (size_t i = 0; i < 3; i++) {
        refused(limits(texts[i].bytes, texts[i].length), JC_INVALID_ARGUMENT, "limits", texts[i].rule);
        for (size_t j = 0; j < 3; j++)
            refused(selections[j](texts[i].bytes, texts[i].length), JC_INVALID_ARGUMENT, "which", texts[i].rule);
    }
    refused(limits("{\"a\": \"\xff\"}", JC_NTS), JC_INVALID_ARGUMENT, "limits", "UTF-8");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        refused(all[i].take(all[i].value, strlen(all[i].value)), JC_INVALID_ARGUMENT, all[i].argument,
                all[i].rule);
    refused(dropped(NULL, 0), JC_INVALID_ARGUMENT, "which", "ids or their state");
    refused(location("/no/such/folder/leads.db", JC_NTS), JC_NOT_STORED, "/no/such/folder", "no such folder");
    refused(location("/", JC_NTS), JC_NOT_STORED, "outbox /", "a folder");
    refused(jc_outbox_set(outbox, "durable", "x", 1), JC_UNKNOWN_NAME, "durable", "durability");
    refused(jc_outbox_set(outbox, NULL, "x", 1), JC_INVALID_ARGUMENT, "setting", "NULL");
    static const char *const numbers[] = {
        JC_OUTBOX_SETTING_MAX_LEADS, JC_OUTBOX_SETTING_KEEP_DEAD_DAYS, JC_OUTBOX_SETTING_GIVE_UP_AFTER_DAYS,
        JC_OUTBOX_SETTING_BUSY_TIMEOUT_MS,
    };
    static const char *const no_numbers[] = {"", "-1", "+1", "1.5", " 1", "1e3", "99999999999999999999", "x"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (size_t j = 0; j < sizeof no_numbers / sizeof *no_numbers; j++)
            refused(jc_outbox_set(outbox, numbers[i], no_numbers[j], JC_NTS), JC_INVALID_ARGUMENT, numbers[i],
                    "whole number");
}

static void json_texts(void)
{
    static const struct wrong all[] = {
        {"{\"lead_name\": \"\xff\"}", JC_NTS, "UTF-8"},
        {"{\"lead_name\": \"a\0b\"}", 19, "JSON"},
        {"{\"lead_name\": \"a\\u0000\"}", JC_NTS, "NUL"},
        {"", 0, "JSON"},
        {"{", 1, "JSON"},
        {"null", 4, "JSON"},
        {"[1]", 3, "object"},
        {"{\"lead_name\": 1.5}", JC_NTS, "fraction"},
        {"{\"tag\": 1, \"tag\": 2}", JC_NTS, "twice"},
    };
    for (size_t i = 0; i < 3; i++) {
        refused(whole(texts[i].bytes, texts[i].length), JC_INVALID_ARGUMENT, "json", texts[i].rule);
        refused(called(texts[i].bytes, texts[i].length), JC_INVALID_ARGUMENT, "function", texts[i].rule);
        refused(parameters(texts[i].bytes, texts[i].length), JC_INVALID_ARGUMENT, "params", texts[i].rule);
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        refused(whole(all[i].bytes, all[i].length), JC_INVALID_ARGUMENT, "", all[i].rule);
        refused(parameters(all[i].bytes, all[i].length), JC_INVALID_ARGUMENT, "", all[i].rule);
    }
    required(whole, "json");
    required(called, "function");
    refused(called("Get Groups", JC_NTS), JC_INVALID_ARGUMENT, "function", "no name");
    refused(called("\xff", 1), JC_INVALID_ARGUMENT, "function", "UTF-8");
    refused(called("DeleteSubscribe", JC_NTS), JC_INVALID_ARGUMENT, "lead_email", "missing or empty");
    refused(parameters("{\"hash\": 1}", JC_NTS), JC_INVALID_ARGUMENT, "hash", "made by the library");
    refused(parameters("{\"a.b\": 1}", JC_NTS), JC_INVALID_ARGUMENT, "a.b", "PHP");
    refused(whole("{\"lead_mail\": 1}", JC_NTS), JC_UNKNOWN_NAME, "lead_mail", "lead_email");
    refused(whole("{\"lead_name\": [1]}", JC_NTS), JC_UNKNOWN_NAME, "lead_name", "one value");
}

static void all_texts(void)
{
    texts_of(username, "username", "username");
    required(username, "username");
    texts_of(secret, "secret", "secret");
    required(secret, "secret");
    texts_of(user_agent, "value", "user_agent");
    texts_of(base_url, "value", "base_url");
    texts_of(ca_file, "value", "ca_file");
    texts_of(group, "group", "rid[");
    required(group, "group");
    texts_of(name, "value", "lead_name");
    texts_of(email, "value", "lead_email");
    texts_of(extra_name, "name", "extra parameter");
    required(extra_name, "name");
    texts_of(extra_value, "value", "extra parameter");
    for (size_t i = 0; i < 3; i++)
        refused(body(texts[i].bytes, texts[i].length), JC_INVALID_ARGUMENT, "body", texts[i].rule);
    required(body, "body");
}

static void values_against_a_rule(void)
{
    static const struct {
        taker *take;
        const char *value, *argument, *rule;
    } all[] = {
        {username, "", "username", "1 to 63"},
        {username, "..", "username", "1 to 63"},
        {username, "evil.example/", "username", "a-z, 0-9 and -"},
        {username, "a@b", "username", "a-z, 0-9 and -"},
        {username, "a:b@c", "username", "a-z, 0-9 and -"},
        {username, "User", "username", "a-z, 0-9 and -"},
        {username, "\xd0\xbf", "username", "a-z, 0-9 and -"},
        {username, "-a", "username", "ends"},
        {username, "a\r\nb", "username", "a-z, 0-9 and -"},
        {secret, "", "secret", "empty"},
        {secret, " \n", "secret", "empty"},
        {user_agent, "a\r\nX: 1", "user_agent", "printable"},
        {base_url, "ftp://a.example", "base_url", "https://"},
        {base_url, "https://user@a.example", "base_url", "without a login"},
        {base_url, "https://a.example:99999", "base_url", "port"},
        {group, "", "rid[", "empty"},
        {email, "", "lead_email", "empty"},
        {email, "a", "lead_email", "no @"},
        {email, "a@b@c", "lead_email", "more than one @"},
        {email, "@b", "lead_email", "before the @"},
        {email, "a@", "lead_email", "after the @"},
        {email, "a@b.ru\r\n.x", "lead_email", "control character"},
        {extra_name, "", "extra parameter", "PHP"},
        {extra_name, "hash", "extra parameter", "made by the library"},
        {extra_name, "rid[0]", "extra parameter", "groups"},
        {extra_name, "a.b", "extra parameter", "PHP"},
        {extra_name, "a b", "extra parameter", "PHP"},
        {extra_name, "a[", "extra parameter", "PHP"},
        {extra_name, "a[]", "extra parameter", "PHP"},
        {extra_name, "utm", "extra parameter", "both"},
        {extra_name, JC_LEAD_NAME, "extra parameter", "documented field"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        refused(all[i].take(all[i].value, strlen(all[i].value)), JC_INVALID_ARGUMENT, all[i].argument,
                all[i].rule);
}

static void settings(void)
{
    static const char *const numbers[] = {
        JC_SETTING_CONNECT_TIMEOUT_MS, JC_SETTING_ATTEMPT_TIMEOUT_MS, JC_SETTING_TIMEOUT_MS,
        JC_SETTING_MAX_ATTEMPTS,
    };
    static const char *const no_numbers[] = {"", "0", "-1", "+1", "1.5", " 1", "1e3", "600001",
                                             "99999999999999999999", "x", "\xd9\xa1"};
    static const char *const flags[] = {JC_SETTING_ALLOW_HTTP, JC_SETTING_SHARE_CONNECTIONS};
    static const char *const no_flags[] = {"", "2", "true", "yes", " 1"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (size_t j = 0; j < sizeof no_numbers / sizeof *no_numbers; j++)
            refused(jc_client_set(client, numbers[i], no_numbers[j], JC_NTS), JC_INVALID_ARGUMENT,
                    numbers[i], "whole number");
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        for (size_t j = 0; j < sizeof no_flags / sizeof *no_flags; j++)
            refused(jc_client_set(client, flags[i], no_flags[j], JC_NTS), JC_INVALID_ARGUMENT, flags[i],
                    "1 or 0");
    refused(jc_client_set(client, JC_SETTING_SERVICE, "evil.example", JC_NTS), JC_INVALID_ARGUMENT,
            "service", "one of");
    refused(jc_client_set(client, JC_SETTING_PROXY, "socks9://a:1", JC_NTS), JC_INVALID_ARGUMENT, "proxy",
            "http");
    refused(jc_lead_set(lead, JC_LEAD_ACTIVATION, "2", JC_NTS), JC_INVALID_ARGUMENT, "activation", "1 or 0");
}

static void names(void)
{
    static const char *const unknown[] = {"", "lead_mail", "LEAD_EMAIL", "lead_email ", "\xff", "hash"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        refused(jc_lead_set(lead, unknown[i], "x", 1), JC_UNKNOWN_NAME, "field", "");
        refused(jc_client_set(client, unknown[i], "x", 1), JC_UNKNOWN_NAME, "setting", "");
    }
    refused(jc_lead_set(lead, "rid", "x", 1), JC_UNKNOWN_NAME, "rid", "a list of groups");
    refused(jc_lead_set(lead, "utm", "x", 1), JC_UNKNOWN_NAME, "utm", "each of its names");
    refused(jc_lead_set(lead, "rid[-1]", "x", 1), JC_UNKNOWN_NAME, "rid[-1]", "is no group");
    refused(jc_lead_set(lead, NULL, "x", 1), JC_INVALID_ARGUMENT, "field", "NULL");
    refused(jc_client_set(client, NULL, "x", 1), JC_INVALID_ARGUMENT, "setting", "NULL");
    refused(jc_lead_set(lead, "rid[900]", "x", 1), JC_INVALID_ARGUMENT, "rid[900]", "at most 900");
}

/* What is wrong with a handle, as the message has it. */
static void handle(void *wrong, const char *rule)
{
    jc_request *signed_request = (jc_request *)no_handle;
    if (wrong != client) {
        refused(jc_client_set(wrong, JC_SETTING_USER_AGENT, "x", 1), JC_INVALID_ARGUMENT, "client", rule);
        refused(jc_add_lead(wrong, lead, NULL), JC_INVALID_ARGUMENT, "client", rule);
        refused(jc_verify_answer(wrong, "x", 1, NULL), JC_INVALID_ARGUMENT, "client", rule);
        refused(jc_sign_lead(wrong, lead, &signed_request), JC_INVALID_ARGUMENT, "client", rule);
        CHECK(!signed_request);
        signed_request = (jc_request *)no_handle;
        refused(jc_sign_call(wrong, "GetAllGroups", JC_NTS, NULL, 0, &signed_request), JC_INVALID_ARGUMENT,
                "client", rule);
        CHECK(!signed_request);
        refused(jc_call(wrong, "GetAllGroups", JC_NTS, NULL, 0, NULL), JC_INVALID_ARGUMENT, "client", rule);
        jc_client *copy = (jc_client *)no_handle;
        refused(jc_client_clone(wrong, &copy), JC_INVALID_ARGUMENT, "client", rule);
        CHECK(!copy);
        refused(jc_client_interrupt(wrong, NULL), JC_INVALID_ARGUMENT, "client", rule);
    }
    if (wrong != lead) {
        refused(jc_lead_add_group(wrong, "x", 1), JC_INVALID_ARGUMENT, "lead", rule);
        refused(jc_lead_set(wrong, JC_LEAD_NAME, "x", 1), JC_INVALID_ARGUMENT, "lead", rule);
        refused(jc_lead_set_extra(wrong, "x", 1, "x", 1), JC_INVALID_ARGUMENT, "lead", rule);
        refused(jc_lead_set_json(wrong, "{}", 2), JC_INVALID_ARGUMENT, "lead", rule);
        refused(jc_sign_lead(client, wrong, &signed_request), JC_INVALID_ARGUMENT, "lead", rule);
        refused(jc_add_lead(client, wrong, NULL), JC_INVALID_ARGUMENT, "lead", rule);
    }
    if (wrong != outbox) {
        jc_result *out = (jc_result *)no_handle;
        refused(jc_outbox_set(wrong, "durability", "crash", 5), JC_INVALID_ARGUMENT, "outbox", rule);
        refused(jc_outbox_add(wrong, client, lead, NULL, 0, NULL), JC_INVALID_ARGUMENT, "outbox", rule);
        refused(jc_outbox_deliver(wrong, client, NULL, 0, &out), JC_INVALID_ARGUMENT, "outbox", rule);
        refused(jc_outbox_status(wrong, &out), JC_INVALID_ARGUMENT, "outbox", rule);
        refused(jc_outbox_list(wrong, NULL, 0, &out), JC_INVALID_ARGUMENT, "outbox", rule);
        refused(jc_outbox_retry(wrong, NULL, 0, &out), JC_INVALID_ARGUMENT, "outbox", rule);
        refused(jc_outbox_salvage(wrong, "a", 1, &out), JC_INVALID_ARGUMENT, "outbox", rule);
        refused(jc_outbox_drop(wrong, NULL, 0, &out), JC_INVALID_ARGUMENT, "outbox", rule);
        CHECK(!out);
    }
    if (wrong != client) {
        refused(jc_outbox_add(outbox, wrong, lead, NULL, 0, NULL), JC_INVALID_ARGUMENT, "client", rule);
        refused(jc_outbox_deliver(outbox, wrong, NULL, 0, NULL), JC_INVALID_ARGUMENT, "client", rule);
        jc_result *out = (jc_result *)no_handle;
        refused(jc_outbox_statement("sqlite", 6, wrong, lead, NULL, 0, &out), JC_INVALID_ARGUMENT, "client", rule);
        CHECK(!out);
    }
    if (wrong != lead) {
        refused(jc_outbox_add(outbox, client, wrong, NULL, 0, NULL), JC_INVALID_ARGUMENT, "lead", rule);
        refused(jc_outbox_statement("sqlite", 6, client, wrong, NULL, 0, NULL), JC_INVALID_ARGUMENT, "lead", rule);
    }
    /* Accessors are called with NULL where there is no result, and leave the last error alone. */
    const char *argument = wrong ? "request" : "";
    if (wrong != request) {
        CHECK(*jc_request_url(wrong) == '\0' && *jc_request_body(wrong) == '\0');
        refused(JC_INVALID_ARGUMENT, JC_INVALID_ARGUMENT, argument, wrong ? rule : "");
    }
    if (wrong != result) {
        CHECK(jc_result_outcome(wrong) == JC_OUTCOME_NONE && jc_result_error_code(wrong) == -1);
        CHECK(*jc_result_error_text(wrong) == '\0' && *jc_result_json(wrong) == '\0');
        CHECK(*jc_result_message(wrong) == '\0' && jc_result_attempts(wrong) == 0);
        CHECK(!jc_result_may_have_arrived(wrong) && jc_result_retry_after_ms(wrong) == 0);
        CHECK(jc_result_disposition(wrong) == JC_LATER && *jc_result_to_json(wrong) == '\0');
        argument = wrong ? "result" : "";
        refused(jc_result_status(wrong), JC_INVALID_ARGUMENT, argument, wrong ? rule : "");
    }
}

static void handles(void)
{
    handle(NULL, "NULL");
    handle(no_handle, "no handle");
    handle(no_handle + 1, "misaligned");
    handle(client, "a jc_client");
    handle(lead, "a jc_lead");
    handle(outbox, "a jc_outbox");
    handle(request, "a jc_request");
    handle(result, "a jc_result");
    jc_free(no_handle);
    refused(JC_OK, JC_OK, "jc_free", "no handle");
    jc_free(no_handle + 1);
    refused(JC_OK, JC_OK, "jc_free", "misaligned");
    refused(jc_client_new("a", 1, "s", 1, NULL), JC_INVALID_ARGUMENT, "out", "NULL");
    refused(jc_client_new("a", 1, "s", 1, (jc_client **)(void *)(no_handle + 1)), JC_INVALID_ARGUMENT, "out",
            "");
    refused(jc_sign_lead(client, lead, NULL), JC_INVALID_ARGUMENT, "out", "NULL");
    refused(jc_sign_call(client, "GetAllGroups", JC_NTS, NULL, 0, NULL), JC_INVALID_ARGUMENT, "out", "NULL");
    refused(jc_client_clone(client, NULL), JC_INVALID_ARGUMENT, "out", "NULL");
    /* A result that cannot be handed over must not be that of a lead which was sent. */
    jc_result **nowhere = (jc_result **)(void *)(no_handle + 1);
    refused(jc_add_lead(client, lead, nowhere), JC_INVALID_ARGUMENT, "out", "misaligned");
    refused(jc_call(client, "GetAllGroups", JC_NTS, NULL, 0, nowhere), JC_INVALID_ARGUMENT, "out",
            "misaligned");
    refused(jc_verify_answer(client, "x", 1, nowhere), JC_INVALID_ARGUMENT, "out", "misaligned");
    refused(jc_outbox_open(":memory:", JC_NTS, NULL), JC_INVALID_ARGUMENT, "out", "NULL");
    refused(jc_outbox_deliver(outbox, client, NULL, 0, nowhere), JC_INVALID_ARGUMENT, "out", "misaligned");
    int64_t *no_place = (int64_t *)(void *)(no_handle + 1);
    refused(jc_outbox_add(outbox, client, lead, NULL, 0, no_place), JC_INVALID_ARGUMENT, "id", "misaligned");
    CHECK(strcmp(jc_outcome_name(4711), "unknown") == 0 && jc_status_disposition(4711) == JC_HOLD);
    CHECK(strcmp(jc_status_name(4711), "JC_UNKNOWN_STATUS") == 0 && !jc_status_is_retryable(4711));
}

static void leads_that_are_not_whole(void)
{
    jc_lead *empty = jc_lead_new();
    jc_result *none = (jc_result *)no_handle;
    refused(jc_add_lead(client, empty, &none), JC_INVALID_ARGUMENT, "group", "");
    CHECK(!none);
    CHECK(jc_lead_add_group(empty, "super", JC_NTS) == JC_OK);
    refused(jc_add_lead(client, empty, NULL), JC_INVALID_ARGUMENT, "lead_email", "");
    CHECK(jc_lead_set(empty, JC_LEAD_EMAIL, "a@b.ru", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(empty, JC_LEAD_UTM_MEDIUM, "affiliate", JC_NTS) == JC_OK);
    refused(jc_add_lead(client, empty, NULL), JC_INVALID_ARGUMENT, "utm[utm_source]", "affiliate");
    refused(jc_outbox_add(outbox, client, empty, NULL, 0, NULL), JC_INVALID_ARGUMENT, "utm[utm_source]",
            "affiliate");
    jc_free(empty);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    memset(long_text, 'a', sizeof long_text);
    CHECK(jc_client_new("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_BASE_URL, argv[1], JC_NTS) == JC_OK);
    lead = jc_lead_new();
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, "lead@email.com", JC_NTS) == JC_OK);
    CHECK(jc_sign_lead(client, lead, &request) == JC_OK);
    CHECK(jc_verify_answer(client, "x", 1, &result) == JC_BAD_RESPONSE);
    CHECK(jc_outbox_open(":memory:", JC_NTS, &outbox) == JC_OK);

    all_texts();
    json_texts();
    outbox_texts();
    values_against_a_rule();
    settings();
    names();
    handles();
    leads_that_are_not_whole();

    CHECK(jc_add_lead(client, lead, NULL) == JC_OK);
    jc_free(result);
    CHECK(jc_outbox_status(outbox, &result) == JC_OK);
    CHECK(strcmp(jc_result_message(result), "0 waiting, 0 on their way, 0 dead, 0 delivered, 0 dropped") == 0);
    jc_free(outbox);
    jc_free(result);
    jc_free(request);
    jc_free(lead);
    jc_free(client);
    printf("%d rows of %s %u\n", rows, jc_version(), jc_abi_version());
    return 0;
}
