// Covered by flow/decide/governors_test.cpp.
#include "flow/decide/cascade.h"

#include <algorithm>
#include <compare>
#include <optional>
#include <set>

namespace dropsmith::decide {
namespace {

// a / b against c / d, for prices.
bool less(Money a, Money b, Money c, Money d) {
    return static_cast<__int128>(a.n) * d.n < static_cast<__int128>(c.n) * b.n;
}

// Whether a line at `price` has gone further from where it opened than another.
bool outdoes(const LinePrice& line, Money price, const LinePrice& other, std::int64_t direction) {
    return direction < 0 ? less(price, line.opened_at, other.price, other.opened_at)
                         : less(other.price, other.opened_at, price, line.opened_at);
}

struct InDrop {
    bool others = false, outdone = true;  // there are other lines; the move outdoes all of them
};

InDrop in_drop(const Prices& prices, const LineKey& key, const LinePrice& line, Money price, std::int64_t direction) {
    InDrop out;
    for (auto it = prices.lines.lower_bound({key.drop, 0, ChannelId{}});
         it != prices.lines.end() && it->first.drop == key.drop; ++it) {
        if (it->first == key || it->second.opened_at <= Money{}) continue;
        out.others = true;
        if (!outdoes(line, price, it->second, direction)) return out.outdone = false, out;
    }
    return out;
}

bool goes_past_a_band(const LinePrice& line, Money from, Money to) {
    const auto low = std::min(from, to), high = std::max(from, to);
    return std::any_of(line.arms.begin(), line.arms.end(),
                       [&](const ArmStats& arm) { return low < arm.price && arm.price < high; });
}

// How many moves of the run went past a band: the one that is asked now, and those that the memory of prices tells of
// each line, the newest first.
std::size_t leaps(const Prices& prices, const CascadeRun& run, const LineKey& key, Money price) {
    std::size_t out = 0;
    const std::set<LineKey> lines(run.moved.begin(), run.moved.end());
    for (const auto& one : lines) {
        const auto* line = prices.find(one);
        const auto past = line ? prices.history.find({line->sku, one.channel}) : prices.history.end();
        auto moves = std::count(run.moved.begin(), run.moved.end(), one);
        if (line && one == key) --moves, out += goes_past_a_band(*line, line->price, price);
        if (past == prices.history.end()) continue;
        std::optional<Money> after;
        for (auto period = past->second.rbegin(); period != past->second.rend() && moves > 0; ++period) {
            if (period->key != one) continue;
            if (after) --moves, out += goes_past_a_band(*line, period->price, *after);
            after = period->price;
        }
    }
    return out;
}

CascadeRun longer(const CascadeRun& before, std::int64_t direction, const LineKey& key) {
    CascadeRun run = before.direction == direction ? before : CascadeRun{direction, {}};
    run.moved.push_back(key);
    if (run.moved.size() > shop_cascade_anyway) run.moved.erase(run.moved.begin());
    return run;
}

}  // namespace

CascadeRun run_after(const Prices& prices, const LineKey& key, Money price) {
    const auto* line = prices.find(key);
    if (!line || line->opened_at <= Money{} || price == line->price) return {};
    const std::int64_t direction = price < line->price ? -1 : 1;
    const auto found = in_drop(prices, key, *line, price, direction);
    if (!found.others || !found.outdone) return {};
    const auto known = prices.runs.find(key.drop);
    return longer(known == prices.runs.end() ? CascadeRun{} : known->second, direction, key);
}

CascadeRun shop_run_after(const Prices& prices, const LineKey& key, Money price, Instant now,
                          std::int64_t direction) {
    const auto* line = prices.find(key);
    auto run = direction < 0 ? prices.falls : prices.rises;
    const auto* last = run.moved.empty() ? nullptr : prices.find(run.moved.back());
    if (last && now - last->changed_at > cascade_rest) run = {};
    if (!line || line->opened_at <= Money{}) return run;
    const bool member = std::find(run.moved.begin(), run.moved.end(), key) != run.moved.end();
    bool outdone = (price <=> line->price) == (direction < 0 ? std::strong_ordering::less
                                                             : std::strong_ordering::greater);
    for (const auto& moved : run.moved) {
        const auto* other = moved == key ? nullptr : prices.find(moved);
        outdone = outdone && (!other || outdoes(*line, price, *other, direction));
    }
    if (outdone && in_drop(prices, key, *line, price, direction).outdone) return longer(run, direction, key);
    return member ? CascadeRun{} : run;
}

bool trips(const CascadeRun& run, std::size_t moves) {
    const std::set<LineKey> lines(run.moved.begin(), run.moved.end());
    return run.moved.size() >= moves && lines.size() >= 2 && lines.size() < run.moved.size();
}

std::vector<DropId> drops_of(const CascadeRun& run) {
    std::set<DropId> drops;
    for (const auto& key : run.moved) drops.insert(key.drop);
    return {drops.begin(), drops.end()};
}

bool trips_over_drops(const Prices& prices, const CascadeRun& run, const LineKey& key, Money price) {
    if (!trips(run, shop_cascade_moves) || drops_of(run).size() < 2) return false;
    return run.moved.size() >= shop_cascade_anyway || leaps(prices, run, key, price) >= shop_cascade_leaps;
}

}  // namespace dropsmith::decide
