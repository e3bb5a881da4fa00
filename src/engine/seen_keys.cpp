// Tables that double and never move; see seen_keys.h. Covered by engine/seen_keys_test.cpp.
#include "engine/seen_keys.h"

#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace dropsmith::engine {

namespace {

constexpr std::size_t first_slots = 1 << 13;
constexpr unsigned growth_shift = 2;            // each table has four times as many: a stranger is looked for in few
constexpr std::size_t tables_max = 12;

// A digest already: any of its bits are as good. Some say where, others what.
struct Mark {
    explicit Mark(const KeyScope& scope) {
        static_assert(sizeof place + sizeof what <= sizeof scope);
        std::memcpy(&place, scope.data(), sizeof place);
        std::memcpy(&what, scope.data() + sizeof place, sizeof what);
        if (what == 0) what = 1;                // 0 is an empty slot
    }
    std::uint64_t place = 0;
    std::uint32_t what = 0;
};

using Slot = std::atomic<std::uint32_t>;
static_assert(Slot::is_always_lock_free && sizeof(Slot) == sizeof(std::uint32_t));

}  // namespace

// At most half full. Zeroed by the system page by page as it is touched.
struct SeenKeys::Table {
    explicit Table(std::size_t slots) : size(slots), slot(static_cast<Slot*>(std::calloc(slots, sizeof(Slot)))) {
        CHECK_BECAUSE(slot, "no memory for the table of keys");
    }
    ~Table() { std::free(slot); }
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    bool has(const Mark& mark) const {
        for (std::size_t i = mark.place & (size - 1);; i = (i + 1) & (size - 1)) {
            const auto found = slot[i].load(std::memory_order_acquire);
            if (found == mark.what) return true;
            if (found == 0) return false;
        }
    }
    void put(const Mark& mark) {
        for (std::size_t i = mark.place & (size - 1);; i = (i + 1) & (size - 1)) {
            std::uint32_t found = 0;
            if (slot[i].compare_exchange_strong(found, mark.what, std::memory_order_acq_rel) || found == mark.what)
                return;
        }
    }

    const std::size_t size;
    Slot* const slot;
    std::atomic<std::size_t> used{0};
};

struct SeenKeys::Generation {
    Generation(Instant now, std::size_t expected) : began(now) {
        while (least / 2 <= expected) least <<= growth_shift;
        grow();
    }
    void grow() {
        const auto n = count.load(std::memory_order_relaxed);
        CHECK_BECAUSE(n < tables_max, "the table of keys has grown too often");
        tables[n] = std::make_unique<Table>(least << growth_shift * n);
        count.store(n + 1, std::memory_order_release);
    }
    Table& newest() const { return *tables[count.load(std::memory_order_acquire) - 1]; }
    bool has(const Mark& mark) const {
        for (auto n = count.load(std::memory_order_acquire); n-- > 0;)
            if (tables[n]->has(mark)) return true;
        return false;
    }

    const Instant began;
    std::size_t least = first_slots;
    std::atomic<std::size_t> keys{0}, count{0};
    std::array<std::unique_ptr<Table>, tables_max> tables;
};

SeenKeys::SeenKeys(Instant now, std::size_t keys_max, Duration lasts, std::size_t expected)
    : keys_max_(keys_max), lasts_(lasts), kept_(std::make_unique<Generation>(now, expected)) {
    current_.store(kept_.get());
}

SeenKeys::~SeenKeys() = default;

bool SeenKeys::maybe(const KeyScope& scope) const {
    const Mark mark(scope);
    const auto* now = current_.load(std::memory_order_acquire);
    if (now->keys.load(std::memory_order_relaxed) >= keys_max_ || now->has(mark)) return true;
    const auto* before = previous_.load(std::memory_order_acquire);
    return before && before->has(mark);
}

void SeenKeys::add(const KeyScope& scope, Instant now) {
    const Mark mark(scope);
    auto* generation = current_.load(std::memory_order_acquire);
    if (now >= generation->began + lasts_) {
        turn_over(now);
        generation = current_.load(std::memory_order_acquire);
    }
    if (generation->has(mark) || generation->keys.load(std::memory_order_relaxed) >= keys_max_) return;
    // A place is taken before the slot is: however many threads add at once, a table is never full.
    auto* table = &generation->newest();
    while (table->used.fetch_add(1, std::memory_order_relaxed) >= table->size / 2) {
        const std::scoped_lock lock(mutex_);
        if (&generation->newest() == table) generation->grow();
        table = &generation->newest();
    }
    table->put(mark);
    generation->keys.fetch_add(1, std::memory_order_relaxed);
}

void SeenKeys::turn_over(Instant now) {
    const std::scoped_lock lock(mutex_);
    auto* generation = current_.load(std::memory_order_relaxed);
    if (now < generation->began + lasts_) return;
    leaving_ = std::move(before_);  // and what was leaving goes: nobody has read it for a whole generation
    before_ = std::move(kept_);
    kept_ = std::make_unique<Generation>(now, 0);
    previous_.store(before_.get(), std::memory_order_release);
    current_.store(kept_.get(), std::memory_order_release);
}

}  // namespace dropsmith::engine
