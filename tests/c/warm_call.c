/* Counts the threads that are started, the names that are looked up, and the questions for the
 * process's id: by the first lead, which needs them, and by those after it, which must not. The
 * argument is a base URL with a name. */
#define _GNU_SOURCE
#include <justclick.h>
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

static int threads, lookups, ids;

/* These stand before the C library's own, and count what the library under test calls. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    __atomic_add_fetch(&threads, 1, __ATOMIC_SEQ_CST);
    return real(thread, attributes, start, argument);
}

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    __atomic_add_fetch(&lookups, 1, __ATOMIC_SEQ_CST);
    return real(host, service, hints, found);
}

pid_t getpid(void)
{
    __atomic_add_fetch(&ids, 1, __ATOMIC_SEQ_CST);
    return (pid_t)syscall(SYS_getpid);
}

int main(int argc, char **argv)
{
    jc_client *client = NULL;
    jc_lead *lead = jc_lead_new();
    CHECK(argc == 2);
    CHECK(jc_client_new("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_BASE_URL, argv[1], JC_NTS) == JC_OK);
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, "a@b.ru", JC_NTS) == JC_OK);
    CHECK(threads == 0 && lookups == 0);
    CHECK(jc_add_lead(client, lead, NULL) == JC_OK);
    CHECK(lookups == 1);
    threads = lookups = ids = 0;
    for (int call = 0; call < 50; call++)
        CHECK(jc_add_lead(client, lead, NULL) == JC_OK);
    CHECK(threads == 0);
    CHECK(lookups == 0);
    CHECK(ids == 0);
    jc_free(lead);
    jc_free(client);
    return 0;
}
