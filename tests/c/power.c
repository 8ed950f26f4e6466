/* Records what a process does to the files of one folder, in the order in which it is done: writes,
 * lengths, syncs, and the names that come and go. A test cuts the power anywhere in the record.
 *
 * LD_PRELOAD names this library, POWER_FOLDER the folder with its real path, POWER_RECORD the file of
 * the record. Of each event it has a line "kind offset length path\n", and the bytes that were written. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static int record = -1;
static char folder[PATH_MAX];
static ssize_t (*real_write)(int, const void *, size_t);

/* The function that this library stands before. */
static void *next(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) {
        abort();
    }
    return found;
}

__attribute__((constructor)) static void begin(void)
{
    const char *of = getenv("POWER_FOLDER");
    const char *path = getenv("POWER_RECORD");
    *(void **)&real_write = next("write");
    if (!of || !path || strlen(of) >= sizeof folder) {
        return;
    }
    strcpy(folder, of);
    record = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (record < 0) {
        abort();
    }
}

static int is_ours(const char *path)
{
    size_t length = strlen(folder);
    return record >= 0 && strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* The path of an open file of the folder. */
static int names(int file, char path[PATH_MAX])
{
    char link[64];
    if (record < 0 || file == record) {
        return 0;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) {
        return 0;
    }
    path[length] = 0;
    return is_ours(path);
}

/* A record that is not whole proves nothing. */
static void put(const void *bytes, size_t length)
{
    if (real_write(record, bytes, length) != (ssize_t)length) {
        abort();
    }
}

static void note(const char *kind, const char *path, off_t offset, const void *bytes, size_t length)
{
    char line[PATH_MAX + 100];
    int end = snprintf(line, sizeof line, "%s %lld %zu %s\n", kind, (long long)offset, length, path);
    if (end < 0 || (size_t)end >= sizeof line) {
        abort();
    }
    put(line, (size_t)end);
    if (bytes) {
        put(bytes, length);
    }
}

/* Does a call and notes it, while no other thread does so. */
#define RECORDED(RESULT, CALL, FILE, KIND, OFFSET, BYTES, LENGTH)              \
    do {                                                                       \
        char path[PATH_MAX];                                                   \
        pthread_mutex_lock(&one_at_a_time);                                    \
        RESULT = CALL;                                                         \
        int error = errno;                                                     \
        if (RESULT >= 0 && names(FILE, path)) {                                \
            note(KIND, path, OFFSET, BYTES, LENGTH);                           \
        }                                                                      \
        pthread_mutex_unlock(&one_at_a_time);                                  \
        errno = error;                                                         \
    } while (0)

ssize_t write(int file, const void *bytes, size_t length)
{
    ssize_t written;
    if (!real_write) {
        *(void **)&real_write = next("write");
    }
    RECORDED(written, real_write(file, bytes, length), file, "append", 0, bytes, (size_t)written);
    return written;
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset)
{
    ssize_t (*real)(int, const void *, size_t, off_t);
    *(void **)&real = next("pwrite");
    ssize_t written;
    RECORDED(written, real(file, bytes, length, offset), file, "write", offset, bytes, (size_t)written);
    return written;
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset)
{
    return pwrite(file, bytes, length, offset);
}

int ftruncate(int file, off_t length)
{
    int (*real)(int, off_t);
    *(void **)&real = next("ftruncate");
    int result;
    RECORDED(result, real(file, length), file, "truncate", length, NULL, 0);
    return result;
}

int ftruncate64(int file, off64_t length)
{
    return ftruncate(file, length);
}

int fsync(int file)
{
    int (*real)(int);
    *(void **)&real = next("fsync");
    int result;
    RECORDED(result, real(file), file, "sync", 0, NULL, 0);
    return result;
}

int fdatasync(int file)
{
    int (*real)(int);
    *(void **)&real = next("fdatasync");
    int result;
    RECORDED(result, real(file), file, "sync", 0, NULL, 0);
    return result;
}

static int opened(const char *path, int flags, mode_t mode)
{
    int (*real)(const char *, int, ...);
    *(void **)&real = next("open");
    pthread_mutex_lock(&one_at_a_time);
    int is_new = (flags & O_CREAT) && is_ours(path) && access(path, F_OK) != 0;
    int file = real(path, flags, mode);
    int error = errno;
    if (file >= 0 && is_new) {
        note("create", path, 0, NULL, 0);
    }
    pthread_mutex_unlock(&one_at_a_time);
    errno = error;
    return file;
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return opened(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return opened(path, flags, mode);
}

int unlink(const char *path)
{
    int (*real)(const char *);
    *(void **)&real = next("unlink");
    pthread_mutex_lock(&one_at_a_time);
    int result = real(path);
    int error = errno;
    if (result == 0 && is_ours(path)) {
        note("unlink", path, 0, NULL, 0);
    }
    pthread_mutex_unlock(&one_at_a_time);
    errno = error;
    return result;
}

/* What this record could not tell ends the process, so that no test trusts it. */
static void refuse(const char *call, int file)
{
    char path[PATH_MAX];
    if (names(file, path)) {
        fprintf(stderr, "%s: the record of writes does not know this call\n", call);
        abort();
    }
}

ssize_t writev(int file, const struct iovec *parts, int count)
{
    ssize_t (*real)(int, const struct iovec *, int);
    *(void **)&real = next("writev");
    refuse("writev", file);
    return real(file, parts, count);
}

int fallocate(int file, int mode, off_t offset, off_t length)
{
    int (*real)(int, int, off_t, off_t);
    *(void **)&real = next("fallocate");
    refuse("fallocate", file);
    return real(file, mode, offset, length);
}

int posix_fallocate(int file, off_t offset, off_t length)
{
    int (*real)(int, off_t, off_t);
    *(void **)&real = next("posix_fallocate");
    refuse("posix_fallocate", file);
    return real(file, offset, length);
}

int rename(const char *from, const char *to)
{
    int (*real)(const char *, const char *);
    *(void **)&real = next("rename");
    if (is_ours(from) || is_ours(to)) {
        fprintf(stderr, "rename: the record of writes does not know this call\n");
        abort();
    }
    return real(from, to);
}
