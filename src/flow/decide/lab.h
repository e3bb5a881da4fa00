// The laboratory of the pricing engine: a stated problem (prices, chances to buy, stock, looks), what could be earned
// at best, and what a policy earns. One Bernoulli look a period. Figures are in the instance's own units. Pure and
// deterministic for a seed. Reference figures: docs/concepts/price-bands.md. Covered by flow/decide/lab_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
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
};

double lp_bound(const LabProblem& problem);  // the fluid plan when demand is known

// The exact optimum when demand is known: best[t][n] is what n units are worth with the periods from t on to come.
class Optimum {
  public:
    explicit Optimum(const LabProblem& problem);
    double value() const { return at(0, stock_); }
    std::optional<std::size_t> arm(std::size_t period, std::int64_t stock) const;  // nullopt: nothing to sell
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
    virtual void saw(std::size_t arm, bool sold) = 0;
};

// engine, ts-update, ts-fixed, fixed:INDEX, dp-known; nullptr: no such policy. Keeps references to the problem and the
// optimum.
std::unique_ptr<LabPolicy> lab_policy(std::string_view name, const LabProblem& problem, const Optimum& optimum);

struct LabRun {
    double earned = 0;
    std::uint64_t decisions = 0;
};
LabRun lab_run(const LabProblem& problem, LabPolicy& policy, Random& random);

}  // namespace dropsmith::decide
