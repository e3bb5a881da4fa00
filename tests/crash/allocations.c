/* Memory runs short, put in from outside by LD_PRELOAD: from the N-th allocation on, so many fail as the test says.
 * Orders come through a small file that the test maps and writes ($DROPSMITH_ALLOCATIONS; struct orders below); without
 * it the shim only passes on. Driven and covered by tests/crash/allocations.py, which first proves that allocations
 * really failed. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct orders {
    uint64_t calls;     /* allocations so far: ours to count */
    uint64_t at;        /* the first one that fails; 0: none */
    uint64_t how_many;  /* that one and those after it */
    uint64_t happened;
};

static struct orders *orders;
static pid_t owner;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("DROPSMITH_ALLOCATIONS");
    const int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *map = mmap(NULL, sizeof(struct orders), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    owner = getpid();   /* a child (the snapshot's) is left alone */
    if (map != MAP_FAILED) orders = map;
}

static int fails(void) {
    if (!orders || getpid() != owner) return 0;
    const uint64_t call = __atomic_add_fetch(&orders->calls, 1, __ATOMIC_RELAXED);
    const uint64_t at = __atomic_load_n(&orders->at, __ATOMIC_RELAXED);
    if (at == 0 || call < at || call - at >= __atomic_load_n(&orders->how_many, __ATOMIC_RELAXED)) return 0;
    __atomic_add_fetch(&orders->happened, 1, __ATOMIC_RELAXED);
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size) { return fails() ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return fails() ? NULL : __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { return fails() ? NULL : __libc_realloc(old, size); }
void *memalign(size_t align, size_t size) { return fails() ? NULL : __libc_memalign(align, size); }
void *aligned_alloc(size_t align, size_t size) { return fails() ? NULL : __libc_memalign(align, size); }
int posix_memalign(void **out, size_t align, size_t size) {
    if (fails()) return ENOMEM;
    void *got = __libc_memalign(align, size);
    if (!got) return ENOMEM;
    *out = got;
    return 0;
}
