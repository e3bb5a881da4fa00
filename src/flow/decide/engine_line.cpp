// The watch for jumps. Covered by flow/decide/engine_line_test.cpp.
#include "flow/decide/engine_line.h"

#include <algorithm>
#include <cmath>

namespace dropsmith::decide {
namespace {

constexpr std::size_t watched = 12;     // periods
constexpr double hazard = 0.004;        // prior chance of a jump in a period
constexpr double jump_variance = 0.6;   // of the relative level after a jump
constexpr double worth_a_look = 0.05;   // chance from which the second belief is worked out
constexpr double certain = 0.95;        // and from which it replaces the first

// log chance of `sales` when they are Poisson around `mean` times a Gamma level of mean 1 and this variance.
double log_chance(double sales, double mean, double variance) {
    const double a = 1 / std::max(variance, 1e-4);
    return std::lgamma(sales + a) - std::lgamma(a) + a * std::log(a / (a + mean)) +
           sales * std::log(mean / (a + mean));
}

}  // namespace

void EngineLine::tell(Belief& belief, const Period& period) {
    belief.saw_counts(period.arm, period.sales, period.exposure);
    if (period.exposure.size() < 2 || period.sales <= 0) return;
    std::vector<float> logs;
    for (const float factor : period.exposure)
        logs.push_back(static_cast<float>(period.sales) * std::log(std::max(factor, 1e-6F)));
    belief.favour(logs);
}

void EngineLine::saw(std::size_t arm, const std::vector<float>& exposure_by_curve, double sales) {
    Period period{arm, exposure_by_curve, sales, 0, 0};
    if (!follows_jumps_) return tell(belief_, period);
    period.expected = std::max(1e-6, belief_.expected(arm, exposure_by_curve, period.relative_variance));
    if (recent_.size() == watched) recent_.erase(recent_.begin());
    tell(belief_, period);
    recent_.push_back(std::move(period));
    watch();
}

void EngineLine::watch() {
    double odds = 0, best = 0, sales = 0, expected = 0, variance = 0;
    since_ = recent_.size();
    for (std::size_t i = recent_.size(); i-- > 0;) {
        sales += recent_[i].sales, expected += recent_[i].expected, variance = recent_[i].relative_variance;
        const double ratio = hazard * std::exp(std::min(
                                          50.0, log_chance(sales, expected, variance + jump_variance) -
                                                    log_chance(sales, expected, variance)));
        odds += ratio;
        if (ratio > best) best = ratio, since_ = i;
    }
    jumped_ = odds / (1 + odds);
    after_.reset();
    if (jumped_ < worth_a_look) jumped_ = 0;
    if (jumped_ < certain) return;
    belief_ = after();
    after_.reset();
    jumped_ = 0;
    recent_.clear();
}

const Belief& EngineLine::after() const {
    if (after_) return *after_;
    const auto& before = belief_.prepared();
    const std::vector<float> even(recent_.back().exposure.size(), 1.0F);
    DemandPrior prior = before.prior;
    prior.history = belief_.seen();
    double ignored = 0;
    for (std::size_t i = since_; i < recent_.size(); ++i) {  // what the jump parts is no history
        auto& seen = prior.history[recent_[i].arm];
        const double one = before.prior.model == DemandModel::counts
                               ? belief_.expected(recent_[i].arm, recent_[i].exposure, ignored) /
                                     std::max(1e-9, belief_.expected(recent_[i].arm, even, ignored))
                               : static_cast<double>(recent_[i].exposure[0]);
        seen.looks = std::max(0.0, seen.looks - one), seen.sales = std::max(0.0, seen.sales - recent_[i].sales);
    }
    after_.emplace(Prepared::of(prior, before.values, with_history(prior)));
    for (std::size_t i = since_; i < recent_.size(); ++i) tell(*after_, recent_[i]);
    return *after_;
}

double EngineLine::expected(std::size_t arm, const std::vector<float>& exposure_by_curve) const {
    double ignored = 0;
    const double before = belief_.expected(arm, exposure_by_curve, ignored);
    if (jumped_ <= 0) return before;
    return (1 - jumped_) * before + jumped_ * after().expected(arm, exposure_by_curve, ignored);
}

Worth EngineLine::worth(double stock, const std::vector<float>& left_by_curve,
                        const std::vector<float>& now_by_curve) const {
    Worth out = belief_.worth(stock, left_by_curve, now_by_curve);
    if (jumped_ <= 0) return out;
    // What there is to learn if it jumped is left out: it would double the work when a whole shop jumps at once.
    const Worth other = after().worth(stock, left_by_curve, now_by_curve, false);
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = (1 - jumped_) * out[k] + jumped_ * other[k];
    return out;
}

}  // namespace dropsmith::decide
