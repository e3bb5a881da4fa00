// Covered by flow/decide/override_test.cpp.
#include "flow/decide/override_cost.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "flow/decide/channel_share.h"
#include "flow/decide/opening.h"

namespace dropsmith::decide {
namespace {

struct Known {
    double price, rate;  // units a period
};

std::vector<Known> demand_of(const Line& at, double share) {
    const double periods_all = std::max(1u, periods_left(at.drop.terms, at.drop.terms.opens_at));
    const double prior = std::max(0.01, static_cast<double>(at.terms.cap.n) * share / periods_all);
    std::vector<Known> out;
    for (const auto band : bands_of(at.terms)) {
        double sales = 0, seen = 0;
        for (const auto& arm : at.price.arms)
            if (arm.price == band)
                sales = static_cast<double>(arm.sales), seen = static_cast<double>(arm.exposure) / 1e6;
        out.push_back({static_cast<double>(band.n), (1 + sales) / (1 / prior + seen)});
    }
    for (std::size_t k = out.size() - 1; k > 0; --k) out[k - 1].rate = std::max(out[k - 1].rate, out[k].rate);
    return out;  // a lower price sells no slower
}

double rate_at(const std::vector<Known>& demand, double price) {
    if (demand.size() == 1) return demand[0].rate;
    std::size_t k = 1;
    while (k + 1 < demand.size() && demand[k].price < price) ++k;
    const auto &low = demand[k - 1], &high = demand[k];
    const double share = std::clamp((price - low.price) / (high.price - low.price), -1.0, 2.0);
    return low.rate * std::pow(high.rate / low.rate, share);
}

double expected_sold(double mean, double stock) {  // E min(Poisson(mean), stock)
    if (mean <= 0 || stock <= 0) return 0;
    if (mean > 500 || stock > 5'000) return std::min(mean, stock);
    double below = 0, chance = std::exp(-mean), sold = 0;
    for (int j = 0; j < static_cast<int>(std::ceil(stock)); ++j) {
        below += chance;
        sold += std::min(1.0, stock - j) * std::max(0.0, 1 - below);
        chance *= mean / (j + 1);
    }
    return sold;
}

struct Outcome {
    double margin = 0, units = 0;
};

void sell_for(Outcome& out, double periods, const std::vector<Known>& demand, const Line& at, double stock,
              Money price) {
    const double left = std::max(0.0, stock - out.units);
    const double sold = expected_sold(periods * rate_at(demand, static_cast<double>(price.n)), left);
    out.units += sold;
    out.margin += sold * static_cast<double>(gain_of_a_sale(at.unit, at.terms, PriceObjective::margin, price).n);
}

}  // namespace

OverrideCost override_cost(const Line& at, const std::optional<ChannelsInput>& channels, Money price, Instant until,
                           Instant now) {
    const auto& terms = at.drop.terms;
    const Instant from = std::max(now, terms.opens_at);
    const Instant turn = std::clamp(until, from, std::max(from, terms.closes_at));
    const double cadence = static_cast<double>(std::max<std::int64_t>(1, terms.pricing.cadence.n));
    const double first = static_cast<double>((turn - from).n) / cadence;
    const double rest = static_cast<double>((std::max(turn, terms.closes_at) - turn).n) / cadence;
    const auto demand = demand_of(at, share_before(channels));
    const double stock = static_cast<double>(at.line.free().n) * own_share(channels);
    const Money standing = at.price.override_until ? at.price.before_override : at.price.price;
    Outcome as_it_is, overridden;
    sell_for(as_it_is, first, demand, at, stock, standing), sell_for(as_it_is, rest, demand, at, stock, standing);
    sell_for(overridden, first, demand, at, stock, price), sell_for(overridden, rest, demand, at, stock, standing);
    const auto whole_number = [](double value) { return static_cast<std::int64_t>(std::llround(value)); };
    return {Money{whole_number(as_it_is.margin - overridden.margin)}, Quantity{whole_number(as_it_is.units)},
            Quantity{whole_number(overridden.units)}};
}

}  // namespace dropsmith::decide
