// One world of the outcomes study: reads its parameters and cases as lines of numbers on standard input, plays every
// case under every policy with the same shoppers, and writes one line a case and policy. The rival is a fixed price
// with one markdown towards the end, tuned for each case by simulation of what was known beforehand (the forecast, its
// error, the elasticity and the curve of the earlier half). Deterministic for a seed. One thread. Run by outcomes.py.
//
//     cadence_s seed runs tuning_runs elasticity elasticity_sd log_error_sd log_error_mean true_elasticity factor
//     shares of the earlier half …
//     then a case a line: forecast actual cap shares …
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

#include "flow/decide/sample.h"
#include "sim/rehearsal_run.h"
#include "sim/rehearsal_stage.h"

namespace {

using namespace dropsmith;
using namespace dropsmith::sim;

constexpr std::int64_t list = 3000;
constexpr std::int64_t bands[] = {1500, 1950, 2400, 2700, 3000};  // 50, 65, 80, 90 and 100 % of it
constexpr std::size_t top = 4;

struct World {
    std::int64_t cadence_s = 3600;
    std::uint64_t seed = 1, runs = 20, tuning_runs = 200;
    double elasticity = 2, elasticity_sd = .5, error_sd = .4, error_mean = 0, true_elasticity = 2, factor = 1;
    std::vector<double> shares;
};

struct Case {
    double forecast = 0, actual = 0;
    std::int64_t cap = 1;
    std::vector<double> shares;
};

class Markdown final : public Pricer {  // a price, and from a period on a lower one
  public:
    Markdown(std::size_t arm, std::size_t from, std::size_t then) : arm_(arm), from_(from), then_(then) {}
    void open(std::uint64_t, std::vector<LineNow>& lines) override { lines[0].arm = from_ == 0 ? then_ : arm_; }
    void review(std::size_t period, std::vector<LineNow>& lines) override {
        lines[0].arm = period < from_ ? arm_ : then_;
    }
    std::string name() const {
        return std::to_string(bands[arm_] * 100 / list) + ">" + std::to_string(bands[then_] * 100 / list) + "@" +
               std::to_string(from_);
    }

  private:
    std::size_t arm_, from_, then_;
};

Rehearsal plan_of(const World& world, const Case& at) {
    Rehearsal plan;
    plan.currency = "GBP";
    plan.pricing.policy = PricePolicy::bandit, plan.pricing.objective = PriceObjective::revenue;
    plan.pricing.cadence = Duration{world.cadence_s * 1000};
    plan.window = Duration{world.cadence_s * 1000 * static_cast<std::int64_t>(at.shares.size())};
    MarketLine line;
    line.sku = "CASE", line.expected_units = at.forecast;
    line.terms.cap = Quantity{at.cap}, line.terms.list_price = Money{list}, line.terms.floor = Money{bands[0]};
    for (const auto band : bands) line.terms.bands.push_back(Money{band});
    line.unit.unit_cost = Money{0};  // the stock is bought: its cost is sunk, what counts is what it brings
    plan.lines.push_back(std::move(line));
    return plan;
}

// What the earlier half says of the product, as an earlier drop of the shop: a window at list price that sold the
// forecast, a tenth of one at each other band by the earlier half's elasticity, and its arrival curve.
EarlierDrop earlier_of(const World& world, const Case& at) {
    EarlierDrop out;
    out.shares = world.shares;
    const auto window = static_cast<double>(world.shares.size());
    for (std::size_t k = 0; k <= top; ++k) {
        const double ratio = static_cast<double>(bands[k]) / static_cast<double>(list), part = k == top ? 1 : .1;
        out.periods.push_back(window * part);
        out.units.push_back(at.forecast * part * std::pow(ratio, -world.elasticity));
    }
    return out;
}

double elasticity(double mean, double sd, Random& random) {
    return std::clamp(mean + sd * decide::draw_normal(random), .1, 6.0);
}

Markdown tuned(const World& world, const Case& at, const Rehearsal& plan) {
    std::vector<Markdown> rivals;
    for (std::size_t arm = 0; arm <= top; ++arm) {
        rivals.emplace_back(arm, world.shares.size(), arm);
        for (const double share : {.5, .6, .7, .8, .9})
            for (std::size_t then = 0; then < arm; ++then)
                rivals.emplace_back(
                    arm, static_cast<std::size_t>(share * static_cast<double>(world.shares.size()) + .5), then);
    }
    std::vector<double> earned(rivals.size());
    Crowd crowd(plan, world.shares);
    Random random(world.seed ^ 0xB0u, static_cast<std::uint64_t>(at.forecast * 1000));
    for (std::uint64_t run = 0; run < world.tuning_runs; ++run) {
        MarketTruth truth;
        truth.scale = std::exp(world.error_mean + world.error_sd * decide::draw_normal(random));
        truth.elasticity = elasticity(world.elasticity, world.elasticity_sd, random);
        crowd.draw(world.seed ^ 0xB1u, run, truth);
        for (std::size_t r = 0; r < rivals.size(); ++r) earned[r] += play(plan, crowd, rivals[r], run).revenue;
    }
    return rivals[static_cast<std::size_t>(std::max_element(earned.begin(), earned.end()) - earned.begin())];
}

struct Sum {
    double sold = 0, paid = 0, below_units = 0, below_paid = 0, left = 0;
    void add(const RunOutcome& outcome) {
        sold += outcome.sold, paid += outcome.revenue, left += outcome.left;
        for (std::size_t k = 0; k < top; ++k) {
            const auto units = static_cast<double>(outcome.lines[0].by_price[k]);
            below_units += units, below_paid += units * static_cast<double>(bands[k]);
        }
    }
};

void play_case(const World& world, const Case& at, std::size_t number) {
    const auto plan = plan_of(world, at);
    auto rival = tuned(world, at, plan);
    Crowd crowd(plan, at.shares);
    struct Entry {
        std::string name;
        std::unique_ptr<Pricer> pricer;
        Sum sum;
    };
    std::vector<Entry> entries;
    const auto before = earlier_of(world, at);
    auto engine = shop_pricer(plan, world.seed + number, &before), alone = shop_pricer(plan, world.seed + number);
    if (!engine || !alone) return;
    entries.push_back({"engine", std::move(engine).value(), {}});
    entries.push_back({"engine-alone", std::move(alone).value(), {}});
    const auto name = rival.name();
    entries.push_back({"tuned", std::make_unique<Markdown>(rival), {}});
    entries.push_back(
        {"habit", std::make_unique<Markdown>(top, at.shares.size() * 3 / 4, 1), {}});  // 35 % off at the end
    entries.push_back({"list", fixed_pricer(plan, top), {}});
    entries.push_back({"ts-update", thompson_pricer(plan, at.shares.size(), world.seed + number), {}});
    entries.push_back({"clairvoyant", clairvoyant_pricer(plan, crowd), {}});
    Random random(world.seed ^ 0xA0u, number);
    for (std::uint64_t run = 0; run < world.runs; ++run) {
        MarketTruth truth;
        truth.scale = world.factor * at.actual / at.forecast;
        truth.elasticity = elasticity(world.true_elasticity, world.elasticity_sd, random);
        crowd.draw(world.seed + number * 7919, run, truth);
        for (auto& entry : entries) entry.sum.add(play(plan, crowd, *entry.pricer, run));
    }
    const auto runs = static_cast<double>(world.runs);
    for (const auto& [policy, pricer, sum] : entries)
        std::printf("%zu %s %lld %.4f %.2f %.4f %.2f %.4f %s\n", number, policy.c_str(), static_cast<long long>(at.cap),
                    sum.sold / runs, sum.paid / runs, sum.below_units / runs, sum.below_paid / runs, sum.left / runs,
                    name.c_str());
}

}  // namespace

int main() {
    World world;
    std::string line;
    if (!std::getline(std::cin, line)) return 2;
    std::istringstream head(line);
    head >> world.cadence_s >> world.seed >> world.runs >> world.tuning_runs >> world.elasticity >>
        world.elasticity_sd >> world.error_sd >> world.error_mean >> world.true_elasticity >> world.factor;
    if (!head || !std::getline(std::cin, line)) return 2;
    std::istringstream curve(line);
    for (double share = 0; curve >> share;) world.shares.push_back(share);
    std::size_t number = 0;
    while (std::getline(std::cin, line)) {
        Case at;
        std::istringstream words(line);
        words >> at.forecast >> at.actual >> at.cap;
        for (double share = 0; words >> share;) at.shares.push_back(share);
        if (at.shares.size() != world.shares.size() || at.forecast <= 0 || at.cap < 1) return 2;
        play_case(world, at, number++);
    }
    return 0;
}
