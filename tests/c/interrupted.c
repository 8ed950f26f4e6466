/* Sends leads while a timer's signals interrupt every system call that they can, and with SIGPIPE
 * as it is by default: neither may change how a call ends. The arguments are the base URLs of a
 * sandbox and of one with TLS, the latter's CA file, the number of leads for each, and the base
 * URLs of a server that never answers and of one that closes each connection at once. */
#define _XOPEN_SOURCE 700
#include <justclick.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "check.h"

static volatile sig_atomic_t interruptions;

static void interrupt(int number)
{
    (void)number;
    interruptions++;
}

/* Without SA_RESTART the system leaves it to the program to try again. */
static void start_timer(void)
{
    struct sigaction action;
    struct itimerval often = {{0, 200}, {0, 200}};
    memset(&action, 0, sizeof action);
    action.sa_handler = interrupt;
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    CHECK(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
    CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
}

static jc_client *new_client(const char *base_url)
{
    jc_client *client = NULL;
    CHECK(jc_client_new("username", JC_NTS, "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", JC_NTS, &client) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_BASE_URL, base_url, JC_NTS) == JC_OK);
    return client;
}

static jc_lead *new_lead(int number, size_t name_length)
{
    char email[64];
    char *name = malloc(name_length);
    jc_lead *lead = jc_lead_new();
    CHECK(name);
    memset(name, 'n', name_length);
    snprintf(email, sizeof email, "%d@b.ru", number);
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, email, JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_NAME, name, name_length) == JC_OK);
    free(name);
    return lead;
}

/* A new client now and then, so that handshakes are interrupted as well. */
static void send_all(const char *base_url, const char *ca_file, int count)
{
    jc_client *client = NULL;
    for (int number = 0; number < count; number++) {
        if (number % 10 == 0) {
            jc_free(client);
            client = new_client(base_url);
            CHECK(jc_client_set(client, JC_SETTING_CA_FILE, ca_file, JC_NTS) == JC_OK);
        }
        jc_lead *lead = new_lead(number, 100000);
        jc_result *result = NULL;
        CHECK(jc_add_lead(client, lead, &result) == JC_OK);
        CHECK(jc_result_outcome(result) == JC_ADDED && jc_result_attempts(result) == 1);
        jc_free(result);
        jc_free(lead);
    }
    jc_free(client);
}

static jc_status send_one(const char *base_url, const char *timeout)
{
    jc_client *client = new_client(base_url);
    jc_lead *lead = new_lead(0, 200000);
    CHECK(jc_client_set(client, JC_SETTING_MAX_ATTEMPTS, "1", JC_NTS) == JC_OK);
    CHECK(jc_client_set(client, JC_SETTING_TIMEOUT_MS, timeout, JC_NTS) == JC_OK);
    jc_status status = jc_add_lead(client, lead, NULL);
    jc_free(lead);
    jc_free(client);
    return status;
}

static int asked;

static int32_t enough(void)
{
    return ++asked == 20;
}

/* The function is asked where the timer's signals end a wait, and ends the call. */
static void interrupt_one(const char *base_url)
{
    jc_client *client = new_client(base_url), *copy = NULL;
    jc_lead *lead = new_lead(0, 10);
    jc_result *result = NULL;
    CHECK(jc_client_interrupt(client, enough) == JC_OK);
    CHECK(jc_client_clone(client, &copy) == JC_OK);
    time_t started = time(NULL);
    CHECK(jc_add_lead(copy, lead, &result) == JC_OUTCOME_UNKNOWN);
    CHECK(asked == 20 && time(NULL) - started < 5);
    CHECK(jc_result_may_have_arrived(result) && jc_result_attempts(result) == 1);
    CHECK(jc_result_disposition(result) == JC_LATER && strstr(jc_result_message(result), "interrupted"));
    jc_free(result);
    jc_free(lead);
    jc_free(copy);
    jc_free(client);
}

int main(int argc, char **argv)
{
    CHECK(argc == 7);
    start_timer();
    send_all(argv[1], "", atoi(argv[4]));
    send_all(argv[2], argv[3], atoi(argv[4]));
    CHECK(interruptions > 100);
    CHECK(send_one(argv[5], "300") == JC_OUTCOME_UNKNOWN);
    interrupt_one(argv[5]);
    int broken = 0;
    for (int number = 0; number < 50; number++) {
        jc_status status = send_one(argv[6], "5000");
        CHECK(status == JC_OUTCOME_UNKNOWN || status == JC_UNREACHABLE);
        broken += strstr(jc_last_error(), "roken pipe") != NULL;
    }
    printf("%d interruptions, %d broken pipes\n", (int)interruptions, broken);
    return 0;
}
