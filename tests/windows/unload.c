/* A library that has made a client stays, however often the program lets go of it. */
#include <justclick.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

typedef jc_status make(const char *, size_t, const char *, size_t, jc_client **);

int main(void)
{
    HMODULE library = LoadLibraryA("justclick.dll");
    if (!library)
        return 2;
    FARPROC found = GetProcAddress(library, "jc_client_new");
    make *make_client;
    memcpy(&make_client, &found, sizeof make_client);
    jc_client *client = NULL;
    if (!found || make_client("username", JC_NTS, "secret", JC_NTS, &client) != JC_OK)
        return 3;
    for (int i = 0; i < 3; i++)
        FreeLibrary(library);
    puts(GetModuleHandleA("justclick.dll") ? "it stays" : "it is gone");
    return 0;
}
