/* Reads behind a block on purpose: a run that passes proves that no sanitizer watched. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    (void)argv;
    char *block = calloc(1, 8);
    if (!block)
        return 0;
    printf("%d\n", block[7 + argc]);
    free(block);
    return 0;
}
