// Covered by flow/measure/sides_test.cpp.
#include "flow/measure/sides.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace dropsmith::measure {
namespace {

constexpr double normal_95 = 1.959963984540054;

struct Bought {
    double revenue_net = 0, margin = 0;
};
using Sessions = std::map<std::uint64_t, Bought>;

// P(X >= k), X binomial(n, p).
double at_least(std::uint64_t k, std::uint64_t n, double p) {
    if (k == 0) return 1;
    if (p <= 0) return 0;
    if (p >= 1) return 1;
    double sum = 0;
    const auto dn = static_cast<double>(n);
    for (auto i = k; i <= n; ++i) {
        const auto di = static_cast<double>(i);
        sum += std::exp(std::lgamma(dn + 1) - std::lgamma(di + 1) - std::lgamma(dn - di + 1) + di * std::log(p) +
                        (dn - di) * std::log1p(-p));
    }
    return std::min(1.0, sum);
}

Interval difference(double cohort, double cohort_squares, double rest, double rest_squares, double share) {
    Interval out;
    out.value = cohort / share - rest / (1 - share);
    const double sd = std::sqrt(cohort_squares / (share * share) + rest_squares / ((1 - share) * (1 - share)));
    out.low = out.value - normal_95 * sd, out.high = out.value + normal_95 * sd;
    return out;
}

class Test {
  public:
    Test(CohortResult& out, const State& state, const CohortOf& cohort_of)
        : out_(out), state_(state), cohort_of_(cohort_of) {}

    void add(const Order& order) {
        const bool apart = order.session != 0 && cohort_of_(order.drop, order.session, out_.share);
        auto& side = order.session == 0 ? out_.none : apart ? out_.cohort : out_.rest;
        ++side.orders;
        Money revenue, net, cost;
        for (const auto& line : order.lines) {
            const auto kept = line.terms.units - line.refunded_units;
            const auto paid = line.terms.gross - line.refunded;
            side.units += kept.n, revenue += paid, net += paid - (line.terms.tax - line.refunded_tax);
            if (line.terms.unit_cost)
                cost += *line.terms.unit_cost * kept;
            else if (kept > Quantity{})
                out_.cost_known = false;
            auto& units = units_[line.terms.sku];
            if (order.session != 0) (apart ? units.first : units.second) += kept.n;
        }
        const auto margin = net - order.payment_fee - subsidy_of(state_.shop, order.delivery_code) - cost;
        side.revenue += revenue, side.revenue_net += net, side.margin += margin;
        if (order.session == 0) return;
        auto& bought = (apart ? cohort_ : rest_)[order.session];
        bought.revenue_net += static_cast<double>(net.n), bought.margin += static_cast<double>(margin.n);
    }

    void finish() {
        for (auto* side : {&cohort_, &rest_}) {
            auto& figures = side == &cohort_ ? out_.cohort : out_.rest;
            figures.buyers = side->size();
            for (const auto& [session, bought] : *side) {
                figures.revenue_squares += bought.revenue_net * bought.revenue_net;
                figures.margin_squares += bought.margin * bought.margin;
            }
        }
        out_.units.assign(units_.begin(), units_.end());
        const double share = static_cast<double>(out_.share.n) / 1e6;
        const auto &c = out_.cohort, &r = out_.rest;
        out_.revenue_net = difference(static_cast<double>(c.revenue_net.n), c.revenue_squares,
                                      static_cast<double>(r.revenue_net.n), r.revenue_squares, share);
        out_.margin = difference(static_cast<double>(c.margin.n), c.margin_squares, static_cast<double>(r.margin.n),
                                 r.margin_squares, share);
        if (c.buyers + r.buyers == 0) return;
        const auto split = share_between(c.buyers, c.buyers + r.buyers);
        const auto ratio = [&](double p) { return p >= 1 ? 1e9 : p / (1 - p) * (1 - share) / share; };
        out_.buyers = Interval{ratio(split.value), ratio(split.low), ratio(split.high)};
    }

  private:
    CohortResult& out_;
    const State& state_;
    const CohortOf& cohort_of_;
    Sessions cohort_, rest_;
    std::map<SkuId, std::pair<std::int64_t, std::int64_t>> units_;
};

}  // namespace

Interval share_between(std::uint64_t successes, std::uint64_t trials) {
    Interval out{0, 0, 1};
    if (trials == 0) return out;
    out.value = static_cast<double>(successes) / static_cast<double>(trials);
    const auto turning = [](auto below) {
        double low = 0, high = 1;
        for (int i = 0; i < 50; ++i) {
            const double middle = (low + high) / 2;
            (below(middle) ? low : high) = middle;
        }
        return (low + high) / 2;
    };
    if (successes > 0) out.low = turning([&](double p) { return at_least(successes, trials, p) < .025; });
    if (successes < trials) out.high = turning([&](double p) { return at_least(successes + 1, trials, p) < .975; });
    return out;
}

std::vector<CohortResult> cohort_results(const State& state, const Drop& drop, const std::vector<Decision>& decisions,
                                         const std::vector<Order>& archived, const CohortOf& cohort_of) {
    std::vector<CohortResult> out;
    for (const auto& decision : decisions) {
        const auto& cohort = decision.set.cohort;
        if (!cohort || cohort->share <= Rate{} || cohort->share >= whole) continue;
        const auto same = [&](const CohortResult& at) {
            return at.channel == decision.set.key.channel && at.share == cohort->share;
        };
        if (std::any_of(out.begin(), out.end(), same)) continue;
        auto& result = out.emplace_back();
        result.channel = decision.set.key.channel, result.share = cohort->share, result.since = decision.at;
    }
    for (auto& result : out) {
        Instant until{std::numeric_limits<std::int64_t>::max()};  // another share: sessions change sides
        for (const auto& other : out)
            if (other.channel == result.channel && other.since > result.since) until = std::min(until, other.since);
        Test test(result, state, cohort_of);
        const auto add = [&](const Order& order) {
            if (order.drop != drop.id || order.channel != result.channel || order.status == OrderStatus::cancelled ||
                order.preorder || order.placed_at < result.since || order.placed_at >= until)
                return;
            test.add(order);
        };
        for (const auto& order : archived)
            if (!state.orders.table.find(order.id)) add(order);
        state.orders.table.each(add);
        test.finish();
    }
    return out;
}

}  // namespace dropsmith::measure
