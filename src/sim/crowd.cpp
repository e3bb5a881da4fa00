// Draws of a market and its shoppers. Covered by sim/rehearse_test.cpp.
#include "sim/crowd.h"

#include <algorithm>
#include <cmath>

#include "flow/decide/sample.h"

namespace dropsmith::sim {

std::vector<double> arrival_shares(const Rehearsal& plan) {
    if (!plan.shares.empty()) return plan.shares;
    const auto cadence_h = static_cast<double>(plan.pricing.cadence.n) / 3'600'000,
               window_h = static_cast<double>(plan.window.n) / 3'600'000;
    const auto bass = [](double t) { return (1 - std::exp(-.8 * t)) / (1 + (.2 / .6) * std::exp(-.8 * t)); };
    std::vector<double> shares;
    for (double t = 0; t < window_h - 1e-9; t += cadence_h) {
        const double end = std::min(window_h, t + cadence_h);
        shares.push_back(.5 * (bass(end) - bass(t)) / bass(window_h) + .5 * (end - t) / window_h);
    }
    return shares;
}

Crowd::Crowd(const Rehearsal& plan, std::vector<double> shares)
    : cadence_(plan.pricing.cadence), window_(plan.window), shares_(std::move(shares)) {
    for (const auto& line : plan.lines) {
        Line out;
        const auto prices = prices_of(plan.pricing, line.terms);
        out.prices = prices, out.expected = line.expected_units;
        std::sort(out.prices.begin(), out.prices.end());
        for (const auto price : prices)
            out.rank.push_back(static_cast<std::size_t>(
                std::lower_bound(out.prices.begin(), out.prices.end(), price) - out.prices.begin()));
        for (const auto price : out.prices)
            out.ratio.push_back(static_cast<double>(price.n) / static_cast<double>(line.terms.list_price.n));
        out.taking.resize(out.prices.size());
        out.willing.resize(out.prices.size() * shares_.size());
        lines_.push_back(std::move(out));
    }
}

void Crowd::draw(std::uint64_t seed, std::uint64_t run) {
    Random random(seed, run * 2 + 1);
    MarketTruth truth;
    truth.scale = std::exp(.4 * decide::draw_normal(random) - .08);
    truth.elasticity = std::clamp(2.62 + .6 * decide::draw_normal(random), 1.2, 4.5);
    draw(seed, run, truth);
}

void Crowd::draw(std::uint64_t seed, std::uint64_t run, const MarketTruth& truth) {
    truth_ = truth, seed_ = seed, run_ = run;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        auto& line = lines_[i];
        const auto n = line.prices.size();
        line.size = line.expected * truth.scale;
        for (std::size_t k = 0; k < n; ++k) line.taking[k] = std::pow(line.ratio[k], -truth.elasticity);
        for (std::size_t k = 0; k < n && k < truth.by_band.size(); ++k) line.taking[line.rank[k]] *= truth.by_band[k];
        Random random(seed + i * 0x9E3779B97F4A7C15u, run * 2);
        for (std::size_t t = 0; t < shares_.size(); ++t) {
            std::int64_t above = 0;
            for (std::size_t k = n; k-- > 0;) {
                const double next = k + 1 < n ? line.taking[k + 1] : 0;
                above += decide::draw_poisson(random, line.size * shares_[t] * std::max(0.0, line.taking[k] - next));
                line.willing[t * n + k] = above;
            }
        }
    }
}

void Crowd::shoppers_of(std::size_t period, std::vector<Arriving>& out) const {
    out.clear();
    const auto from = cadence_.n * static_cast<std::int64_t>(period), until = std::min(from + cadence_.n, window_.n);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        const auto& line = lines_[i];
        const auto* willing = &line.willing[period * line.prices.size()];
        const auto first = out.size();
        for (std::size_t k = 0; k < line.prices.size(); ++k) {
            const auto exactly = willing[k] - (k + 1 < line.prices.size() ? willing[k + 1] : 0);
            out.insert(out.end(), static_cast<std::size_t>(exactly), Arriving{{}, i, line.prices[k], 0});
        }
        Random random(seed_ ^ (i * 0xD1B54A32D192ED03u), (run_ << 20) + period);
        const auto all = out.size() - first;
        for (std::size_t n = all; n > 1; --n) std::swap(out[first + n - 1], out[first + random.below(n)]);
        for (std::size_t n = 0; n < all; ++n) {
            auto& shopper = out[first + n];
            shopper.at = Duration{from + 1 + checked(try_mul_div_floor(until - from - 2, static_cast<std::int64_t>(n),
                                                                       static_cast<std::int64_t>(all)))};
            shopper.session = random.next() | 1;
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const Arriving& a, const Arriving& b) { return a.at < b.at; });
}

}  // namespace dropsmith::sim
