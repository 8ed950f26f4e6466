/* Sends one lead again and again. Arguments: base URL, CA file or "", number of calls. */
#define _POSIX_C_SOURCE 200809L
#include <justclick.h>

#include "measure.h"

static jc_client *client;
static jc_lead *lead;

static void need(int good)
{
    if (!good) {
        fprintf(stderr, "%s\n", jc_last_error());
        exit(1);
    }
}

static void send_lead(void)
{
    jc_result *result;
    need(jc_add_lead(client, lead, &result) == JC_OK);
    jc_free(result);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    lead = jc_lead_new();
    need(jc_client_new("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    need(jc_client_set(client, JC_SETTING_BASE_URL, argv[1], JC_NTS) == JC_OK);
    need(jc_client_set(client, JC_SETTING_CA_FILE, argv[2], JC_NTS) == JC_OK);
    need(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    need(jc_lead_set(lead, JC_LEAD_EMAIL, "lead@email.com", JC_NTS) == JC_OK);
    need(jc_lead_set(lead, JC_LEAD_NAME, "Name", JC_NTS) == JC_OK);
    measure(send_lead, atoi(argv[3]));
    jc_free(lead);
    jc_free(client);
    return 0;
}
