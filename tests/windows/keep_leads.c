/* Keeps leads in an outbox, delivers them, and tells how many there are:
 * keep_leads LOCATION add N | keep_leads LOCATION deliver | keep_leads LOCATION status */
#include <justclick.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jc_status keep(const jc_outbox *outbox, const jc_client *client, int number)
{
    char email[32];
    snprintf(email, sizeof email, "lead%d@email.com", number);
    jc_lead *lead = jc_lead_new();
    jc_status status = jc_lead_add_group(lead, "super", JC_NTS);
    if (status == JC_OK)
        status = jc_lead_set(lead, JC_LEAD_EMAIL, email, JC_NTS);
    if (status == JC_OK)
        status = jc_outbox_add(outbox, client, lead, NULL, 0, NULL);
    jc_free(lead);
    return status;
}

/* Tells each lead once it is kept. */
static jc_status add(const jc_outbox *outbox, const jc_client *client, int count)
{
    jc_status status = JC_OK;
    for (int number = 1; status == JC_OK && number <= count; number++) {
        status = keep(outbox, client, number);
        if (status == JC_OK) {
            printf("lead%d@email.com\n", number);
            fflush(stdout);
        }
    }
    return status;
}

static jc_status told(jc_status status, jc_result *result)
{
    if (status == JC_OK)
        printf("%s\n", jc_result_json(result));
    jc_free(result);
    return status;
}

static jc_status run(const jc_outbox *outbox, const jc_client *client, int argc, char **argv)
{
    jc_result *result = NULL;
    if (argc == 4 && strcmp(argv[2], "add") == 0)
        return add(outbox, client, atoi(argv[3]));
    if (argc == 3 && strcmp(argv[2], "deliver") == 0) {
        jc_status status = jc_outbox_deliver(outbox, client, NULL, 0, &result);
        return told(status, result);
    }
    if (argc == 3 && strcmp(argv[2], "status") == 0) {
        jc_status status = jc_outbox_status(outbox, &result);
        return told(status, result);
    }
    fprintf(stderr, "keep_leads LOCATION add N | deliver | status\n");
    exit(2);
}

int main(int argc, char **argv)
{
    const char *username = getenv("JUSTCLICK_USERNAME"), *secret = getenv("JUSTCLICK_SECRET");
    const char *base_url = getenv("JUSTCLICK_BASE_URL"), *ca_file = getenv("JUSTCLICK_CA_FILE");
    jc_client *client = NULL;
    jc_outbox *outbox = NULL;
    jc_status status = jc_client_new(username, JC_NTS, secret, JC_NTS, &client);
    if (status == JC_OK && base_url)
        status = jc_client_set(client, JC_SETTING_BASE_URL, base_url, JC_NTS);
    if (status == JC_OK && ca_file)
        status = jc_client_set(client, JC_SETTING_CA_FILE, ca_file, JC_NTS);
    if (status == JC_OK)
        status = jc_outbox_open(argc > 1 ? argv[1] : "", JC_NTS, &outbox);
    if (status == JC_OK)
        status = run(outbox, client, argc, argv);
    if (status != JC_OK)
        fprintf(stderr, "%s: %s\n", jc_status_name(status), jc_last_error());
    jc_free(outbox);
    jc_free(client);
    return status == JC_OK ? 0 : 1;
}
