/* Without a free descriptor no certificates can be read, and the lead is kept. With one, the same
 * program trusts whom it should: SSL_CERT_FILE names the authority of the server, whose base URL is
 * the argument. */
#define _POSIX_C_SOURCE 200809L
#include <justclick.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "check.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    jc_client *client = NULL;
    jc_lead *lead = jc_lead_new();
    jc_result *result = NULL;
    CHECK(jc_client_new("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_BASE_URL, argv[1], JC_NTS) == JC_OK);
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, "lead@email.com", JC_NTS) == JC_OK);

    struct rlimit limit, none;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    none = limit;
    int next = dup(0);
    CHECK(next > 0 && close(next) == 0);
    none.rlim_cur = (rlim_t)next;
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    CHECK(jc_add_lead(client, lead, &result) == JC_TLS);
    CHECK(strstr(jc_result_message(result), "SSL_CERT_FILE"));
    CHECK(strstr(jc_result_message(result), "Too many open files"));
    CHECK(!jc_result_may_have_arrived(result));
    jc_free(result);

    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(jc_add_lead(client, lead, NULL) == JC_OK);
    jc_free(lead);
    jc_free(client);
    return 0;
}
