/* Calls `send` until it is warm, then measures wall and CPU time. The output is one line: the
 * median and the 99th percentile of the wall time and the CPU time of a call, in nanoseconds. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double nanoseconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void measure(void (*send)(void), int calls)
{
    double *wall = malloc((size_t)calls * sizeof *wall);
    if (!wall)
        exit(1);
    for (int call = 0; call < 50; call++)
        send();
    double cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    for (int call = 0; call < calls; call++) {
        double start = nanoseconds(CLOCK_MONOTONIC);
        send();
        wall[call] = nanoseconds(CLOCK_MONOTONIC) - start;
    }
    cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    qsort(wall, (size_t)calls, sizeof *wall, ascending);
    printf("%.0f %.0f %.0f\n", wall[calls / 2], wall[calls * 99 / 100], cpu / calls);
    free(wall);
}

#endif
