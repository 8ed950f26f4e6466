/* Sends one lead again and again, with one client for all threads. */
#define _POSIX_C_SOURCE 200809L
#include <justclick.h>

#include "measure.h"

static jc_client *client;

static void need(int good)
{
    if (!good) {
        fprintf(stderr, "%s\n", jc_last_error());
        exit(1);
    }
}

static void *make_lead(void)
{
    jc_lead *lead = jc_lead_new();
    need(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    need(jc_lead_set(lead, JC_LEAD_EMAIL, "lead@email.com", JC_NTS) == JC_OK);
    need(jc_lead_set(lead, JC_LEAD_NAME, "Name", JC_NTS) == JC_OK);
    return lead;
}

static void send_lead(void *lead)
{
    jc_result *result;
    need(jc_add_lead(client, (const jc_lead *)lead, &result) == JC_OK);
    jc_free(result);
}

int main(void)
{
    need(jc_client_new("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    need(jc_client_set(client, JC_SETTING_BASE_URL, getenv("JUSTCLICK_BASE_URL"), JC_NTS) == JC_OK);
    need(jc_client_set(client, JC_SETTING_CA_FILE, getenv("JUSTCLICK_CA_FILE"), JC_NTS) == JC_OK);
    int code = measure(make_lead, send_lead);
    jc_free(client);
    return code;
}
