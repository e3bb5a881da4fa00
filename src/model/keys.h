// Keys: what was done under an idempotency key, remembered for 24 h in the order in which it was done. Written once
// into a queue, oldest first; an index of open addressing finds it. Growing never stops the loop: a fresh index takes
// over a few keys with every key added while the old one still answers. Forgetting is always of the oldest, and leaves
// its index slot dead until the next rebuild. Invariant: every key in the queue is found, by one index or the other.
// Evolves from entry headers (engine/replay.cpp). Owned by the loop's thread. Covered by model/keys_test.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

#include "base/numbers.h"

namespace dropsmith {

using KeyScope = std::array<std::uint8_t, 16>;

// scope = caller + route + key, digested; body = canonical request, digested
struct KeyUse {
    KeyScope scope{};
    std::uint64_t body = 0;
    friend bool operator==(const KeyUse&, const KeyUse&) = default;
};

struct KeyEffect {
    std::uint64_t body = 0;
    std::uint64_t first = 0;                 // the entry's facts in the journal
    std::uint32_t count = 0;
    friend bool operator==(const KeyEffect&, const KeyEffect&) = default;
};

class Keys {
public:
    struct Remembered {
        Instant at;
        KeyScope scope{};
        KeyEffect effect;
    };

    // nullptr: not known. Stays where it is until it is forgotten.
    const KeyEffect* find(const KeyScope& scope) const;
    // false: the key is known already, and nothing changes. `at` is not before the newest one's.
    bool remember(Instant at, const KeyScope& scope, const KeyEffect& effect);
    void forget_oldest();
    void soon(const KeyScope& scope) const;  // it will be asked for: its place comes near meanwhile
    void expect(std::size_t keys);           // so many will come: room is made at once. Only while there are none
    const std::deque<Remembered>& oldest_first() const { return queue_; }

private:
    struct Slot {
        std::uint32_t mark = 0;              // of the scope; 0 = never used
        std::uint32_t position = 0;          // of the key in the order of remembering, its low 32 bits
    };
    // Zeroed by the system page by page as it is touched: making a large one takes no time.
    class Index {
    public:
        Index() = default;
        explicit Index(std::size_t size);    // a power of two
        Index(const Index& other);
        Index(Index&& other) noexcept { swap(other); }
        Index& operator=(Index other) noexcept { return swap(other), *this; }
        ~Index();
        std::size_t size() const { return size_; }
        Slot& operator[](std::size_t i) { return slots_[i]; }
        const Slot& operator[](std::size_t i) const { return slots_[i]; }

    private:
        void swap(Index& other) noexcept { std::swap(slots_, other.slots_), std::swap(size_, other.size_); }
        Slot* slots_ = nullptr;
        std::size_t size_ = 0;
    };

    const Remembered* at_position(std::uint32_t position) const;
    const Remembered* find_in(const Index& index, const KeyScope& scope) const;
    void put(Index& index, const KeyScope& scope, std::uint64_t position) const;
    void grow();
    void take_over(std::size_t keys);

    std::deque<Remembered> queue_;
    std::uint64_t forgotten_ = 0;            // position of the queue's front
    Index index_;
    std::size_t used_ = 0;                   // slots of index_ that are not free, dead ones too
    Index old_;                              // while a rebuild runs: what index_ has not taken over yet
    std::uint64_t taken_over_ = 0;           // positions below are in index_
    std::uint64_t grown_at_ = 0;             // and from here on, added since the rebuild began
};

}  // namespace dropsmith
