// What is made on one thread and ends on another, again and again: the general heap pays for that with locks and cold
// lists, a stack of used pieces does not. Recycled<T> gives a class new and delete by such a stack; Spare<T> is a whole
// object with the room that it has. Pieces are never given back to the heap: as many stay as were in use at once. Under
// AddressSanitizer both use the heap, so that it sees every use after the end. Any thread. Covered by
// base/recycled_test.cpp (also under TSan).
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace dropsmith {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool recycles = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool recycles = false;
#else
inline constexpr bool recycles = true;
#endif
#else
inline constexpr bool recycles = true;
#endif

// A stack that anybody may push to, and of which a thread takes all at once: nothing is ever popped singly from what
// others see, so no piece can come back between a look and an exchange.
template <class Piece>
class UsedPieces {
public:
    static Piece* take() {  // null: none
        if (!mine_) mine_ = shared_.exchange(nullptr, std::memory_order_acquire);
        if (!mine_) return nullptr;
        return std::exchange(mine_, mine_->next);
    }
    static void give(Piece* piece) {
        piece->next = shared_.load(std::memory_order_relaxed);
        while (!shared_.compare_exchange_weak(piece->next, piece, std::memory_order_release, std::memory_order_relaxed))
            ;
    }

private:
    static inline std::atomic<Piece*> shared_{nullptr};
    static inline constinit thread_local Piece* mine_ = nullptr;
};

template <class T>
class Recycled {
    struct Used {  // a type, and so a stack, for each T
        Used* next;
    };

public:
    static void* operator new(std::size_t size) {
        static_assert(sizeof(T) >= sizeof(Used) && alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
        if (!recycles || size != sizeof(T)) return ::operator new(size);
        if (void* used = UsedPieces<Used>::take()) return used;
        return ::operator new(size);
    }
    static void operator delete(void* at, std::size_t size) {
        if (!recycles || size != sizeof(T)) return ::operator delete(at);
        UsedPieces<Used>::give(::new (at) Used{nullptr});
    }
};

// A T from the stack, or a new one; it goes back when its owner lets it go. Its next user finds it as it was left.
template <class T>
class Spare {
public:
    static Spare take() {
        auto* used = recycles ? UsedPieces<Kept>::take() : nullptr;
        return Spare(used ? used : std::make_unique<Kept>().release());
    }
    Spare(Spare&& other) noexcept : kept_(std::exchange(other.kept_, nullptr)) {}
    Spare& operator=(Spare&& other) noexcept { return std::swap(kept_, other.kept_), *this; }
    ~Spare() {
        if (!kept_) return;
        if (recycles)
            UsedPieces<Kept>::give(kept_);
        else
            std::unique_ptr<Kept>(kept_).reset();
    }
    T& operator*() const { return kept_->value; }
    T* operator->() const { return &kept_->value; }

private:
    struct Kept {
        Kept* next = nullptr;
        T value;
    };
    explicit Spare(Kept* kept) : kept_(kept) {}
    Kept* kept_;
};

}  // namespace dropsmith
