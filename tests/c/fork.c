/* Parent and children go on sending over TLS with one client that was used before fork(). The
 * arguments are the base URL, the CA file, the number of forks, and whether connections are shared
 * by all clients of a process, in which case each lead gets a client of its own. */
#define _POSIX_C_SOURCE 200809L
#include <justclick.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void add(const jc_client *client, const char *who, int number, int32_t outcome)
{
    char email[64];
    snprintf(email, sizeof email, "%s%d@b.ru", who, number);
    jc_lead *lead = jc_lead_new();
    jc_result *result = NULL;
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, email, JC_NTS) == JC_OK);
    CHECK(jc_add_lead(client, lead, &result) == JC_OK);
    CHECK(jc_result_outcome(result) == outcome);
    CHECK(jc_result_attempts(result) == 1);
    jc_free(result);
    jc_free(lead);
}

static jc_client *new_client(char **argv)
{
    jc_client *client = NULL;
    CHECK(jc_client_new("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_BASE_URL, argv[1], JC_NTS) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_CA_FILE, argv[2], JC_NTS) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_SHARE_CONNECTIONS, argv[4], JC_NTS) == JC_OK);
    return client;
}

/* Where connections are shared, a client that goes and one that comes have the same. */
static jc_client *next_client(jc_client *client, char **argv)
{
    if (strcmp(argv[4], "1") != 0)
        return client;
    jc_free(client);
    return new_client(argv);
}

int main(int argc, char **argv)
{
    CHECK(argc == 5);
    jc_client *client = new_client(argv);
    add(client, "first", 0, JC_ADDED);
    for (int number = 0; number < atoi(argv[3]); number++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            client = next_client(client, argv);
            /* Each child gets an answer that the parent does not, so none can be mistaken. */
            add(client, "first", 0, JC_ALREADY_REGISTERED);
            add(client, "child", number, JC_ADDED);
            jc_free(client);
            exit(0);
        }
        client = next_client(client, argv);
        add(client, "parent", number, JC_ADDED);
        int status;
        CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
        add(client, "later", number, JC_ADDED);
    }
    jc_free(client);
    return 0;
}
