/* Loads the library named by the argument as PHP does, and unloads it: nothing may happen at
 * either, and the library stays. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                       \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);    \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

static int entries(const char *folder)
{
    DIR *directory = opendir(folder);
    int count = 0;
    CHECK(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

int main(int argc, char **argv)
{
    struct sigaction before[NSIG], after;
    CHECK(argc == 2);
    int threads = entries("/proc/self/task"), files = entries("/proc/self/fd");
    for (int number = 1; number < NSIG; number++)
        sigaction(number, NULL, &before[number]);

    CHECK(!dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD));
    void *library = dlopen(argv[1], RTLD_NOW);
    CHECK(library);
    uint32_t (*abi_version)(void);
    *(void **)&abi_version = dlsym(library, "jc_abi_version");
    CHECK(abi_version && abi_version() == 0);

    CHECK(entries("/proc/self/task") == threads);
    CHECK(entries("/proc/self/fd") == files);
    for (int number = 1; number < NSIG; number++)
        if (sigaction(number, NULL, &after) == 0)
            CHECK(after.sa_handler == before[number].sa_handler);

    CHECK(dlclose(library) == 0);
    CHECK(dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD));
    CHECK(abi_version() == 0);
    return 0;
}
