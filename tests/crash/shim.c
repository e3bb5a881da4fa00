/* What can go wrong between the program and its disk, put in from outside by LD_PRELOAD: the process ends before,
 * inside or after the N-th write-like call, that call fails, writes half, or is interrupted, the power goes (of what
 * was not synced a random part survives, sector by sector), the disk is full, syncs are slow. Only calls on files
 * under $DROPSMITH_SHIM_DIR count. Orders come through a small file that the test maps and writes
 * ($DROPSMITH_SHIM_ORDERS; struct orders below); without it the shim does nothing. Driven by tests/crash/shim.py;
 * covered by tests/crash/faults.py, which first proves that each fault really happens. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum what { NOTHING, END_BEFORE, END_INSIDE, END_AFTER, FAIL, SHORT, INTERRUPT, POWER_CUT };

struct orders {
    uint64_t calls;     /* write-like calls so far: ours to count */
    uint64_t at;        /* the call that `what` happens to; 0: none */
    uint32_t what;
    uint32_t slow_ms;   /* of every sync */
    uint32_t full;      /* 1: nothing grows */
    uint32_t seed;      /* of the power cut */
    uint64_t happened;  /* how often something was put in */
    uint64_t syncs;
    uint64_t lies;      /* 1: a sync says that it was done and was not: the planted bug */
};

#define FILES 4096
#define SECTOR 512

struct undo {           /* what stood in a sector, or that it was not there, at the last sync */
    struct undo *next;
    off_t at;
    size_t size;
    unsigned char bytes[SECTOR];
};

struct file {           /* one on the disk, however many descriptors lead to it */
    ino_t inode;
    int descriptors;
    off_t synced_size;
    struct undo *undo;
};

static struct orders *orders;
static pid_t owner;
static const char *folder;
static struct file files[FILES];
static int file_of[FILES];           /* by descriptor; 0: not looked at, -1: not ours, else index in files + 1 */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_close)(int);

__attribute__((constructor)) static void begin(void) {
    real_write = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    real_pwrite = (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite64");
    real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = (int (*)(int, off_t))dlsym(RTLD_NEXT, "ftruncate64");
    real_close = (int (*)(int))dlsym(RTLD_NEXT, "close");
    const char *path = getenv("DROPSMITH_SHIM_ORDERS");
    folder = getenv("DROPSMITH_SHIM_DIR");
    if (!path || !folder) return;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    void *map = mmap(NULL, sizeof(struct orders), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    real_close(fd);
    if (map != MAP_FAILED) orders = map;
    owner = getpid();   /* a child (the snapshot's) is left alone */
}

static int add_file(const struct stat *info) {
    int empty = -1;
    for (int i = 0; i < FILES; ++i) {
        if (files[i].descriptors > 0 && files[i].inode == info->st_ino) {
            ++files[i].descriptors;
            return i + 1;
        }
        if (empty < 0 && files[i].descriptors == 0) empty = i;
    }
    if (empty < 0) abort();
    files[empty] = (struct file){info->st_ino, 1, info->st_size, NULL};
    return empty + 1;
}

static int ours(int fd) {
    if (!orders || fd < 0 || fd >= FILES || getpid() != owner) return 0;
    if (file_of[fd] == 0) {
        char link[64], path[4096];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, path, sizeof path - 1);
        int found = -1;
        if (n > 0) {
            path[n] = 0;
            struct stat info;
            if (strncmp(path, folder, strlen(folder)) == 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
                pthread_mutex_lock(&mutex);
                found = add_file(&info);
                pthread_mutex_unlock(&mutex);
            }
        }
        file_of[fd] = found;
    }
    return file_of[fd] > 0;
}

static void drop_undo(struct file *file) {
    while (file->undo) {
        struct undo *gone = file->undo;
        file->undo = gone->next;
        free(gone);
    }
}

static void forget(int fd) {
    struct file *file = &files[file_of[fd] - 1];
    drop_undo(file);
    struct stat info;
    if (fstat(fd, &info) == 0) file->synced_size = info.st_size;
}

/* Keeps what stands in the sectors of [at, at + size) unless it is kept already. */
static void keep(int fd, off_t at, size_t size) {
    struct file *file = &files[file_of[fd] - 1];
    for (off_t sector = at / SECTOR * SECTOR; sector < at + (off_t)size; sector += SECTOR) {
        struct undo *known = file->undo;
        while (known && known->at != sector) known = known->next;
        if (known) continue;
        struct undo *entry = calloc(1, sizeof *entry);
        if (!entry) abort();
        entry->at = sector;
        ssize_t n = pread(fd, entry->bytes, SECTOR, sector);
        entry->size = n > 0 ? (size_t)n : 0;
        entry->next = file->undo;
        file->undo = entry;
    }
}

static uint32_t next_random(void) {
    orders->seed = orders->seed * 1664525u + 1013904223u;
    return orders->seed >> 8;
}

static void power_cut(void) {
    for (int fd = 0; fd < FILES; ++fd) {
        if (file_of[fd] <= 0) continue;
        struct file *file = &files[file_of[fd] - 1];
        const uint32_t mood = next_random() % 4;  /* all survives, nothing does, or each sector for itself */
        off_t size = file->synced_size;
        for (struct undo *entry = file->undo; entry; entry = entry->next) {
            const int survives = mood == 0 || (mood > 1 && next_random() % 2);
            if (!survives) {
                unsigned char bytes[SECTOR] = {0};
                memcpy(bytes, entry->bytes, entry->size);
                real_pwrite(fd, bytes, SECTOR, entry->at);
            } else if (entry->at + SECTOR > size) {
                size = entry->at + SECTOR;
            }
        }
        struct stat info;
        if (file->undo && fstat(fd, &info) == 0 && info.st_size > size) real_ftruncate(fd, size);
        drop_undo(file);  /* the file's other descriptors have nothing more to do */
    }
    _exit(137);
}

/* Counts; 1: the call fails with errno set; 2: half of it. May not return. */
static int before(int fd, const void *bytes, size_t size, off_t at, int is_write) {
    const uint64_t call = ++orders->calls;
    if (call != orders->at) return 0;
    ++orders->happened;
    switch (orders->what) {
        case END_BEFORE: _exit(137);
        case END_INSIDE:
            if (is_write) real_pwrite(fd, bytes, size / 2, at);
            _exit(137);
        case FAIL: errno = EIO; return 1;
        case SHORT: return is_write && size > 1 ? 2 : 0;
        case INTERRUPT: errno = EINTR; return 1;
        case POWER_CUT: power_cut(); return 0;
        default: return 0;
    }
}

static void after(void) {
    if (orders->calls == orders->at && orders->what == END_AFTER) _exit(137);
}

static int too_full(int fd, off_t end) {
    struct stat info;
    if (!orders->full || fstat(fd, &info) != 0 || end <= info.st_size) return 0;
    ++orders->happened;
    errno = ENOSPC;
    return 1;
}

static ssize_t any_write(int fd, const void *bytes, size_t size, off_t at) {
    pthread_mutex_lock(&mutex);
    ssize_t done = -1;
    const int verdict = before(fd, bytes, size, at, 1);
    if (verdict == 2) size /= 2;
    if (verdict != 1 && !too_full(fd, at + (off_t)size)) {
        if (orders->what == POWER_CUT) keep(fd, at, size);
        done = real_pwrite(fd, bytes, size, at);
        after();
    }
    pthread_mutex_unlock(&mutex);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
    return ours(fd) ? any_write(fd, bytes, size, at) : real_pwrite(fd, bytes, size, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    return ours(fd) ? any_write(fd, bytes, size, at) : real_pwrite(fd, bytes, size, at);
}
ssize_t write(int fd, const void *bytes, size_t size) {
    if (!real_write) real_write = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    if (!ours(fd)) return real_write(fd, bytes, size);
    const off_t at = lseek(fd, 0, SEEK_CUR);
    const ssize_t done = any_write(fd, bytes, size, at);
    if (done > 0) lseek(fd, at + done, SEEK_SET);
    return done;
}

static int any_sync(int fd, int (*real)(int)) {
    if (!ours(fd)) return real(fd);
    if (orders->slow_ms) {
        const struct timespec pause = {orders->slow_ms / 1000, (long)(orders->slow_ms % 1000) * 1000000L};
        nanosleep(&pause, NULL);
    }
    pthread_mutex_lock(&mutex);
    ++orders->syncs;
    int done = -1;
    if (before(fd, NULL, 0, 0, 0) != 1) {
        done = real(fd);
        if (orders->what == POWER_CUT && done == 0 && !orders->lies) forget(fd);
        after();
    }
    pthread_mutex_unlock(&mutex);
    return done;
}
int fsync(int fd) { return any_sync(fd, real_fsync); }
int fdatasync(int fd) { return any_sync(fd, real_fdatasync); }

static int any_truncate(int fd, off_t size) {
    if (!ours(fd)) return real_ftruncate(fd, size);
    pthread_mutex_lock(&mutex);
    int done = -1;
    if (before(fd, NULL, 0, 0, 0) != 1 && !too_full(fd, size)) {
        struct stat info;
        if (orders->what == POWER_CUT && fstat(fd, &info) == 0 && info.st_size > size)
            keep(fd, size, (size_t)(info.st_size - size));
        done = real_ftruncate(fd, size);
        after();
    }
    pthread_mutex_unlock(&mutex);
    return done;
}
int ftruncate(int fd, off_t size) { return any_truncate(fd, size); }
int ftruncate64(int fd, off64_t size) { return any_truncate(fd, size); }

int close(int fd) {
    if (!real_close) real_close = (int (*)(int))dlsym(RTLD_NEXT, "close");
    if (orders && fd >= 0 && fd < FILES && getpid() == owner) {
        pthread_mutex_lock(&mutex);
        if (file_of[fd] > 0) {
            /* SQLite syncs what it must before the last descriptor goes: what it left is let go. */
            struct file *file = &files[file_of[fd] - 1];
            if (--file->descriptors == 0) drop_undo(file);
        }
        file_of[fd] = 0;
        pthread_mutex_unlock(&mutex);
    }
    return real_close(fd);
}
