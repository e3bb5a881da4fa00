// How the engine chooses a price band. The first policy is the published Thompson sampling with inventory (Ferreira,
// Simchi-Levi and Wang, Operations Research 66(6), 2018, 1586-1602: TS-update): draw demand at every price from its
// posterior, solve the fluid plan of the stock that is left over the time that is left, offer a price of that plan with
// its share. The propensity of a band is counted over a fixed number of such draws and the arm is then drawn from
// exactly these counts: what is logged is what was done. Deterministic for a seed. Any thread. Covered by
// flow/decide/policy_test.cpp and lab_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/numbers.h"
#include "base/random.h"

namespace dropsmith::decide {

struct ArmView {
    double value = 0;  // of a unit sold at this price: contribution margin by default
    double looks = 0;  // chances to buy seen at it: visitors (one_look) or periods (counts)
    double sales = 0;
    bool lawful = true;  // at or above the floor at this moment
};

enum class DemandModel : std::uint8_t {
    one_look,  // a look buys or not: Beta(1 + sales, 1 + looks - sales)
    counts,    // units a period are Poisson: Gamma(1 + sales, 1 / prior_rate + looks)
};

struct PolicyAsk {
    DemandModel model = DemandModel::counts;
    std::vector<ArmView> arms;
    double stock_left = 0;
    double periods_left = 1;  // looks (one_look) or periods (counts) until the end
    double prior_rate = 1;    // counts: units a period before anything has been seen
    bool may_rest =
        false;  // the plan may offer nothing for a while, as in the paper; a shop's page cannot: then the top band
};

class Policy {
  public:
    virtual ~Policy() = default;
    virtual std::string_view name() const = 0;  // with its version: it stands in every decision
    virtual std::optional<std::size_t> draw(const PolicyAsk& ask, Random& random) const = 0;  // nullopt: rest
};

class TsUpdate final : public Policy {
  public:
    std::string_view name() const override { return "ts-update/1"; }
    std::optional<std::size_t> draw(const PolicyAsk& ask, Random& random) const override;
};

const Policy& engine_policy();  // what real drops run

struct Choice {
    std::size_t arm = 0;
    std::vector<Rate> propensity;  // by arm, together exactly 1
    bool explore_bound = false;    // explore_share held the other arms back
};

// Draws `draws` times, counts, bounds all arms but the likeliest to explore_share together, and draws the arm from the
// result.
Choice choose(const Policy& policy, const PolicyAsk& ask, unsigned draws, Rate explore_share, Random& random);

}  // namespace dropsmith::decide
