/* Uses a client for all that it can do, and waits twice for a dump of its memory: while the client
 * lives, and after it was freed. The secret is made at run time, and wiped by the program as soon
 * as the library has it. The arguments are the base URL and the CA file. */
#define _GNU_SOURCE
#include <justclick.h>
#include <string.h>

#include "check.h"

enum { LENGTH = 40 };

/* The letters that the test looks for. */
static jc_client *new_client(char **argv)
{
    char secret[LENGTH];
    jc_client *client = NULL;
    for (int index = 0; index < LENGTH; index++)
        secret[index] = (char)('A' + (index * 7 + 3) % 26);
    CHECK(jc_client_new("dumped", JC_NTS, secret, LENGTH, &client) == JC_OK);
    explicit_bzero(secret, LENGTH);
    CHECK(jc_client_set(client, JC_SETTING_BASE_URL, argv[1], JC_NTS) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_CA_FILE, argv[2], JC_NTS) == JC_OK);
    return client;
}

static void use(const jc_client *client)
{
    jc_lead *lead = jc_lead_new();
    jc_request *request = NULL;
    jc_result *result = NULL;
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, "a@b.ru", JC_NTS) == JC_OK);
    CHECK(jc_add_lead(client, lead, &result) == JC_OK);
    jc_free(result);
    CHECK(jc_lead_set(lead, "rid[0]", "nowhere", JC_NTS) == JC_OK);
    CHECK(jc_add_lead(client, lead, &result) == JC_REJECTED);
    jc_free(result);
    CHECK(jc_sign_lead(client, lead, &request) == JC_OK);
    jc_free(request);
    CHECK(jc_verify_answer(client, "{\"error_code\":0,\"error_text\":\"OK\",\"hash\":\"\"}", JC_NTS,
                           &result) == JC_BAD_SIGNATURE);
    jc_free(result);
    jc_free(lead);
}

static void wait_for_the_dump(const char *when)
{
    puts(when);
    fflush(stdout);
    CHECK(getchar() == '\n');
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    jc_client *client = new_client(argv);
    use(client);
    wait_for_the_dump("in use");
    jc_free(client);
    wait_for_the_dump("freed");
    return 0;
}
