/* Opens an outbox in each kind of database, which need not be there: only a library that was built with the
 * engine takes the location. */
#include <justclick.h>
#include <stdio.h>

int main(void)
{
    const char *locations[] = {"postgres://site@localhost/leads", "mysql://site@localhost/leads"};
    for (int i = 0; i < 2; i++) {
        jc_outbox *outbox = NULL;
        if (jc_outbox_open(locations[i], JC_NTS, &outbox) != JC_OK) {
            puts(jc_last_error());
            return 1;
        }
        jc_free(outbox);
    }
    return 0;
}
