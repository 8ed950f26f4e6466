/* A child that is forked while another thread looks a name up can hang in the system's resolver for
 * ever, since it inherits the locks of it. Here every look-up of a child hangs, and a child sends all
 * the same, to the addresses that its parent had found. The argument is the base URL. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <justclick.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static pid_t parent;
static int hanging;

/* Stands before the system's. */
int getaddrinfo(const char *restrict node, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    sigset_t blocked;
    CHECK(pthread_sigmask(SIG_BLOCK, NULL, &blocked) == 0);
    CHECK(sigismember(&blocked, SIGALRM) && sigismember(&blocked, SIGTERM) && sigismember(&blocked, SIGPROF));
    if (getpid() != parent || strcmp(node, "localhost") != 0) {
        __atomic_store_n(&hanging, 1, __ATOMIC_SEQ_CST);
        for (;;)
            pause();
    }
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    return real(node, service, hints, found);
}

static jc_status add(const char *url, const char *email, const char *timeout_ms)
{
    jc_client *client = NULL;
    jc_lead *lead = jc_lead_new();
    CHECK(jc_client_new("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_BASE_URL, url, JC_NTS) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_ALLOW_HTTP, "1", JC_NTS) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_PROXY, "none", JC_NTS) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_MAX_ATTEMPTS, "1", JC_NTS) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_TIMEOUT_MS, timeout_ms, JC_NTS) == JC_OK);
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, email, JC_NTS) == JC_OK);
    jc_status status = jc_add_lead(client, lead, NULL);
    jc_free(lead);
    jc_free(client);
    return status;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    parent = getpid();
    CHECK(add(argv[1], "parent@b.ru", "10000") == JC_OK);
    CHECK(add("http://hanging.example", "never@b.ru", "100") == JC_UNREACHABLE);
    CHECK(__atomic_load_n(&hanging, __ATOMIC_SEQ_CST));
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(add(argv[1], "child@b.ru", "10000") == JC_OK);
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK(add(argv[1], "later@b.ru", "10000") == JC_OK);
    return 0;
}
