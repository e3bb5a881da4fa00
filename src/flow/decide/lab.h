// The laboratory of the pricing engine: a stated problem (prices, chances to buy, stock, looks), what could be
// earned at best, and what a policy earns. One Bernoulli look a period. Figures are in the instance's own units.
// Pure and deterministic for a seed. Reference figures: docs/concepts/pricing-mathematics.md. Covered by
// flow/decide/lab_test.cpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "flow/decide/policy.h"

namespace dropsmith::decide {

struct LabProblem {
    std::vector<double> values;    // of a unit at each price: price - unit cost
    std::vector<double> chances;   // that a look buys
    std::vector<double> arrivals;  // chance of a look by period; its size is the number of periods
    std::int64_t stock = 0;
    std::vector<ArmView> history;  // looks and sales by price from earlier drops; empty: none
    bool looks_seen = true;        // else a period without a sale may have had no look
    std::vector<double> lift;      // factor on all chances by period, which no policy knows; empty: 1
    double chance(std::size_t period, std::size_t arm) const {
        return lift.empty() ? chances[arm] : std::min(1.0, chances[arm] * lift[period]);
    }
};

double lp_bound(const LabProblem& problem);  // the fluid plan when demand is known

// The exact optimum when demand is known: best[t][n] is what n units are worth with the periods from t on to come.
class Optimum {
  public:
    explicit Optimum(const LabProblem& problem);
    double value() const { return at(0, stock_); }
    std::optional<std::size_t> arm(std::size_t period, std::int64_t stock) const;  // nullopt: nothing to sell
    // What asking this price now gives away, and the optimum afterwards; nullopt: nothing is offered.
    double loss(std::size_t period, std::int64_t stock, std::optional<std::size_t> arm) const;
  private:
    double at(std::size_t period, std::int64_t stock) const {
        return best_[period * static_cast<std::size_t>(stock_ + 1) + static_cast<std::size_t>(stock)];
    }
    const LabProblem& problem_;
    std::int64_t stock_;
    std::vector<double> best_;
};

class LabPolicy {  // chooses a price for each period of one run
  public:
    virtual ~LabPolicy() = default;
    virtual std::optional<std::size_t> price(std::size_t period, std::int64_t stock, Random& random) = 0;
    virtual void saw(std::size_t period, std::size_t arm, bool sold) = 0;
};

// A problem made ready for many runs of a policy by its name; it keeps a reference to the problem.
//   engine        the product's policy; of arrivals it knows the curve
//   engine-learn  the same; learns whether and how fast arrivals fall
//   engine-flat   the same; believes that they are even
//   ts-update, ts-fixed   Ferreira, Simchi-Levi and Wang
//   fixed:INDEX   one price
//   dp-known, lp-known   demand known: the exact optimum, the fluid plan solved at every look
class LabBench {
  public:
    // false: no such policy.
    LabBench(const LabProblem& problem, const Optimum& optimum, std::string_view policy);
    explicit operator bool() const { return static_cast<bool>(make_); }
    std::unique_ptr<LabPolicy> policy() const { return make_(); }  // fresh, for one run

  private:
    std::function<std::unique_ptr<LabPolicy>()> make_;
};

struct LabRun {
    double earned = 0;
    double lost = 0;  // against the optimum, decision by decision: its mean is the optimum less what is earned in mean,
                      // without the chance of who buys
    std::uint64_t decisions = 0;
};
LabRun lab_run(const LabProblem& problem, const Optimum& optimum, LabPolicy& policy, Random& random);

}  // namespace dropsmith::decide
