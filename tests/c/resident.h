/* Needs a CHECK that ends the program. */
#ifndef RESIDENT_H
#define RESIDENT_H

#include <stdio.h>

/* How much memory the program takes, in KiB. */
static long resident(void)
{
    char line[256];
    long size = -1;
    FILE *status = fopen("/proc/self/status", "r");
    CHECK(status);
    while (fgets(line, sizeof line, status))
        if (sscanf(line, "VmRSS: %ld kB", &size) == 1)
            break;
    fclose(status);
    CHECK(size > 0);
    return size;
}

#endif
