/* A slower disk for whatever runs under it (LD_PRELOAD): every fsync and fdatasync takes $SLOW_SYNC_US microseconds
 * more, asleep, as a disk that is busy would. Used by selling.py for ours and for the rivals alike. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void sleep_more(void) {
    static long more_us = -1;
    if (more_us < 0) {
        const char *asked = getenv("SLOW_SYNC_US");
        more_us = asked ? atol(asked) : 0;
    }
    struct timespec left = {more_us / 1000000, more_us % 1000000 * 1000};
    while (nanosleep(&left, &left) != 0)
        ;
}

static int slowly(const char *name, int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const int answer = real(descriptor);
    sleep_more();
    return answer;
}

int fsync(int descriptor) { return slowly("fsync", descriptor); }
int fdatasync(int descriptor) { return slowly("fdatasync", descriptor); }
