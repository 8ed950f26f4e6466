/* The same with libcurl's easy interface and one handle for each thread, which keeps its
 * connection. The body was signed before (JUSTCLICK_BODY); the answer is received and not verified. */
#define _POSIX_C_SOURCE 200809L
#include <curl/curl.h>
#include <string.h>

#include "measure.h"

struct exchange {
    CURL *handle;
    char answer[65536];
    size_t length;
};

static size_t receive(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    if (exchange->length + size * count >= sizeof exchange->answer)
        return 0;
    memcpy(exchange->answer + exchange->length, bytes, size * count);
    exchange->length += size * count;
    return size * count;
}

static void *make_exchange(void)
{
    char url[512];
    struct exchange *exchange = malloc(sizeof *exchange);
    if (!exchange)
        exit(1);
    snprintf(url, sizeof url, "%s/api/AddLeadToGroup", getenv("JUSTCLICK_BASE_URL"));
    exchange->handle = curl_easy_init();
    curl_easy_setopt(exchange->handle, CURLOPT_URL, url);
    curl_easy_setopt(exchange->handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(exchange->handle, CURLOPT_TIMEOUT, 10L);
    curl_easy_setopt(exchange->handle, CURLOPT_CAINFO, getenv("JUSTCLICK_CA_FILE"));
    curl_easy_setopt(exchange->handle, CURLOPT_POSTFIELDS, getenv("JUSTCLICK_BODY"));
    curl_easy_setopt(exchange->handle, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(exchange->handle, CURLOPT_WRITEDATA, exchange);
    return exchange;
}

static void send_lead(void *made)
{
    struct exchange *exchange = made;
    exchange->length = 0;
    CURLcode code = curl_easy_perform(exchange->handle);
    exchange->answer[exchange->length] = 0;
    if (code != CURLE_OK || !strstr(exchange->answer, "\"error_code\":")) {
        fprintf(stderr, "%s: %s\n", curl_easy_strerror(code), exchange->answer);
        exit(1);
    }
}

int main(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int code = measure(make_exchange, send_lead);
    curl_global_cleanup();
    return code;
}
