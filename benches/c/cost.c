/* Makes leads of 17 fields, and sends them, for callgrind to count. The arguments: whether a lead is
 * set field by field ("fields") or as a whole ("json"), whether it is sent ("send") or only made
 * ("make"), how many, the base URL, and the file of the authority. Without arguments it prints
 * what the count depends on: the C library and the processor's features, by which code is chosen. */
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

/* Writes the number over the digits before the `@`. No two leads have one address, so that the service
 * adds every one. */
static void number_address(char *text, int number)
{
    for (char *digit = strchr(text, '@') - 1; number > 0; number /= 10)
        *digit-- = (char)('0' + number % 10);
}

static void set_fields(jc_lead *lead, int number)
{
    char email[] = "lead0000000@email.com";
    number_address(email, number);
    need(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    need(jc_lead_set(lead, JC_LEAD_EMAIL, email, JC_NTS) == JC_OK);
    for (int field = 0; field < FIELD_COUNT; field++)
        need(jc_lead_set(lead, FIELDS[field][0], FIELDS[field][1], JC_NTS) == JC_OK);
}

static void set_json(jc_lead *lead, int number)
{
    char json[] = "{\"rid\":[\"super\"],\"lead_name\":\"Name\",\"lead_email\":\"lead0000000@email.com\","
                  "\"lead_phone\":\"+788888888\",\"lead_city\":\"City\",\"tag\":\"this is tag\","
                  "\"doneurl2\":\"http://yandex.ru/\",\"activation\":true,"
                  "\"utm\":{\"utm_medium\":\"cpc\",\"utm_source\":\"direct\",\"utm_campaign\":\"My_Campaign\","
                  "\"utm_content\":\"content_123\",\"utm_term\":\"my_label\",\"aff_medium\":\"cpc\","
                  "\"aff_source\":\"direct\",\"aff_campaign\":\"My_Campaign\"},\"aff\":\"partner\"}";
    number_address(json, number);
    need(jc_lead_set_json(lead, json, sizeof json - 1) == JC_OK);
}

static void send_lead(const jc_client *client, const jc_lead *lead)
{
    jc_result *result;
    need(jc_add_lead(client, lead, &result) == JC_OK);
    need(jc_result_outcome(result) == JC_ACTIVATION_SENT);
    jc_free(result);
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
    need(count == 6);
    void (*set)(jc_lead *, int) = strcmp(arguments[1], "json") ? set_fields : set_json;
    int sends = !strcmp(arguments[2], "send"), leads = atoi(arguments[3]);
    jc_client *client = make_client(arguments[4], arguments[5]);
    for (int number = 0; number < leads; number++) {
        jc_lead *lead = jc_lead_new();
        set(lead, number);
        if (sends)
            send_lead(client, lead);
        jc_free(lead);
    }
    jc_free(client);
    return 0;
}
