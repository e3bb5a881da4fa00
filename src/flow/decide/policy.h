// How the engine chooses a price band, and the published policy that it is measured against: Thompson sampling with
// inventory (Ferreira, Simchi-Levi and Wang, Operations Research 66(6), 2018, 1586-1602: TS-update), which draws demand
// at every price from its posterior, solves the fluid plan of the stock that is left over the time that is left, and
// offers a price of that plan with its share. A policy gives shares; they become propensities in parts per million, and
// the arm is drawn from exactly these: what is logged is what was done. Deterministic for a seed. Any thread. Covered
// by flow/decide/policy_test.cpp and lab_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/numbers.h"
#include "base/random.h"
#include "flow/decide/belief.h"

namespace dropsmith::decide {

struct ArmView {
    double value = 0;  // of a unit sold at this price: contribution margin by default
    double looks = 0;  // chances to buy seen at it: visitors (one_look) or periods (counts)
    double sales = 0;
    bool lawful = true;  // at or above the floor at this moment
    double price = 0;    // of the list price, as asked; 0: not said
};

struct PeriodView {  // one period that was seen at one price
    std::size_t arm = 0;
    double looks = 1;  // or its arrival factor (counts)
    double sales = 0;
};

struct CurveView {       // one way in which arrivals may fall and rise over the window, when it is not known
    double weight = 1;   // prior
    double now = 1;      // factor of the period to be priced
    double left = 1;     // factors of the periods after it
    std::vector<double> exposure;         // sum of the factors of the periods before `recent`, by arm
    std::vector<double> recent;           // factors of the periods of `recent`
    double log_evidence = 0;              // sum of sales * log(factor) over the periods before `recent`
};

struct PolicyAsk {
    DemandModel model = DemandModel::counts;
    std::vector<ArmView> arms;
    double stock_left = 0;
    double periods_left = 1;  // looks (one_look) or periods times their arrival factor (counts) until the end
    double prior_rate = 1;    // units a look or period that would just have sold the stock: what the plan expected
    bool may_rest =
        false;  // the plan may offer nothing for a while, as in the paper; a shop's page cannot: then the top band
    std::optional<double> level{};     // log of the units a period at the list price, from past sales
    double level_sd = 0;
    std::vector<Seen> history{};       // of earlier drops, by arm; empty: none
    std::vector<PeriodView> recent{};  // the last periods, oldest first, contained in the arms' totals; may be empty
    std::vector<CurveView> curves{};   // arrival curves that are possible; empty: the one that the looks tell
};

class Policy {
  public:
    virtual ~Policy() = default;
    virtual std::string_view name() const = 0;  // with its version: it stands in every decision
    virtual std::optional<std::size_t> draw(const PolicyAsk& ask, Random& random) const = 0;  // nullopt: rest
    // How often each arm would be drawn, as weights; by default counted over `draws` draws.
    virtual std::vector<double> shares(const PolicyAsk& ask, unsigned draws, Random& random) const;
};

class TsUpdate final : public Policy {
  public:
    std::string_view name() const override { return "ts-update/1"; }
    std::optional<std::size_t> draw(const PolicyAsk& ask, Random& random) const override;
};

// The particle policy: exact posterior over falling rates times a market scale, a plan for each hypothesis in closed
// form, the plans averaged (belief.h). Its shares are closed too: arms worth within about a hundredth of the best
// share the looks, so that elasticity can be learned from decisions that cost next to nothing.
class EnginePolicy final : public Policy {
  public:
    std::string_view name() const override { return "engine/5"; }
    std::optional<std::size_t> draw(const PolicyAsk& ask, Random& random) const override;
    std::vector<double> shares(const PolicyAsk& ask, unsigned draws, Random& random) const override;
};

// Weights of the arms by what they are worth now; arms that are not lawful have none.
std::vector<double> shares_of(const Worth& worth, const std::vector<ArmView>& arms);

const Policy& engine_policy();  // what real drops run

struct Choice {
    std::size_t arm = 0;
    std::vector<Rate> propensity;  // by arm, together exactly 1
    bool explore_bound = false;    // explore_share held the other arms back
};

// Takes the policy's shares (of `draws` draws, where they are counted), bounds all arms but the likeliest to
// explore_share together, and draws the arm from the result.
Choice choose(const Policy& policy, const PolicyAsk& ask, unsigned draws, Rate explore_share, Random& random);

}  // namespace dropsmith::decide
