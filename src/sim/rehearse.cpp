// Runs of a plan and their distributions. Covered by sim/rehearse_test.cpp.
#include "sim/rehearse.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/propose.h"
#include "flow/decide/sample.h"
#include "sim/rehearsal_plan.h"

namespace dropsmith::sim {
namespace {

constexpr unsigned rehearsal_draws = 24;  // of the posterior a decision: enough for a mean over many runs

struct Outcome {  // of one run, all lines
    double revenue = 0, margin = 0, sold = 0, left = 0, repriced = 0;
    std::optional<double> sold_out_h;  // when the last line sold out
};

struct Shape {  // share of the demand in each period: half by a Bass curve (p = .6/h, q = .2), half evenly
    explicit Shape(const Rehearsal& plan) {
        const auto cadence_h = static_cast<double>(plan.pricing.cadence.n) / 3'600'000,
                   window_h = static_cast<double>(plan.window.n) / 3'600'000;
        const auto bass = [](double t) { return (1 - std::exp(-.8 * t)) / (1 + (.2 / .6) * std::exp(-.8 * t)); };
        for (double t = 0; t < window_h - 1e-9; t += cadence_h) {
            const double end = std::min(window_h, t + cadence_h);
            share.push_back(.5 * (bass(end) - bass(t)) / bass(window_h) + .5 * (end - t) / window_h);
        }
    }
    std::vector<double> share;
};

struct Market {  // of one run: the same for every way of pricing
    double scale, elasticity;
    Market(std::uint64_t seed, std::uint64_t run) {
        Random random(seed, run * 2 + 1);
        scale = std::exp(.4 * decide::draw_normal(random) - .08);
        elasticity = std::clamp(2.62 + .6 * decide::draw_normal(random), 1.2, 4.5);
    }
};

class Run {
  public:
    Run(const Rehearsal& plan, const Shape& shape, std::uint64_t seed, std::uint64_t run)
        : plan_(plan), shape_(shape), seed_(seed), run_(run), market_(seed, run) {}

    // fixed: that band of every line (the highest when it has fewer); none: the plan's own policy.
    Outcome play(std::optional<std::size_t> fixed) {
        Outcome outcome;
        outcome.sold_out_h = 0;
        for (std::size_t i = 0; i < plan_.lines.size(); ++i) play_line(i, fixed, outcome);
        return outcome;
    }

  private:
    void play_line(std::size_t i, std::optional<std::size_t> fixed, Outcome& outcome) {
        const auto& line = plan_.lines[i];
        const auto bands = decide::bands_of(line.terms);
        const auto floor = decide::floor_of(line.terms, line.unit);
        decide::PriceQuestion question;
        question.terms = line.terms, question.pricing = plan_.pricing, question.unit = line.unit;
        question.arms.resize(bands.size());
        question.periods_all = static_cast<std::uint32_t>(shape_.share.size());
        std::size_t arm = fixed ? std::min(*fixed, bands.size() - 1) : bands.size() - 1;
        if (!fixed && plan_.pricing.policy == PricePolicy::fixed)
            arm = decide::arm_at(bands, line.terms.list_price).value_or(arm);
        while (arm + 1 < bands.size() && floor && bands[arm] < floor->price) ++arm;
        auto left = line.terms.cap;
        const bool engine = !fixed && plan_.pricing.policy == PricePolicy::bandit;
        for (std::size_t t = 0; t < shape_.share.size(); ++t) {
            if (engine && t > 0 && left > Quantity{}) arm = reprice(question, left, t, arm, outcome);
            Random random(seed_ + i, (run_ * shape_.share.size() + t) * 2);
            const double price = static_cast<double>(bands[arm].n) / static_cast<double>(line.terms.list_price.n);
            const double mean =
                line.expected_units * market_.scale * shape_.share[t] * std::pow(price, -market_.elasticity);
            const auto sold = std::min(left, Quantity{decide::draw_poisson(random, mean)});
            ++question.arms[arm].periods, question.arms[arm].sales += static_cast<std::uint64_t>(sold.n);
            left -= sold;
            const auto units = static_cast<double>(sold.n);  // a stranger's plan: no checked product of large numbers
            outcome.sold += units;
            outcome.revenue += units * static_cast<double>(bands[arm].n);
            outcome.margin += units * static_cast<double>(decide::contribution(line.unit, bands[arm]).n);
            if (left > Quantity{}) continue;
            const double at_h = static_cast<double>(t + 1) * static_cast<double>(plan_.pricing.cadence.n) / 3'600'000;
            if (outcome.sold_out_h) outcome.sold_out_h = std::max(*outcome.sold_out_h, at_h);
            return;
        }
        outcome.left += static_cast<double>(left.n);
        outcome.sold_out_h.reset();
    }

    std::size_t reprice(decide::PriceQuestion& question, Quantity left, std::size_t period, std::size_t arm,
                        Outcome& outcome) const {
        question.stock_left = left;
        question.periods_left = static_cast<std::uint32_t>(shape_.share.size() - period);
        question.seed = seed_ * 31 + run_ * 1009 + period;
        const auto proposal = decide::propose(question, decide::engine_policy(), rehearsal_draws);
        decide::GateAsk ask;
        ask.wanted = proposal.inputs.arms[proposal.arm].price;
        ask.stepping_from = decide::bands_of(question.terms)[arm];
        const auto gated = decide::pass_gate(question.terms, question.pricing, question.unit, ask);
        if (!gated || !gated->arm) return arm;
        outcome.repriced += *gated->arm != arm;
        return *gated->arm;
    }

    const Rehearsal& plan_;
    const Shape& shape_;
    std::uint64_t seed_, run_;
    Market market_;
};

struct Spread {
    double mean = 0, p05 = 0, p50 = 0, p95 = 0;
    explicit Spread(std::vector<double> values) {
        if (values.empty()) return;
        std::sort(values.begin(), values.end());
        for (const double value : values) mean += value;
        mean /= static_cast<double>(values.size());
        const auto at = [&](double q) {
            return values[std::min(values.size() - 1,
                                   static_cast<std::size_t>(q * static_cast<double>(values.size())))];
        };
        p05 = at(.05), p50 = at(.5), p95 = at(.95);
    }
};

std::string number(double value, int places) {
    return format_decimal(std::llround(value * std::pow(10.0, places)), places);
}

class Writing {
  public:
    Writing(JsonWriter& json, const Rehearsal& plan) : json_(json), plan_(plan) {}

    void policy(std::string_view name, const std::vector<Outcome>& outcomes) {
        std::vector<double> revenue, margin, through, left, hours, repriced;
        double units = 0;
        for (const auto& line : plan_.lines) units += static_cast<double>(line.terms.cap.n);
        for (const auto& o : outcomes) {
            revenue.push_back(o.revenue), margin.push_back(o.margin), through.push_back(o.sold / units),
                left.push_back(o.left), repriced.push_back(o.repriced);
            if (o.sold_out_h) hours.push_back(*o.sold_out_h);
        }
        json_.object().key("policy").text(name);
        money("revenue", Spread(revenue));
        money("margin", Spread(margin));
        plain("sell_through", Spread(through), 4);
        plain("leftovers", Spread(left), 1);
        json_.key("sold_out_share")
            .real_text(number(static_cast<double>(hours.size()) / static_cast<double>(outcomes.size()), 4));
        if (hours.empty())
            json_.key("hours_to_sell_out").null();
        else
            plain("hours_to_sell_out", Spread(hours), 2);
        json_.key("price_changes").real_text(number(Spread(repriced).mean, 2)).end();
    }
    void money(std::string_view name, const Spread& spread) {
        json_.key(name).object();
        for (const auto& [key, value] :
             {std::pair{"mean", spread.mean}, {"p05", spread.p05}, {"p50", spread.p50}, {"p95", spread.p95}})
            json_.key(key).money(std::llround(value), plan_.currency);
        json_.end();
    }
    void plain(std::string_view name, const Spread& spread, int places) {
        json_.key(name).object();
        for (const auto& [key, value] :
             {std::pair{"mean", spread.mean}, {"p05", spread.p05}, {"p50", spread.p50}, {"p95", spread.p95}})
            json_.key(key).real_text(number(value, places));
        json_.end();
    }

  private:
    JsonWriter& json_;
    const Rehearsal& plan_;
};

double mean_margin(const std::vector<Outcome>& outcomes) {
    double sum = 0;
    for (const auto& o : outcomes) sum += o.margin;
    return sum / static_cast<double>(outcomes.size());
}

}  // namespace

Result<std::string, std::string> rehearse(const State& state, std::string_view plan_json, std::uint64_t runs,
                                          std::uint64_t seed) {
    if (runs < 1 || runs > 100'000) return Failure{std::string("runs: between 1 and 100,000")};
    const auto plan = read_rehearsal(state, plan_json);
    if (!plan) return Failure{plan.error()};
    const Shape shape(*plan);
    std::size_t bands = 0;
    for (const auto& line : plan->lines) bands = std::max(bands, decide::bands_of(line.terms).size());

    std::vector<Outcome> own;
    std::vector<std::vector<Outcome>> fixed(bands);
    for (std::uint64_t r = 0; r < runs; ++r) {
        Run run(*plan, shape, seed, r);
        own.push_back(run.play(std::nullopt));
        for (std::size_t band = 0; band < bands; ++band) fixed[band].push_back(run.play(band));
    }

    std::string out;
    JsonWriter json(out);
    Writing writing(json, *plan);
    json.object().key("runs").natural(runs).key("seed").natural(seed).key("definition").text("rehearsal/1");
    json.key("periods")
        .natural(shape.share.size())
        .key("window_hours")
        .real_text(number(static_cast<double>(plan->window.n) / 3'600'000, 2));
    json.key("policies").array();
    const bool engine = plan->pricing.policy == PricePolicy::bandit;
    writing.policy(engine ? "engine" : "list price", own);
    std::size_t best = 0;
    for (std::size_t band = 0; band < bands; ++band) {
        writing.policy("fixed:" + std::to_string(band), fixed[band]);
        if (mean_margin(fixed[band]) > mean_margin(fixed[best])) best = band;
    }
    json.end().key("best_fixed").text("fixed:" + std::to_string(best));
    std::vector<double> gain;
    for (std::uint64_t r = 0; r < runs; ++r) gain.push_back(own[r].margin - fixed[best][r].margin);
    writing.money("margin_against_best_fixed", Spread(gain));
    json.key("assumptions").array();
    for (const auto& assumption : plan->assumptions) json.text(assumption);
    json.end().end();
    return out;
}

}  // namespace dropsmith::sim
