/* Texts from a test to its program and back, each as its length, a colon and its bytes. */
#ifndef TEXT_H
#define TEXT_H

#include <string.h>

#include "check.h"

/* The next text of standard input, with a NUL byte behind it; NULL at the end. */
static char *text(size_t *length)
{
    if (scanf("%zu:", length) != 1)
        return NULL;
    char *bytes = calloc(1, *length + 1);
    CHECK(bytes && fread(bytes, 1, *length, stdin) == *length);
    return bytes;
}

#endif
