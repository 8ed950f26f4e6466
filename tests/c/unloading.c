/* Loads the library, sends a lead and unloads it, over and over, as PHP does in each request: it
 * does not crash or grow, and the connection stays. The arguments are the library, the base URL
 * and the number of rounds. */
#include <dlfcn.h>
#include <justclick.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                       \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);    \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

#include "resident.h"

/* Declares a pointer of a function's own type and finds the function in the library. */
#define FIND(library, name)                                                    \
    __typeof__(name) *name##_found;                                            \
    *(void **)&name##_found = dlsym(library, #name);                           \
    CHECK(name##_found)

static void round_trip(char **argv, int number)
{
    char email[64];
    jc_client *client = NULL;
    jc_result *result = NULL;
    void *library = dlopen(argv[1], RTLD_NOW);
    CHECK(library);
    FIND(library, jc_client_new);
    FIND(library, jc_client_set);
    FIND(library, jc_lead_new);
    FIND(library, jc_lead_set);
    FIND(library, jc_add_lead);
    FIND(library, jc_result_outcome);
    FIND(library, jc_free);
    snprintf(email, sizeof email, "%d@b.ru", number);
    CHECK(jc_client_new_found("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    CHECK(jc_client_set_found(client, JC_SETTING_BASE_URL, argv[2], JC_NTS) == JC_OK);
    CHECK(jc_client_set_found(client, JC_SETTING_SHARE_CONNECTIONS, "1", JC_NTS) == JC_OK);
    jc_lead *lead = jc_lead_new_found();
    CHECK(jc_lead_set_found(lead, "rid[0]", "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set_found(lead, JC_LEAD_EMAIL, email, JC_NTS) == JC_OK);
    CHECK(jc_add_lead_found(client, lead, &result) == JC_OK);
    CHECK(jc_result_outcome_found(result) == JC_ADDED);
    jc_free_found(result);
    jc_free_found(lead);
    jc_free_found(client);
    CHECK(dlclose(library) == 0);
}

int main(int argc, char **argv)
{
    CHECK(argc == 4);
    int rounds = atoi(argv[3]), number = 0;
    for (; number < rounds / 4; number++)
        round_trip(argv, number);
    long start = resident();
    for (; number < rounds; number++)
        round_trip(argv, number);
    /* A client or a lead, lost in each round, would be far more. */
    CHECK(resident() - start < 256);
    return 0;
}
