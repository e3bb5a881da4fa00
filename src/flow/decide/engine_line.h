// One line of a drop while the engine prices it: its belief, and a watch for a market that has jumped. Sales of the
// last periods are compared with what was expected of them when they began; when a jump is likely, what went before
// counts as an earlier drop whose market stood elsewhere, and both beliefs are averaged by the chance of the jump.
// One thread. Covered by flow/decide/engine_line_test.cpp.
#pragma once

#include <optional>
#include <vector>

#include "flow/decide/belief.h"

namespace dropsmith::decide {

class EngineLine {
  public:
    EngineLine(std::shared_ptr<const Prepared> prepared, bool follows_jumps)
        : belief_(std::move(prepared)), follows_jumps_(follows_jumps) {}
    EngineLine(Belief belief, bool follows_jumps) : belief_(std::move(belief)), follows_jumps_(follows_jumps) {}

    // A period: its looks (one_look) or its arrival factor (counts), by curve, and what it sold.
    void saw(std::size_t arm, const std::vector<float>& exposure_by_curve, double sales);
    Belief& belief() { return belief_; }                    // for periods whose looks are not: see belief.h
    Worth worth(double stock, const std::vector<float>& left_by_curve, const std::vector<float>& now_by_curve) const;
    double expected(std::size_t arm, const std::vector<float>& exposure_by_curve) const;
    double jumped() const { return jumped_; }  // the chance that the market jumped within the last periods

  private:
    struct Period {
        std::size_t arm;
        std::vector<float> exposure;
        double sales, expected, relative_variance;
    };
    void watch();
    const Belief& after() const;  // as if the market had jumped: worked out when it is asked for
    static void tell(Belief& belief, const Period& period);
    Belief belief_;
    mutable std::optional<Belief> after_;
    bool follows_jumps_;
    double jumped_ = 0;
    std::size_t since_ = 0;  // the first of the recent periods after the jump, if there was one
    std::vector<Period> recent_;  // oldest first
};

}  // namespace dropsmith::decide
