/* Calls the library over and over, and looks whether the program grows. The arguments are the base
 * URL, the number of rounds without a server, the number of leads to send, and the growth in KiB
 * that is allowed. */
#include <justclick.h>
#include <string.h>

#include "check.h"
#include "resident.h"

static jc_lead *new_lead(int number)
{
    char email[64];
    jc_lead *lead = jc_lead_new();
    snprintf(email, sizeof email, "%d@b.ru", number % 1000);
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, email, JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_NAME, "Name", JC_NTS) == JC_OK);
    return lead;
}

static jc_client *new_client(const char *base_url)
{
    jc_client *client = NULL;
    CHECK(jc_client_new("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_BASE_URL, base_url, JC_NTS) == JC_OK);
    return client;
}

/* All that needs no server, good and bad. */
static void round_without_a_server(const char *base_url, int number)
{
    jc_client *client = new_client(base_url), *none = NULL;
    jc_lead *lead = new_lead(number);
    jc_request *request = NULL;
    jc_result *result = NULL;
    CHECK(jc_client_new("No label", JC_NTS, "s", 1, &none) == JC_INVALID_ARGUMENT);
    CHECK(jc_lead_set(lead, "lead_mail", "x", 1) == JC_UNKNOWN_NAME);
    CHECK(jc_lead_set_extra(lead, "note", JC_NTS, "x", 1) == JC_OK);
    CHECK(jc_sign_lead(client, lead, &request) == JC_OK);
    CHECK(jc_verify_answer(client, "<html>", JC_NTS, &result) == JC_BAD_RESPONSE);
    CHECK(strlen(jc_result_message(result)) > 0);
    jc_free(result);
    jc_free(request);
    jc_free(lead);
    jc_free(client);
}

static void send(const jc_client *client, int number)
{
    jc_lead *lead = new_lead(number);
    jc_result *result = NULL;
    CHECK(jc_add_lead(client, lead, &result) == JC_OK);
    jc_free(result);
    jc_free(lead);
}

int main(int argc, char **argv)
{
    CHECK(argc == 5);
    int rounds = atoi(argv[2]), leads = atoi(argv[3]);
    jc_client *client = new_client(argv[1]);
    for (int number = 0; number < rounds / 4; number++)
        round_without_a_server(argv[1], number);
    for (int number = 0; number < leads / 4; number++)
        send(client, number);
    long start = resident();
    for (int number = rounds / 4; number < rounds; number++)
        round_without_a_server(argv[1], number);
    for (int number = leads / 4; number < leads; number++)
        send(client, number);
    long growth = resident() - start;
    jc_free(client);
    printf("%d rounds and %d leads: %ld KiB more than at a quarter of them\n", rounds, leads, growth);
    CHECK(growth < atoi(argv[4]));
    return 0;
}
