/* Adds the contact of the service's own example to a group, and says what became of it. */
#include <justclick.h>
#include <stdio.h>
#include <stdlib.h>

struct field {
    const char *name, *value;
};

static const struct field fields[] = {
    {JC_LEAD_NAME, "Name"},
    {JC_LEAD_EMAIL, "lead@email.com"},
    {JC_LEAD_PHONE, "+788888888"},
    {JC_LEAD_CITY, "City"},
    {JC_LEAD_TAG, "this is tag"},
    {JC_LEAD_DONEURL2, "http://yandex.ru/"},
    {JC_LEAD_ACTIVATION, "1"},
    {JC_LEAD_UTM_MEDIUM, "cpc"},
    {JC_LEAD_UTM_SOURCE, "direct"},
    {JC_LEAD_UTM_CAMPAIGN, "My_Campaign"},
    {JC_LEAD_UTM_CONTENT, "content_123"},
    {JC_LEAD_UTM_TERM, "my_label"},
};

/* A setting comes from the environment; where it is not there, its default stays. */
static jc_status set(jc_client *client, const char *setting, const char *value)
{
    return value ? jc_client_set(client, setting, value, JC_NTS) : JC_OK;
}

static jc_status fill(jc_lead *lead, const char *group)
{
    jc_status status = jc_lead_add_group(lead, group, JC_NTS);
    for (size_t i = 0; status == JC_OK && i < sizeof fields / sizeof *fields; i++)
        status = jc_lead_set(lead, fields[i].name, fields[i].value, JC_NTS);
    return status;
}

static const char *outcome_name(int32_t outcome)
{
    switch (outcome) {
    case JC_ADDED: return "added";
    case JC_ACTIVATION_SENT: return "activation sent";
    case JC_ALREADY_REGISTERED: return "already registered";
    default: return "not added";
    }
}

int main(int argc, char **argv)
{
    const char *username = getenv("JUSTCLICK_USERNAME"), *secret = getenv("JUSTCLICK_SECRET");
    if (!username || !secret) {
        fprintf(stderr, "Set JUSTCLICK_USERNAME and JUSTCLICK_SECRET.\n");
        return 2;
    }

    jc_client *client = NULL;
    jc_lead *lead = jc_lead_new();
    jc_result *result = NULL;
    jc_status status = jc_client_new(username, JC_NTS, secret, JC_NTS, &client);
    if (status == JC_OK)
        status = set(client, JC_SETTING_BASE_URL, getenv("JUSTCLICK_BASE_URL"));
    if (status == JC_OK)
        status = set(client, JC_SETTING_CA_FILE, getenv("JUSTCLICK_CA_FILE"));
    if (status == JC_OK)
        status = fill(lead, argc > 1 ? argv[1] : "super");
    if (status == JC_OK)
        status = jc_add_lead(client, lead, &result);

    if (status == JC_OK)
        printf("%s (code %d: %s)\n", outcome_name(jc_result_outcome(result)),
               (int)jc_result_error_code(result), jc_result_error_text(result));
    else
        fprintf(stderr, "%s: %s\n", jc_status_name(status), jc_last_error());

    jc_free(result);
    jc_free(lead);
    jc_free(client);
    return status == JC_OK ? 0 : 1;
}
