/* Makes leads of 17 fields, and sends them, for callgrind to count. The arguments: whether the leads
 * are sent ("send") or only made ("make"), how many, the base URL, and the file of the authority.
 * Without arguments it prints what the count depends on: the C library and the processor's features,
 * by which code is chosen. */
#include <gnu/libc-version.h>
#include <justclick.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lead.h"

#ifdef __x86_64__
#include <cpuid.h>
#endif

static void need(int good)
{
    if (!good) {
        fprintf(stderr, "%s\n", jc_last_error());
        exit(1);
    }
}

static jc_client *make_client(const char *base_url, const char *ca_file)
{
    jc_client *client;
    need(jc_client_new("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    need(jc_client_set(client, JC_SETTING_BASE_URL, base_url, JC_NTS) == JC_OK);
    need(jc_client_set(client, JC_SETTING_CA_FILE, ca_file, JC_NTS) == JC_OK);
    return client;
}

/* No two have one address, so that the service adds every one. */
static jc_lead *make_lead(int number)
{
    char email[] = "lead0000000@email.com";
    for (char *digit = email + 10; number > 0; number /= 10)
        *digit-- += (char)(number % 10);
    jc_lead *lead = jc_lead_new();
    need(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    need(jc_lead_set(lead, JC_LEAD_EMAIL, email, JC_NTS) == JC_OK);
    for (int field = 0; field < FIELD_COUNT; field++)
        need(jc_lead_set(lead, FIELDS[field][0], FIELDS[field][1], JC_NTS) == JC_OK);
    return lead;
}

static int print_model(void)
{
    printf("glibc %s, cpu", gnu_get_libc_version());
#ifdef __x86_64__
    unsigned eax, ebx, ecx, edx;
    if (__get_cpuid(1, &eax, &ebx, &ecx, &edx))
        printf(" %08x %08x", ecx, edx);
    if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx))
        printf(" %08x %08x", ebx, ecx);
#endif
    printf("\n");
    return 0;
}

int main(int count, char **arguments)
{
    if (count == 1)
        return print_model();
    need(count == 5);
    int sends = !strcmp(arguments[1], "send"), leads = atoi(arguments[2]);
    jc_client *client = make_client(arguments[3], arguments[4]);
    for (int number = 0; number < leads; number++) {
        jc_lead *lead = make_lead(number);
        if (sends) {
            jc_result *result;
            need(jc_add_lead(client, lead, &result) == JC_OK);
            need(jc_result_outcome(result) == JC_ACTIVATION_SENT);
            jc_free(result);
        }
        jc_free(lead);
    }
    jc_free(client);
    return 0;
}
