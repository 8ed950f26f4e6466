/* Prints what a call of two short functions costs, in nanoseconds; for C and C++. */
#include <justclick.h>
#include <stdio.h>
#include <time.h>

enum { CALLS = 1000000, ROUNDS = 20 };

static const char *volatile kept;

static double nanoseconds(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static const char *version(void)
{
    return jc_version();
}

static const char *status_name(void)
{
    return jc_status_name(JC_REJECTED);
}

/* Costs what a call through a pointer does, and so is taken off. */
static const char *nothing(void)
{
    return "";
}

/* The best of some rounds, since machines are shared and noisy. */
static double best(const char *(*volatile call)(void))
{
    double least = 1e18;
    for (int round = 0; round < ROUNDS; round++) {
        double start = nanoseconds();
        for (int index = 0; index < CALLS; index++)
            kept = call();
        double taken = (nanoseconds() - start) / CALLS;
        least = taken < least ? taken : least;
    }
    return least;
}

int main(void)
{
    double loop = best(nothing);
    printf("%.2f %.2f\n", best(version) - loop, best(status_name) - loop);
    return 0;
}
