/* Keeps leads in an outbox until it is killed, and prints the address of each that is kept: `outbox keep
 * PREFIX`, with which the addresses begin. `outbox deliver` sends what is kept. */
#include <justclick.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failed(void)
{
    fprintf(stderr, "%s\n", jc_last_error());
    return 1;
}

static int keep(const jc_outbox *outbox, const jc_client *client, const char *prefix)
{
    for (long number = 1;; number++) {
        char email[100];
        jc_lead *lead = jc_lead_new();
        snprintf(email, sizeof email, "%s-%ld@b.ru", prefix, number);
        if (jc_lead_set(lead, JC_LEAD_EMAIL, email, JC_NTS) != JC_OK ||
            jc_lead_add_group(lead, "super", JC_NTS) != JC_OK ||
            jc_outbox_add(outbox, client, lead, NULL, 0, NULL) != JC_OK)
            return failed();
        jc_free(lead);
        printf("%s\n", email);
        fflush(stdout);
    }
}

static int deliver(const jc_outbox *outbox, const jc_client *client)
{
    jc_result *result = NULL;
    if (jc_outbox_deliver(outbox, client, "{\"in_flight\": 8}", JC_NTS, &result) != JC_OK)
        return failed();
    printf("%s\n", jc_result_json(result));
    jc_free(result);
    return 0;
}

int main(int argc, char **argv)
{
    jc_client *client = NULL;
    jc_outbox *outbox = NULL;
    if (jc_client_new(getenv("JUSTCLICK_USERNAME"), JC_NTS, getenv("JUSTCLICK_SECRET"), JC_NTS, &client) != JC_OK ||
        jc_client_set(client, JC_SETTING_BASE_URL, getenv("JUSTCLICK_BASE_URL"), JC_NTS) != JC_OK ||
        jc_client_set(client, JC_SETTING_CA_FILE, getenv("JUSTCLICK_CA_FILE"), JC_NTS) != JC_OK ||
        jc_outbox_open(getenv("JUSTCLICK_OUTBOX"), JC_NTS, &outbox) != JC_OK)
        return failed();
    if (argc >= 3 && strcmp(argv[1], "keep") == 0)
        return keep(outbox, client, argv[2]);
    return deliver(outbox, client);
}
