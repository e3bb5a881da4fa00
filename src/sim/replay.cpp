// The estimate of one line. Covered by sim/replay_test.cpp.
#include "sim/replay.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/sample.h"
#include "sim/rehearsal_run.h"
#include "sim/rehearsal_stage.h"

namespace dropsmith::sim {
namespace {

constexpr std::size_t particles = 3'000;
constexpr double thin_chance = .02, weight_max = 12;

struct Look {  // a logged period on the grid of the plan's cadence
    std::size_t period = 0, band = 0;
    double units = 0, exposure = 0;  // in periods
    double chance = 1;
};

struct Market {
    double elasticity = 2.6, early = .5, scale = 1;
    std::vector<double> by_band;
};

class LineMarket {  // the posterior, by importance: the scale is conjugate and is drawn exactly
  public:
    LineMarket(const Rehearsal& plan, std::vector<Look> looks, std::uint64_t seed)
        : plan_(plan), looks_(std::move(looks)), random_(seed, 3) {
        const auto& line = plan.lines.front();
        for (const auto band : decide::bands_of(line.terms))
            log_ratio_.push_back(std::log(static_cast<double>(band.n) / static_cast<double>(line.terms.list_price.n)));
        Rehearsal flat = plan;
        early_ = arrival_shares(flat);  // half early, half even
        const double even = 1.0 / static_cast<double>(early_.size());
        for (auto& share : early_) share = std::max(0.0, 2 * share - even);
        draw();
    }
    std::vector<double> shares(double early) const {
        const double even = 1.0 / static_cast<double>(early_.size());
        std::vector<double> out;
        for (const double share : early_) out.push_back(early * share + (1 - early) * even);
        return out;
    }
    // Of the posterior: a market, its scale in units a window at list price.
    Market pick() {
        const double ticket = decide::draw_uniform(random_) * sums_.back();
        const auto i = static_cast<std::size_t>(std::lower_bound(sums_.begin(), sums_.end(), ticket) - sums_.begin());
        Market market = markets_[std::min(i, markets_.size() - 1)];
        market.scale =
            decide::draw_gamma(random_, 1 + sold_) / (prior_rate_ + exposed_[std::min(i, exposed_.size() - 1)]);
        return market;
    }
    double mean(const Market& market, const std::vector<double>& shares, const Look& look) const {
        return market.scale * shares[look.period] * look.exposure * taking(market, look.band);
    }
    double taking(const Market& market, std::size_t band) const {
        return std::exp(-market.elasticity * log_ratio_[band]) * market.by_band[band];
    }
    const std::vector<Look>& looks() const { return looks_; }

  private:
    void draw() {
        prior_rate_ = 1 / std::max(1.0, 2 * static_cast<double>(plan_.lines.front().terms.cap.n));
        for (const auto& look : looks_) sold_ += look.units;
        double most = -1e300;
        std::vector<double> logs;
        for (std::size_t i = 0; i < particles; ++i) {
            Market market;
            market.elasticity = std::clamp(2.62 + .9 * decide::draw_normal(random_), .2, 6.5);
            market.early = decide::draw_uniform(random_);
            for (std::size_t k = 0; k < log_ratio_.size(); ++k)
                market.by_band.push_back(std::exp(.15 * decide::draw_normal(random_)));
            const auto by_period = shares(market.early);
            double exposed = 0, log = 0;
            for (const auto& look : looks_) {
                const double mean = mean_at_one(market, by_period, look);
                exposed += mean;
                if (look.units > 0) log += look.units * std::log(std::max(1e-300, mean));
            }
            log -= (1 + sold_) * std::log(prior_rate_ + exposed);  // the scale is integrated out
            logs.push_back(log), most = std::max(most, log);
            markets_.push_back(std::move(market)), exposed_.push_back(exposed);
        }
        double sum = 0;
        for (const double log : logs) sums_.push_back(sum += std::exp(log - most));
    }
    double mean_at_one(const Market& market, const std::vector<double>& by_period, const Look& look) const {
        return by_period[look.period] * look.exposure * taking(market, look.band);
    }

    const Rehearsal& plan_;
    std::vector<Look> looks_;
    Random random_;
    std::vector<double> log_ratio_, early_;
    std::vector<Market> markets_;
    std::vector<double> exposed_, sums_;
    double sold_ = 0, prior_rate_ = 0;
};

class Tracing final : public Pricer {  // counts where the policy stands while units are left
  public:
    Tracing(Pricer& inner, std::size_t periods, std::size_t bands)
        : inner_(inner), bands_(bands), stood(periods * bands) {}
    void open(std::uint64_t run, std::vector<LineNow>& lines) override {
        inner_.open(run, lines);
        note(0, lines);
    }
    void review(std::size_t period, std::vector<LineNow>& lines) override {
        inner_.review(period, lines);
        note(period, lines);
    }
    void sold(std::size_t line, std::size_t arm, std::int64_t units) override { inner_.sold(line, arm, units); }

  private:
    void note(std::size_t period, const std::vector<LineNow>& lines) {
        if (lines[0].left > 0) stood[period * bands_ + lines[0].arm] += 1;
    }
    Pricer& inner_;
    std::size_t bands_;

  public:
    std::vector<double> stood;
};

// The decisions as they stand in the log: the band that was asked longest in each period of the grid; one without any
// (sold out, or a person's price between the bands) goes on at the band before it.
std::vector<std::size_t> bands_of_log(const std::vector<Look>& looks, std::size_t periods) {
    std::vector<std::size_t> bands(periods);
    std::vector<double> longest(periods, 0.0);
    for (const auto& look : looks)
        if (auto& most = longest[look.period]; look.exposure > most)
            most = look.exposure, bands[look.period] = look.band;
    std::size_t before = looks.empty() ? 0 : looks.front().band;
    for (std::size_t t = 0; t < periods; ++t) before = bands[t] = longest[t] > 0 ? bands[t] : before;
    return bands;
}

class Logged final : public Pricer {
  public:
    explicit Logged(std::vector<std::size_t> bands) : arms_(std::move(bands)) {}
    void open(std::uint64_t, std::vector<LineNow>& lines) override { lines[0].arm = arms_[0]; }
    void review(std::size_t period, std::vector<LineNow>& lines) override { lines[0].arm = arms_[period]; }

  private:
    std::vector<std::size_t> arms_;
};

Result<std::unique_ptr<Pricer>, std::string> pricer_of(const Rehearsal& plan, std::string_view policy,
                                                       const std::vector<Look>& looks, std::size_t periods,
                                                       std::uint64_t seed) {
    if (policy == logged_policy) return std::unique_ptr<Pricer>(std::make_unique<Logged>(bands_of_log(looks, periods)));
    if (policy == "engine") return shop_pricer(plan, seed);
    if (policy == "ts-update") return thompson_pricer(plan, periods, seed);
    if (policy == "taper") return taper_pricer(plan, periods);
    if (policy == "list") return list_pricer(plan);
    if (policy.starts_with("fixed:")) {
        std::size_t band = 0;
        const auto digits = policy.substr(6);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), band);
        if (error == std::errc{} && end == digits.data() + digits.size() &&
            band < plan.lines.front().terms.bands.size())
            return fixed_pricer(plan, band);
    }
    return Failure{"there is no policy \"" + std::string(policy) +
                   "\": engine, ts-update, taper, list, logged, or fixed:INDEX with an index of the line's bands"};
}

// own: the policy is the log itself, so that what was asked was no chance.
std::vector<Look> looks_of(const Rehearsal& plan, const std::vector<measure::Period>& periods, Instant opened,
                           std::size_t count, bool own) {
    const auto bands = decide::bands_of(plan.lines.front().terms);
    const auto cadence = plan.pricing.cadence.n;
    std::vector<Look> looks;
    for (const auto& period : periods) {
        const auto band = decide::arm_at(bands, period.price);
        if (!band || period.offered.n <= 0) continue;  // a person's price between the bands says nothing of them
        Look look;
        look.band = *band, look.units = static_cast<double>(std::max<std::int64_t>(0, period.units));
        look.chance = 1;
        for (const auto& [price, chance] : period.chances)
            if (price == period.price && !own) look.chance = chance;
        // Periods that run over several of the grid (the price stood) are cut by it; units go by time.
        const auto from = std::max<std::int64_t>(0, (period.from - opened).n),
                   to = std::max(from + 1, (period.to - opened).n);
        const auto all = static_cast<double>(to - from);
        for (auto t = from / cadence; t * cadence < to && static_cast<std::size_t>(t) < count; ++t) {
            const auto overlap = std::min(to, (t + 1) * cadence) - std::max(from, t * cadence);
            Look part = look;
            const double share = static_cast<double>(overlap) / all;
            part.period = static_cast<std::size_t>(t), part.units = look.units * share;
            part.exposure = static_cast<double>(period.offered.n) / static_cast<double>(cadence) * share;
            if (part.exposure > 0) looks.push_back(part);
        }
    }
    return looks;
}

}  // namespace

Result<LineReplay, std::string> replay_line(const Rehearsal& plan, const std::vector<measure::Period>& periods,
                                            Instant opened, std::string_view policy, const ReplayHow& how) {
    const auto grid = arrival_shares(plan).size();
    const auto& line = plan.lines.front();
    const auto bands = decide::bands_of(line.terms);
    std::vector<double> value;
    for (const auto band : bands) value.push_back(static_cast<double>(decide::contribution(line.unit, band).n));
    const bool own = policy == logged_policy;
    if (own && std::any_of(periods.begin(), periods.end(),
                           [](const measure::Period& period) { return period.side != measure::Side::all; }))
        return Failure{std::string("logged: a cohort asked two prices at once; no one price can be replayed for it")};
    const auto looks = looks_of(plan, periods, opened, grid, own);
    auto pricer = pricer_of(plan, policy, looks, grid, how.seed);
    if (!pricer) return Failure{pricer.error()};

    LineReplay out;
    for (const auto& period : periods) {
        const auto units = static_cast<double>(period.units);
        out.actual_units += units;
        out.actual_margin += units * static_cast<double>(decide::contribution(line.unit, period.price).n);
    }
    LineMarket market(plan, looks, how.seed);
    if (market.looks().empty())
        return Failure{std::string("the journal has no period of this line at one of its bands")};

    Tracing traced(**pricer, grid, bands.size());
    std::vector<double> expected(market.looks().size()), worth;
    double sum = 0, squares = 0, sold_out = 0;
    const double all = how.markets * how.runs;
    for (unsigned m = 0; m < how.markets; ++m) {
        const auto at = market.pick();
        const auto shares = market.shares(at.early);
        for (std::size_t i = 0; i < expected.size(); ++i)
            expected[i] += market.mean(at, shares, market.looks()[i]) / how.markets;
        Rehearsal here = plan;
        here.lines.front().expected_units = at.scale;
        Crowd crowd(here, shares);
        double mean = 0;
        for (unsigned r = 0; r < how.runs; ++r) {
            const std::uint64_t run = m * how.runs + r;
            crowd.draw(how.seed ^ 0x5EEDu, run, {1, at.elasticity, at.by_band});
            const auto outcome = play(here, crowd, traced, run);
            const double margin = outcome.margin - value_left(line) * outcome.left;  // of what was sold, as logged
            mean += margin / how.runs, out.units += outcome.sold / all;
            sold_out += (outcome.left == 0) / all;
        }
        sum += mean, squares += mean * mean;
    }
    const double n = how.markets;
    out.model.value = sum / n;
    out.model.sd = std::sqrt(std::max(0.0, squares / n - out.model.value * out.model.value));

    // A unit more is worth its price only where it does not take the place of one sold later.
    const double unit_value = out.units > 0 ? out.model.value / out.units : 0;
    double correction = 0, variance = 0, weights = 0, weight_squares = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& look = market.looks()[i];
        const double stands = traced.stood[look.period * bands.size() + look.band] / all;
        const double weight = std::min(weight_max, stands / std::max(1e-6, look.chance));
        const double gain = value[look.band] - sold_out * unit_value;
        correction += weight * gain * (look.units - expected[i]);
        variance += weight * weight * gain * gain * std::max(expected[i], .05);
        weights += weight * expected[i], weight_squares += weight * weight * expected[i];
    }
    out.effective = weight_squares > 0 ? weights * weights / weight_squares : 0;
    std::vector<double> seen(grid * bands.size());  // the chance that the log had of each price
    for (const auto& period : periods)
        for (const auto& [price, chance] : period.chances)
            if (const auto band = decide::arm_at(bands, price)) {
                const auto t = static_cast<std::size_t>(std::clamp<std::int64_t>(
                    (period.from - opened).n / plan.pricing.cadence.n, 0, static_cast<std::int64_t>(grid) - 1));
                auto& at = seen[t * bands.size() + *band];
                at = std::max(at, chance);
            }
    if (own) {  // whatever it asks, it is the log's
        const auto asked = bands_of_log(looks, grid);
        for (std::size_t t = 0; t < grid; ++t) seen[t * bands.size() + asked[t]] = 1;
    }
    double covered = 0, stood = 0;
    for (std::size_t i = 0; i < seen.size(); ++i)
        stood += traced.stood[i], covered += seen[i] >= thin_chance ? traced.stood[i] : 0;
    out.overlap = stood > 0 ? covered / stood : 0;
    out.margin.value = out.model.value + out.overlap * correction;
    const double thin = 1 - out.overlap;
    out.margin.sd = std::sqrt(out.overlap * out.overlap * variance + out.model.sd * out.model.sd * (.25 + .75 * thin));
    out.tells = out.overlap >= .5 && out.effective >= 5;
    if (!out.tells)
        out.why = out.overlap < .5
                      ? "the log showed the policy's prices in only " +
                            format_decimal(std::llround(100 * out.overlap), 0) + " % of its periods"
                      : "only " + format_decimal(std::llround(out.effective), 0) + " logged units speak for its prices";
    return out;
}

}  // namespace dropsmith::sim
