// From the periods of a closed drop to its curve: what a price sells and when visitors come are told apart by scaling
// each in turn until both add up (iterative proportional fitting), line by line. Covered by
// flow/decide/arrivals_test.cpp.
#include <algorithm>

#include "flow/decide/arrivals.h"

namespace dropsmith::decide {
namespace {

constexpr std::size_t drops_kept = 12, cells_most = 96;
constexpr std::int64_t one = 1'000'000;
constexpr std::uint64_t smooth = 2;  // units of an even arrival in each cell
constexpr int rounds = 4;

using Wide = unsigned __int128;
std::uint64_t part(std::uint64_t a, std::uint64_t b, std::uint64_t c) {  // a * b / c, bounded
    const Wide out = c == 0 ? Wide{0} : static_cast<Wide>(a) * b / c;
    return out > Wide{1'000'000'000'000'000} ? 1'000'000'000'000'000 : static_cast<std::uint64_t>(out);
}

struct Row {
    std::size_t cell = 0, arm = 0;
    std::uint64_t exposure = 0, units = 0;
};

void fit(LinePrice& line, const std::vector<Row>& rows, std::size_t cells, std::vector<CurveCell>& out) {
    std::vector<std::uint64_t> rate(line.arms.size()), factor(cells, one), exposed(line.arms.size());
    for (int round = 0; round < rounds; ++round) {
        std::vector<std::uint64_t> sold(line.arms.size());
        std::fill(exposed.begin(), exposed.end(), 0);
        for (const auto& row : rows) {
            exposed[row.arm] += part(row.exposure, factor[row.cell], one);
            sold[row.arm] += row.units;
        }
        for (std::size_t k = 0; k < rate.size(); ++k)  // millionths of a unit a period
            rate[k] = part(sold[k] * one, one,
                           std::max<std::uint64_t>(1, exposed[k]));
        std::vector<std::uint64_t> even(cells), units(cells);
        std::uint64_t all = 0, all_even = 0;
        for (const auto& row : rows) {
            even[row.cell] += part(row.exposure, rate[row.arm], one);  // millionths of a unit
            units[row.cell] += row.units, all += row.units;
        }
        for (const auto e : even) all_even += e;
        if (all == 0 || all_even == 0) break;
        for (std::size_t c = 0; c < cells; ++c)
            factor[c] = std::clamp<std::uint64_t>(
                part((units[c] + smooth) * one, one, even[c] + smooth * one), one / 50, 50 * one);
        // the factors have a mean of one over what was on offer
        std::uint64_t weighted = 0, exposure = 0;
        for (const auto& row : rows)
            weighted += part(row.exposure, factor[row.cell], one), exposure += row.exposure;
        for (auto& f : factor) f = std::max<std::uint64_t>(1, part(f, exposure, std::max<std::uint64_t>(1, weighted)));
    }
    std::fill(exposed.begin(), exposed.end(), 0);
    std::vector<std::uint64_t> listed(line.arms.size());
    for (const auto& row : rows) {
        exposed[row.arm] += part(row.exposure, factor[row.cell], one), listed[row.arm] += row.exposure;
        out[row.cell].units += row.units;
        out[row.cell].expected += part(row.exposure, rate[row.arm], one) / 1'000;
    }
    for (std::size_t k = 0; k < line.arms.size(); ++k)  // what is older than the list counts as average
        line.arms[k].weighted =
            exposed[k] + line.arms[k].exposure - std::min(line.arms[k].exposure, listed[k]);
}

}  // namespace

void learn_arrivals(Prices& slice, DropId drop, Instant now) {
    for (auto it = slice.lines.lower_bound({drop, 0, ChannelId{}}); it != slice.lines.end() && it->first.drop == drop;
         ++it) {
        auto& line = it->second;
        const auto seen = std::move(line.seen);
        line.seen.clear(), line.fresh.clear(), line.fresh_looks = line.fresh_footfall = 0;
        if (seen.empty()) continue;
        auto& curves = slice.curves[it->first.channel];
        if (curves.empty() || curves.back().drop != drop) {
            DropCurve curve;
            curve.drop = drop, curve.opens = seen.front().from;
            curve.closes = std::max({now, line.closes_at, seen.back().to});
            const auto window = std::max<std::int64_t>(1, (curve.closes - curve.opens).n);
            const auto most = static_cast<std::int64_t>(cells_most);
            curve.cell = Duration{std::max<std::int64_t>(hours(1).n, window / most + 1)};
            curve.cells.resize(static_cast<std::size_t>((window - 1) / curve.cell.n + 1));
            curves.push_back(std::move(curve));
            if (curves.size() > drops_kept) curves.erase(curves.begin());
        }
        auto& curve = curves.back();
        std::vector<Row> rows;
        for (const auto& period : seen) {
            const auto arm = std::find_if(line.arms.begin(), line.arms.end(),
                                          [&](const ArmStats& at) { return at.price == period.price; });
            const auto middle = (period.from - curve.opens).n + (period.to - period.from).n / 2;
            if (arm == line.arms.end() || middle < 0 || period.exposure == 0) continue;
            const auto cell = std::min(static_cast<std::size_t>(middle / curve.cell.n), curve.cells.size() - 1);
            rows.push_back({cell, static_cast<std::size_t>(arm - line.arms.begin()), period.exposure, period.units});
        }
        fit(line, rows, curve.cells.size(), curve.cells);
    }
}

}  // namespace dropsmith::decide
