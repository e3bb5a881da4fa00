// A log-linear histogram of latencies in the manner of HdrHistogram: 64 steps per power of two, so every answer is
// within 1.6 % of the true value, in 30 KB whatever is counted. Invariant: counted() is the number of add() calls.
// One thread. Test: histogram_test.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace dropsmith::load {

class Histogram {
  public:
    /// `value` in any unit (nanoseconds here); negative values count as 0.
    void add(std::int64_t value);
    /// The smallest counted value (up to the step's width) that `per_mille` of all values do not exceed; 0 when empty.
    std::int64_t at_per_mille(double per_mille) const;
    std::int64_t largest() const { return largest_; }
    std::uint64_t counted() const { return counted_; }

  private:
    static constexpr int kStepBits = 6;
    static constexpr std::size_t kSteps = std::size_t{1} << kStepBits;
    static std::size_t slot_of(std::uint64_t value);
    static std::uint64_t highest_in(std::size_t slot);

    std::array<std::uint64_t, kSteps*(64 - kStepBits)> slots_{};
    std::uint64_t counted_ = 0;
    std::int64_t largest_ = 0;
};

}  // namespace dropsmith::load
