/* A library of another version, and one that lacks most functions. */
#include <stdint.h>

const char *jc_version(void)
{
    return "9.8.7";
}

uint32_t jc_abi_version(void)
{
    return ABI_VERSION;
}
