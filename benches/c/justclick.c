/* Makes and sends one lead again and again, with one client for all threads. */
#define _POSIX_C_SOURCE 200809L
#include <justclick.h>

#include "lead.h"
#include "measure.h"

static jc_client *client;

static void need(int good)
{
    if (!good) {
        fprintf(stderr, "%s\n", jc_last_error());
        exit(1);
    }
}

/* Threads share the client, and have nothing of their own. */
static void *make_nothing(void)
{
    return NULL;
}

static void send_lead(void *nothing)
{
    (void)nothing;
    jc_lead *lead = jc_lead_new();
    jc_result *result;
    need(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    need(jc_lead_set(lead, JC_LEAD_EMAIL, "lead@email.com", JC_NTS) == JC_OK);
    for (int field = 0; field < FIELD_COUNT; field++)
        need(jc_lead_set(lead, FIELDS[field][0], FIELDS[field][1], JC_NTS) == JC_OK);
    need(jc_add_lead(client, lead, &result) == JC_OK);
    jc_free(result);
    jc_free(lead);
}

int main(void)
{
    need(jc_client_new("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    need(jc_client_set(client, JC_SETTING_BASE_URL, getenv("JUSTCLICK_BASE_URL"), JC_NTS) == JC_OK);
    need(jc_client_set(client, JC_SETTING_CA_FILE, getenv("JUSTCLICK_CA_FILE"), JC_NTS) == JC_OK);
    int code = measure(make_nothing, send_lead);
    jc_free(client);
    return code;
}
