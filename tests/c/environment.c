/* Sends one lead, once, to a host of any name, with http allowed, and prints how that ended. The
 * argument is the base URL; the environment is the test's. */
#include <justclick.h>

#include "check.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    jc_client *client = NULL;
    jc_lead *lead = jc_lead_new();
    CHECK(jc_client_new("username", JC_NTS, "secret", JC_NTS, &client) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_BASE_URL, argv[1], JC_NTS) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_ALLOW_HTTP, "1", JC_NTS) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_MAX_ATTEMPTS, "1", JC_NTS) == JC_OK);
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, "lead@email.com", JC_NTS) == JC_OK);
    puts(jc_status_name(jc_add_lead(client, lead, NULL)));
    jc_free(lead);
    jc_free(client);
    return 0;
}
