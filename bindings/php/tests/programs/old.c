/* Libraries that are not the right one: of another interface, without one of the functions, and
 * built for another libc (made by how it is linked). */
#include <stdint.h>

const char *jc_version(void)
{
    return "9.8.7";
}

uint32_t jc_abi_version(void)
{
    return ABI_VERSION;
}
