// Covered by sim/rehearse_test.cpp.
#include "sim/pricers.h"

#include <algorithm>
#include <cmath>

#include "flow/decide/guardrail.h"

namespace dropsmith::sim {
namespace {

using Lawful = std::vector<std::vector<bool>>;

std::size_t lift(const std::vector<bool>& lawful, std::size_t arm) {
    while (arm + 1 < lawful.size() && !lawful[arm]) ++arm;
    return arm;
}

class Standing final : public Pricer {  // the same bands from opening to end
  public:
    explicit Standing(std::vector<std::size_t> arms) : arms_(std::move(arms)) {}
    void open(std::uint64_t, std::vector<LineNow>& lines) override {
        for (std::size_t i = 0; i < lines.size(); ++i) lines[i].arm = arms_[i];
    }
    void review(std::size_t, std::vector<LineNow>&) override {}

  private:
    std::vector<std::size_t> arms_;
};

class Taper final : public Pricer {
  public:
    Taper(Lawful lawful, std::size_t periods) : lawful_(std::move(lawful)), periods_(periods) {}
    void open(std::uint64_t, std::vector<LineNow>& lines) override { review(0, lines); }
    void review(std::size_t period, std::vector<LineNow>& lines) override {
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto& lawful = lawful_[i];
            const auto lowest = lift(lawful, 0), steps = lawful.size() - lowest;
            lines[i].arm = lawful.size() - 1 - std::min(steps - 1, period * steps / periods_);
        }
    }

  private:
    Lawful lawful_;
    std::size_t periods_;
};

class Thompson final : public Pricer {
  public:
    Thompson(const Rehearsal& plan, Lawful lawful, std::size_t periods, std::uint64_t seed)
        : lawful_(std::move(lawful)), periods_(periods), seed_(seed) {
        for (std::size_t i = 0; i < plan.lines.size(); ++i) {
            const auto& line = plan.lines[i];
            decide::PolicyAsk ask;
            ask.model = decide::DemandModel::counts;
            ask.prior_rate = std::max(.01, static_cast<double>(line.terms.cap.n) / static_cast<double>(periods));
            const auto bands = decide::bands_of(line.terms);
            for (std::size_t k = 0; k < bands.size(); ++k)
                ask.arms.push_back({value_of(line, bands[k]), 0, 0, lawful_[i][k]});
            blank_.push_back(std::move(ask));
        }
    }
    void open(std::uint64_t run, std::vector<LineNow>& lines) override {
        asks_ = blank_;
        random_ = Random(seed_ ^ 0x7545u, run);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            lines[i].arm = lift(lawful_[i], 0);
            choose(i, 0, lines[i]);
        }
    }
    void review(std::size_t period, std::vector<LineNow>& lines) override {
        for (std::size_t i = 0; i < lines.size(); ++i) {
            asks_[i].arms[lines[i].arm].looks += 1;
            if (lines[i].left > 0) choose(i, period, lines[i]);
        }
    }
    void sold(std::size_t line, std::size_t arm, std::int64_t units) override {
        asks_[line].arms[arm].sales += static_cast<double>(units);
    }

  private:
    void choose(std::size_t i, std::size_t period, LineNow& line) {
        asks_[i].stock_left = static_cast<double>(line.left);
        asks_[i].periods_left = static_cast<double>(periods_ - period);
        line.arm = policy_.draw(asks_[i], random_).value_or(line.arm);
    }
    Lawful lawful_;
    std::size_t periods_;
    std::uint64_t seed_;
    decide::TsUpdate policy_;
    std::vector<decide::PolicyAsk> blank_, asks_;
    Random random_{0};
};

// best_[t][n]: what n units are worth from period t on; plan_: the band that earns it.
class Clairvoyant final : public Pricer {
  public:
    Clairvoyant(const Rehearsal& plan, Lawful lawful, const Crowd& crowd)
        : plan_(plan), lawful_(std::move(lawful)), crowd_(crowd), arms_(plan.lines.size()) {}
    void open(std::uint64_t, std::vector<LineNow>& lines) override {
        for (std::size_t i = 0; i < lines.size(); ++i) solve(i);
        review(0, lines);
    }
    void review(std::size_t period, std::vector<LineNow>& lines) override {
        for (std::size_t i = 0; i < lines.size(); ++i)
            lines[i].arm = arms_[i][period * (cap(i) + 1) + static_cast<std::size_t>(lines[i].left)];
    }

  private:
    std::size_t cap(std::size_t i) const { return static_cast<std::size_t>(plan_.lines[i].terms.cap.n); }

    void solve(std::size_t i) {
        const auto& line = plan_.lines[i];
        const auto bands = decide::bands_of(line.terms);
        const auto units = cap(i), periods = crowd_.periods();
        arms_[i].assign(periods * (units + 1), static_cast<std::uint8_t>(bands.size() - 1));
        std::vector<double> later(units + 1), now(units + 1);
        for (std::size_t t = periods; t-- > 0;) {
            std::fill(now.begin(), now.end(), -1e300);
            for (std::size_t k = 0; k < bands.size(); ++k)
                if (lawful_[i][k]) consider(i, t, k, value_of(line, bands[k]), later, now);
            later.swap(now);
        }
    }
    void consider(std::size_t i, std::size_t t, std::size_t k, double value, const std::vector<double>& later,
                  std::vector<double>& now) {
        const double mean = crowd_.mean(i, t, k);
        chances_.clear();  // of selling 0, 1, 2 … units, until what is left of them does not matter
        double chance = std::exp(-mean), sum = 0;
        for (std::size_t j = 0; j < later.size() && (sum < 1 - 1e-10 || static_cast<double>(j) < mean); ++j) {
            chances_.push_back(chance), sum += chance;
            chance *= mean / static_cast<double>(j + 1);
        }
        for (std::size_t n = 0; n < now.size(); ++n) {
            double worth = 0, below = 0;
            const auto most = std::min(n, chances_.size());
            for (std::size_t j = 0; j < most; ++j)
                worth += chances_[j] * (value * static_cast<double>(j) + later[n - j]), below += chances_[j];
            worth += std::max(0.0, 1 - below) *
                     (value * static_cast<double>(most) + later[n - most]);  // all that is left, or nearly
            if (worth <= now[n]) continue;
            now[n] = worth, arms_[i][t * now.size() + n] = static_cast<std::uint8_t>(k);
        }
    }

    const Rehearsal& plan_;
    Lawful lawful_;
    const Crowd& crowd_;
    std::vector<std::vector<std::uint8_t>> arms_;
    std::vector<double> chances_;
};

}  // namespace

Lawful lawful_bands(const Rehearsal& plan) {
    Lawful lawful;
    for (const auto& line : plan.lines) {
        const auto floor = decide::floor_of(line.terms, line.unit);
        std::vector<bool> of_line;
        for (const auto band : decide::bands_of(line.terms)) of_line.push_back(!floor || band >= floor->price);
        lawful.push_back(std::move(of_line));
    }
    return lawful;
}

std::unique_ptr<Pricer> fixed_pricer(const Rehearsal& plan, std::size_t band) {
    std::vector<std::size_t> arms;
    for (const auto& lawful : lawful_bands(plan)) arms.push_back(lift(lawful, std::min(band, lawful.size() - 1)));
    return std::make_unique<Standing>(std::move(arms));
}

std::unique_ptr<Pricer> list_pricer(const Rehearsal& plan) {
    std::vector<std::size_t> arms;
    const auto lawful = lawful_bands(plan);
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        const auto bands = decide::bands_of(plan.lines[i].terms);
        arms.push_back(lift(lawful[i], decide::arm_at(bands, plan.lines[i].terms.list_price)
                                           .value_or(static_cast<std::uint32_t>(bands.size() - 1))));
    }
    return std::make_unique<Standing>(std::move(arms));
}

std::unique_ptr<Pricer> taper_pricer(const Rehearsal& plan, std::size_t periods) {
    return std::make_unique<Taper>(lawful_bands(plan), periods);
}

std::unique_ptr<Pricer> thompson_pricer(const Rehearsal& plan, std::size_t periods, std::uint64_t seed) {
    return std::make_unique<Thompson>(plan, lawful_bands(plan), periods, seed);
}

std::unique_ptr<Pricer> clairvoyant_pricer(const Rehearsal& plan, const Crowd& crowd) {
    return std::make_unique<Clairvoyant>(plan, lawful_bands(plan), crowd);
}

double clairvoyant_work(const Rehearsal& plan, std::size_t periods) {
    double work = 0;
    const auto shares = arrival_shares(plan);
    for (const auto& line : plan.lines) {
        const double cap = static_cast<double>(line.terms.cap.n), bands = static_cast<double>(line.terms.bands.size());
        double sizes = 0;
        for (const double share : shares) {
            const double mean = 2 * line.expected_units * share;
            sizes += std::min(cap, 8 + mean + 6 * std::sqrt(mean));
        }
        work += cap * std::max(1.0, bands) * sizes * static_cast<double>(periods) / static_cast<double>(shares.size());
    }
    return work;
}

}  // namespace dropsmith::sim
