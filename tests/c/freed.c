/* Every handle is marked as freed before its memory goes back: this program's own free() stands
 * between the library and the C library, and looks at what it is given. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <justclick.h>
#include <string.h>

#include "check.h"

static const void *watched;
static char seen[9];
static int times;

void free(void *block)
{
    static void (*next)(void *);
    if (!next) {
        void *found = dlsym(RTLD_NEXT, "free");
        memcpy(&next, &found, sizeof next);
    }
    if (block && block == watched) {
        memcpy(seen, block, sizeof seen - 1);
        times++;
    }
    next(block);
}

static void check_marked(void *handle)
{
    CHECK(handle != NULL);
    CHECK(memcmp(handle, "jc freed", 8) != 0);
    memset(seen, 0, sizeof seen);
    times = 0;
    watched = handle;
    jc_free(handle);
    watched = NULL;
    CHECK(times == 1);
    CHECK(strcmp(seen, "jc freed") == 0);
}

int main(void)
{
    jc_client *client = NULL;
    jc_request *request = NULL;
    jc_result *result = NULL;
    jc_lead *lead = jc_lead_new();
    CHECK(jc_client_new("username", JC_NTS, "secret", JC_NTS, &client) == JC_OK);
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, "lead@email.com", JC_NTS) == JC_OK);
    CHECK(jc_sign_lead(client, lead, &request) == JC_OK);
    CHECK(jc_verify_answer(client, "no answer", JC_NTS, &result) != JC_OK);
    check_marked(result);
    check_marked(request);
    check_marked(lead);
    check_marked(client);
    puts("every handle was marked");
    return 0;
}
