/* Looks for the secret in all of the program's own memory: it is there while a client lives, and
 * gone when the client was freed. The secret is made at run time, and never stands whole but in a
 * buffer that is wiped, so that what is found is the library's copy. Only its end is looked for, since
 * free() itself overwrites the beginning of what it frees. */
#define _GNU_SOURCE
#include <justclick.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "check.h"

enum { LENGTH = 32, SOUGHT = 16 };

static char letter(int index)
{
    return (char)('A' + (index * 7 + 3) % 26);
}

static int is_end_of_secret(const char *at)
{
    for (int index = 0; index < SOUGHT; index++)
        if (at[index] != letter(LENGTH - SOUGHT + index))
            return 0;
    return 1;
}

/* Copies one region, since a part of it may be gone or unreadable, and counts. */
static int copies_between(unsigned long start, unsigned long end)
{
    size_t size = end - start;
    char *copy = malloc(size);
    int count = 0;
    CHECK(copy);
    struct iovec local = {copy, size}, remote = {(void *)start, size};
    ssize_t read = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
    for (ssize_t place = 0; place + SOUGHT <= read; place++)
        count += is_end_of_secret(copy + place);
    memset(copy, 0, size);
    free(copy);
    return count;
}

/* Counts the copies in the writable memory but the stack, which holds no handle of the library. */
static int copies(void)
{
    static char lines[512][256];
    int count = 0, line = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    CHECK(maps);
    while (line < 512 && fgets(lines[line], sizeof lines[line], maps))
        line++;
    fclose(maps);
    while (line-- > 0) {
        unsigned long start, end;
        char access[5];
        CHECK(sscanf(lines[line], "%lx-%lx %4s", &start, &end, access) == 3);
        if (access[1] == 'w' && end - start < (64UL << 20) && !strstr(lines[line], "[stack]"))
            count += copies_between(start, end);
    }
    return count;
}

static jc_client *client(void)
{
    char secret[LENGTH];
    jc_client *made = NULL;
    for (int index = 0; index < LENGTH; index++)
        secret[index] = letter(index);
    CHECK(jc_client_new("username", JC_NTS, secret, LENGTH, &made) == JC_OK);
    explicit_bzero(secret, LENGTH);
    return made;
}

int main(void)
{
    jc_client *made = client();
    jc_lead *lead = jc_lead_new();
    jc_request *request = NULL;
    jc_result *result = NULL;
    CHECK(jc_lead_add_group(lead, "super", JC_NTS) == JC_OK);
    CHECK(jc_lead_set(lead, JC_LEAD_EMAIL, "a@b.ru", JC_NTS) == JC_OK);
    CHECK(jc_sign_lead(made, lead, &request) == JC_OK);
    CHECK(jc_verify_answer(made, "{\"error_code\":0,\"error_text\":\"OK\",\"hash\":\"\"}", JC_NTS, &result) ==
          JC_BAD_SIGNATURE);
    CHECK(copies() == 1);
    jc_free(made);
    CHECK(copies() == 0);
    jc_free(result);
    jc_free(request);
    jc_free(lead);
    return 0;
}
