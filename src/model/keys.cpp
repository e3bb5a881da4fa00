// See the header. The scope is a digest, so its own bits are the hash.
#include "model/keys.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/check.h"

namespace dropsmith {
namespace {

constexpr std::size_t least_slots = 1024;
constexpr std::size_t taken_over_per_key = 8;

std::uint64_t hash_of(const KeyScope& scope) {
    std::uint64_t n;
    std::memcpy(&n, scope.data(), sizeof n);
    return n;
}
std::uint32_t mark_of(const KeyScope& scope) {
    std::uint32_t n;
    std::memcpy(&n, scope.data() + 8, sizeof n);
    return std::max<std::uint32_t>(n, 1);
}

}  // namespace

Keys::Index::Index(std::size_t size) : slots_(static_cast<Slot*>(std::calloc(size, sizeof(Slot)))), size_(size) {
    CHECK_BECAUSE(slots_ != nullptr, "no memory for the index of idempotency keys");
}
Keys::Index::Index(const Index& other) {
    if (other.size_ == 0) return;
    *this = Index(other.size_);
    std::memcpy(slots_, other.slots_, size_ * sizeof(Slot));
}
Keys::Index::~Index() { std::free(slots_); }

const Keys::Remembered* Keys::at_position(std::uint32_t position) const {
    const std::uint32_t offset = position - static_cast<std::uint32_t>(forgotten_);
    return offset < queue_.size() ? &queue_[offset] : nullptr;
}

const Keys::Remembered* Keys::find_in(const Index& index, const KeyScope& scope) const {
    if (index.size() == 0) return nullptr;
    const std::size_t mask = index.size() - 1;
    const auto mark = mark_of(scope);
    for (std::size_t i = hash_of(scope) & mask; index[i].mark != 0; i = (i + 1) & mask) {
        if (index[i].mark != mark) continue;
        const auto* known = at_position(index[i].position);
        if (known && known->scope == scope) return known;
    }
    return nullptr;
}

const KeyEffect* Keys::find(const KeyScope& scope) const {
    const auto* known = find_in(index_, scope);
    if (!known) known = find_in(old_, scope);
    return known ? &known->effect : nullptr;
}

void Keys::put(Index& index, const KeyScope& scope, std::uint64_t position) const {
    const std::size_t mask = index.size() - 1;
    std::size_t i = hash_of(scope) & mask;
    while (index[i].mark != 0) i = (i + 1) & mask;
    index[i] = {mark_of(scope), static_cast<std::uint32_t>(position)};
}

// Every key in the queue will be taken over before the fresh index is half full: it has room for twice as many as are
// known, and takes over several for each that comes.
void Keys::grow() {
    take_over(queue_.size());                // a rebuild that still runs ends first
    std::size_t slots = least_slots;
    while (slots < 4 * queue_.size()) slots *= 2;
    old_ = std::exchange(index_, Index(slots));
    used_ = 0;
    taken_over_ = forgotten_;
    grown_at_ = forgotten_ + queue_.size();
}

void Keys::take_over(std::size_t keys) {
    if (old_.size() == 0) return;
    taken_over_ = std::max(taken_over_, forgotten_);
    for (; keys > 0 && taken_over_ < grown_at_; --keys, ++taken_over_, ++used_)
        put(index_, queue_[taken_over_ - forgotten_].scope, taken_over_);
    if (taken_over_ >= grown_at_) old_ = Index{};
}

bool Keys::remember(Instant at, const KeyScope& scope, const KeyEffect& effect) {
    if (find(scope)) return false;
    CHECK_BECAUSE(queue_.empty() || queue_.back().at <= at, "keys are remembered in the order of time");
    if (2 * (used_ + 1) > index_.size()) grow();
    put(index_, scope, forgotten_ + queue_.size());
    ++used_;
    queue_.push_back({at, scope, effect});
    take_over(taken_over_per_key);
    return true;
}

void Keys::soon(const KeyScope& scope) const {
    if (index_.size() > 0) __builtin_prefetch(&index_[hash_of(scope) & (index_.size() - 1)]);
}

void Keys::expect(std::size_t keys) {
    CHECK_BECAUSE(queue_.empty(), "there are keys already");
    std::size_t slots = least_slots;
    while (slots < 2 * (keys + 1)) slots *= 2;
    index_ = Index(slots), old_ = Index{}, used_ = 0;
}

void Keys::forget_oldest() {
    CHECK_BECAUSE(!queue_.empty(), "there is no key to forget");
    queue_.pop_front();
    ++forgotten_;
}

}  // namespace dropsmith
