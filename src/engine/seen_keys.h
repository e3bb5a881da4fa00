// SeenKeys: the idempotency keys in flight and done, as the network threads may ask for them: 32 bits of each scope in
// open addressing, placed by 64 others. A key that was added is always found (false answers exist in one direction
// only: a stranger may look seen, and is then judged by the loop). Keys older than the loop remembers are let go by the
// generation: the one before is kept until the one after it begins, so nothing is freed that somebody may still be
// reading. A full generation finds everything until the next one begins: then the loop judges all. Asking takes no
// lock; adding takes one only when a table grows. Any thread. Covered by engine/seen_keys_test.cpp (also under TSan).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "base/numbers.h"
#include "model/keys.h"

namespace dropsmith::engine {

class SeenKeys {
public:
    // keys_max: of one generation. lasts: how long one takes keys, at least as long as the loop remembers them.
    // expected: how many come at once, so that they find one table.
    SeenKeys(Instant now, std::size_t keys_max, Duration lasts, std::size_t expected = 0);
    ~SeenKeys();
    SeenKeys(const SeenKeys&) = delete;
    SeenKeys& operator=(const SeenKeys&) = delete;

    bool maybe(const KeyScope& scope) const;
    void add(const KeyScope& scope, Instant now);    // before the key's command is handed to the loop

private:
    struct Table;
    struct Generation;
    void turn_over(Instant now);

    const std::size_t keys_max_;
    const Duration lasts_;
    std::mutex mutex_;                               // guards growing and turning over
    std::atomic<Generation*> current_{nullptr}, previous_{nullptr};
    std::unique_ptr<Generation> kept_, before_, leaving_;  // what the pointers point to, and the one before those
};

}  // namespace dropsmith::engine
