// See histogram.h.
#include "histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace dropsmith::load {

// Values below 2 * kSteps have a slot each; above, the top kStepBits + 1 bits choose the slot.
std::size_t Histogram::slot_of(std::uint64_t value) {
    const int width = static_cast<int>(std::bit_width(value));
    if (width <= kStepBits + 1) return static_cast<std::size_t>(value);
    const int shift = width - kStepBits - 1;
    return static_cast<std::size_t>(shift) * kSteps + static_cast<std::size_t>(value >> shift);
}

std::uint64_t Histogram::highest_in(std::size_t slot) {
    if (slot < 2 * kSteps) return slot;
    const std::size_t shift = slot / kSteps - 1;
    const std::uint64_t top = slot - shift * kSteps;
    return ((top + 1) << shift) - 1;
}

void Histogram::add(std::int64_t value) {
    const std::int64_t counted = std::max<std::int64_t>(value, 0);
    ++slots_[slot_of(static_cast<std::uint64_t>(counted))];
    ++counted_;
    largest_ = std::max(largest_, counted);
}

std::int64_t Histogram::at_per_mille(double per_mille) const {
    if (counted_ == 0) return 0;
    const double wanted = std::ceil(static_cast<double>(counted_) * per_mille / 1000.0);
    const std::uint64_t rank = std::max<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1);
    std::uint64_t seen = 0;
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        seen += slots_[slot];
        if (seen >= rank) return std::min(static_cast<std::int64_t>(highest_in(slot)), largest_);
    }
    return largest_;
}

}  // namespace dropsmith::load
