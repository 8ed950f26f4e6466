/* Name look-ups that never end: the call ends at its deadline, the next ones as well, and the
 * program can end. Prints by how many milliseconds the calls overran, each at the best of some
 * tries, since a busy machine can hold a call up. */
#define _GNU_SOURCE
#include <justclick.h>
#include <netdb.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

enum { DEADLINE = 300, TRIES = 4 };

static int look_ups;

/* Stands before the system's. */
int getaddrinfo(const char *restrict node, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
    (void)node, (void)service, (void)hints, (void)found;
    __atomic_add_fetch(&look_ups, 1, __ATOMIC_SEQ_CST);
    for (;;)
        pause();
}

static long milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

static long overrun(const jc_client *client, const jc_lead *lead)
{
    long best = -1;
    for (int try = 0; try < TRIES; try++) {
        jc_result *result = NULL;
        long start = milliseconds();
        CHECK(jc_add_lead(client, lead, &result) == JC_UNREACHABLE);
        long late = milliseconds() - start - DEADLINE;
        CHECK(late > -50);
        CHECK(!jc_result_may_have_arrived(result));
        jc_free(result);
        best = best < 0 || late < best ? (late > 0 ? late : 0) : best;
    }
    return best;
}

int main(void)
{
    jc_client *client = NULL;
    jc_lead *lead = jc_lead_new();
    CHECK(jc_client_new("username", JC_NTS, "secret", JC_NTS, &client) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_TIMEOUT_MS, "300", JC_NTS) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_PROXY, "none", JC_NTS) == JC_OK);
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, "lead@email.com", JC_NTS) == JC_OK);
    long late = overrun(client, lead);
    /* All calls wait for the one look-up, instead of a thread for each. */
    CHECK(look_ups == 1);
    printf("%ld\n", late);
    CHECK(late <= 50);
    jc_free(lead);
    jc_free(client);
    return 0;
}
