/* Parent and children go on sending over TLS with one client that was used before fork(). The
 * arguments are the base URL, the CA file and the number of forks. */
#define _POSIX_C_SOURCE 200809L
#include <justclick.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void add(const jc_client *client, const char *who, int number)
{
    char email[64];
    snprintf(email, sizeof email, "%s%d@b.ru", who, number);
    jc_lead *lead = jc_lead_new();
    jc_result *result = NULL;
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, email, JC_NTS) == JC_OK);
    CHECK(jc_add_lead(client, lead, &result) == JC_OK);
    CHECK(jc_result_outcome(result) == JC_ADDED);
    CHECK(jc_result_attempts(result) == 1);
    jc_free(result);
    jc_free(lead);
}

int main(int argc, char **argv)
{
    jc_client *client = NULL;
    CHECK(argc == 4);
    CHECK(jc_client_new("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_BASE_URL, argv[1], JC_NTS) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_CA_FILE, argv[2], JC_NTS) == JC_OK);
    add(client, "first", 0);
    for (int number = 0; number < atoi(argv[3]); number++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            add(client, "child", number);
            jc_free(client);
            exit(0);
        }
        add(client, "parent", number);
        int status;
        CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
        add(client, "later", number);
    }
    jc_free(client);
    return 0;
}
