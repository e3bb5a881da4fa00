// operator new and delete of the program: small pieces go back to a shelf of the thread that gives them up, many of
// each size, and to glibc's heap only beyond that. glibc keeps seven of a size near; a batch makes and ends hundreds,
// and the rest went through its cold lists: a twelfth of the loop's time (decision 0203). What one thread makes and
// another ends goes round by base/recycled.h instead. Bounded for each thread; given back when it ends. Sanitizers see
// every piece: there this file is empty. Any thread. Covered by app/heap_test.cpp.
#include "app/heap.h"

#include <malloc.h>
#include <pthread.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <utility>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DROPSMITH_OWN_SHELVES 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define DROPSMITH_OWN_SHELVES 0
#endif
#endif
#ifndef DROPSMITH_OWN_SHELVES
#define DROPSMITH_OWN_SHELVES 1
#endif

#if DROPSMITH_OWN_SHELVES

namespace {

// Sizes as glibc hands them out: 24, 40, 56 … octets, a step of 16.
constexpr std::size_t step = 16, extra = 8, sizes = 33;  // up to 520
constexpr std::size_t shelf_octets = 192 << 10;

constexpr std::size_t size_for(std::size_t n) { return n <= step + extra ? 1 : (n - extra + step - 1) / step; }

struct Piece {
    Piece* next;
};
struct Shelf {
    Piece* top = nullptr;
    std::size_t count = 0;
};
constinit thread_local std::array<Shelf, sizes> shelves{};
constinit thread_local bool watched = false, ended = false;  // by the key below; the thread is at its end

void give_back_all(void*) {
    ended = true;
    for (auto& shelf : shelves) {
        for (auto* piece = shelf.top; piece;) std::free(std::exchange(piece, piece->next));
        shelf = {};
    }
}

void watch_this_thread() {
    static const pthread_key_t key = [] {
        pthread_key_t made{};
        if (::pthread_key_create(&made, give_back_all) != 0) std::abort();
        return made;
    }();
    watched = true;
    (void)::pthread_setspecific(key, &shelves);  // it fails only without memory: then what lies here stays
}

void* from_glibc(std::size_t n) {
    for (;;) {
        if (void* piece = std::malloc(n)) return piece;
        const auto handler = std::get_new_handler();
        if (!handler) std::__throw_bad_alloc();
        handler();
    }
}

}  // namespace

void* operator new(std::size_t n) {
    const auto size = size_for(n);
    if (size >= sizes) return from_glibc(n);
    auto& shelf = shelves[size];
    if (!shelf.top) return from_glibc(size * step + extra);
    --shelf.count;
    return std::exchange(shelf.top, shelf.top->next);
}

void operator delete(void* at) noexcept {
    if (!at) return;
    const auto size = (::malloc_usable_size(at) - extra) / step;
    if (size >= sizes || ended) return std::free(at);
    auto& shelf = shelves[size];
    if (shelf.count * size >= shelf_octets / step) return std::free(at);
    if (!watched) watch_this_thread();
    ++shelf.count;
    shelf.top = ::new (at) Piece{shelf.top};
}

void operator delete(void* at, std::size_t) noexcept { operator delete(at); }

#endif

std::size_t dropsmith::shelved_octets() {
    std::size_t octets = 0;
#if DROPSMITH_OWN_SHELVES
    for (std::size_t size = 1; size < sizes; ++size) octets += shelves[size].count * size * step;
#endif
    return octets;
}
