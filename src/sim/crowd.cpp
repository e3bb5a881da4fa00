// Draws of a market and its shoppers. Covered by sim/rehearse_test.cpp.
#include "sim/crowd.h"

#include <algorithm>
#include <cmath>

#include "flow/decide/guardrail.h"
#include "flow/decide/sample.h"

namespace dropsmith::sim {

std::vector<double> arrival_shares(const Rehearsal& plan) {
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

Crowd::Crowd(const Rehearsal& plan, std::vector<double> shares) : shares_(std::move(shares)) {
    for (const auto& line : plan.lines) {
        Line out;
        const auto bands = decide::bands_of(line.terms);
        out.bands = bands.size(), out.expected = line.expected_units;
        for (const auto band : bands)
            out.ratio.push_back(static_cast<double>(band.n) / static_cast<double>(line.terms.list_price.n));
        out.taking.resize(out.bands);
        out.willing.resize(out.bands * shares_.size());
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
    truth_ = truth;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        auto& line = lines_[i];
        line.size = line.expected * truth.scale;
        for (std::size_t k = 0; k < line.bands; ++k)
            line.taking[k] =
                std::pow(line.ratio[k], -truth.elasticity) * (k < truth.by_band.size() ? truth.by_band[k] : 1);
        Random random(seed + i * 0x9E3779B97F4A7C15u, run * 2);
        for (std::size_t t = 0; t < shares_.size(); ++t) {
            std::int64_t above = 0;
            for (std::size_t k = line.bands; k-- > 0;) {
                const double next = k + 1 < line.bands ? line.taking[k + 1] : 0;
                above += decide::draw_poisson(random, line.size * shares_[t] * std::max(0.0, line.taking[k] - next));
                line.willing[t * line.bands + k] = above;
            }
        }
    }
}

}  // namespace dropsmith::sim
