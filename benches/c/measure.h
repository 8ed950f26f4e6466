/* Sends leads for a while with one or more in flight, and prints what it took in one line: the
 * median and the 99th percentile of a call's wall time and its CPU time in nanoseconds, the leads
 * a second, and the most memory that the program had in KiB. For C and C++.
 *
 * JUSTCLICK_SECONDS says how long, and JUSTCLICK_IN_FLIGHT how many threads send at once. Without
 * the former one lead is sent, and nothing printed: so is measured what one run of a program costs. */
#ifndef MEASURE_H
#define MEASURE_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOST_IN_FLIGHT = 32, MOST_CALLS = 1 << 20 };

/* What a thread sends with, and how. */
struct sender {
    void *(*make)(void);
    void (*send)(void *made);
    double seconds;
    pthread_barrier_t *start;
};

struct calls {
    const struct sender *sender;
    double *wall;
    int count;
    double start, end;
};

static double nanoseconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void *send_for_a_while(void *argument)
{
    struct calls *calls = (struct calls *)argument;
    const struct sender *sender = calls->sender;
    void *made = sender->make();
    /* A tenth of the time is for warming up. */
    double warm = nanoseconds(CLOCK_MONOTONIC) + sender->seconds * 1e8;
    do
        sender->send(made);
    while (nanoseconds(CLOCK_MONOTONIC) < warm);
    pthread_barrier_wait(sender->start);
    pthread_barrier_wait(sender->start);
    double now = calls->start = nanoseconds(CLOCK_MONOTONIC), end = now + sender->seconds * 1e9;
    for (; now < end && calls->count < MOST_CALLS; calls->count++) {
        double before = now;
        sender->send(made);
        now = nanoseconds(CLOCK_MONOTONIC);
        calls->wall[calls->count] = now - before;
    }
    calls->end = now;
    return NULL;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static long most_memory(void)
{
    long kibibytes = 0;
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &kibibytes) == 1)
            break;
    if (status)
        fclose(status);
    return kibibytes;
}

/* The first thread's calls are sorted and shown: the others' are like them. */
static void print(struct calls *calls, int in_flight, double cpu)
{
    double start = calls->start, end = calls->end;
    int count = 0;
    for (int thread = 0; thread < in_flight; thread++) {
        count += calls[thread].count;
        start = calls[thread].start < start ? calls[thread].start : start;
        end = calls[thread].end > end ? calls[thread].end : end;
    }
    long memory = most_memory();
    qsort(calls->wall, (size_t)calls->count, sizeof *calls->wall, ascending);
    printf("%.0f %.0f %.0f %.1f %ld\n", calls->wall[calls->count / 2],
           calls->wall[(long)calls->count * 99 / 100], cpu / count, count / ((end - start) / 1e9), memory);
}

static int measure(void *(*make)(void), void (*send)(void *))
{
    const char *seconds = getenv("JUSTCLICK_SECONDS"), *threads = getenv("JUSTCLICK_IN_FLIGHT");
    if (!seconds) {
        send(make());
        return 0;
    }
    int in_flight = threads ? atoi(threads) : 1;
    pthread_t ids[MOST_IN_FLIGHT];
    struct calls calls[MOST_IN_FLIGHT];
    pthread_barrier_t start;
    struct sender sender = {make, send, atof(seconds), &start};
    if (in_flight < 1 || in_flight > MOST_IN_FLIGHT || pthread_barrier_init(&start, NULL, (unsigned)in_flight + 1))
        return 2;
    for (int thread = 0; thread < in_flight; thread++) {
        struct calls none = {&sender, (double *)malloc(MOST_CALLS * sizeof(double)), 0, 0, 0};
        calls[thread] = none;
        if (!none.wall || pthread_create(&ids[thread], NULL, send_for_a_while, &calls[thread]))
            return 2;
    }
    pthread_barrier_wait(&start);
    double cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    pthread_barrier_wait(&start);
    for (int thread = 0; thread < in_flight; thread++)
        pthread_join(ids[thread], NULL);
    print(calls, in_flight, nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    return 0;
}

#endif
