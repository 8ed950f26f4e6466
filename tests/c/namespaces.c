/* A child in a new PID namespace has its parent's pid, and is another process all the same. The
 * argument is the base URL. */
#define _GNU_SOURCE
#include <justclick.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void add(const jc_client *client, const char *email)
{
    jc_lead *lead = jc_lead_new();
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, email, JC_NTS) == JC_OK);
    CHECK(jc_add_lead(client, lead, NULL) == JC_OK);
    jc_free(lead);
}

static void wait_for(pid_t child)
{
    int status;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Returns in the child, which is the first process of its namespace. */
static pid_t fork_into_namespace(void)
{
    if (unshare(CLONE_NEWPID) != 0)
        CHECK(unshare(CLONE_NEWUSER | CLONE_NEWPID) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        CHECK(getpid() == 1);
    return child;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    pid_t outer = fork_into_namespace();
    if (outer > 0) {
        wait_for(outer);
        return 0;
    }
    jc_client *client = NULL;
    CHECK(jc_client_new("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_BASE_URL, argv[1], JC_NTS) == JC_OK);
    add(client, "parent@b.ru");
    pid_t inner = fork_into_namespace();
    if (inner > 0) {
        wait_for(inner);
        add(client, "later@b.ru");
    } else {
        add(client, "child@b.ru");
    }
    jc_free(client);
    return 0;
}
