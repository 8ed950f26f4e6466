/* The same with libcurl's easy interface and one handle, which keeps its connection. The body was
 * signed before and comes as the last argument; the answer is received and not verified. */
#define _POSIX_C_SOURCE 200809L
#include <curl/curl.h>
#include <string.h>

#include "measure.h"

static CURL *handle;
static char answer[65536];
static size_t answer_length;

static size_t receive(char *bytes, size_t size, size_t count, void *context)
{
    (void)context;
    if (answer_length + size * count >= sizeof answer)
        return 0;
    memcpy(answer + answer_length, bytes, size * count);
    answer_length += size * count;
    return size * count;
}

static void send_lead(void)
{
    answer_length = 0;
    CURLcode code = curl_easy_perform(handle);
    answer[answer_length] = 0;
    if (code != CURLE_OK || !strstr(answer, "\"error_code\":")) {
        fprintf(stderr, "%s: %s\n", curl_easy_strerror(code), answer);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    char url[512];
    if (argc != 5)
        return 2;
    snprintf(url, sizeof url, "%s/api/AddLeadToGroup", argv[1]);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    handle = curl_easy_init();
    curl_easy_setopt(handle, CURLOPT_URL, url);
    if (*argv[2])
        curl_easy_setopt(handle, CURLOPT_CAINFO, argv[2]);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, argv[4]);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, receive);
    measure(send_lead, atoi(argv[3]));
    curl_easy_cleanup(handle);
    curl_global_cleanup();
    return 0;
}
