// Covered by flow/decide/governors_test.cpp.
#include "flow/decide/cascade.h"

#include <algorithm>
#include <set>

namespace dropsmith::decide {
namespace {

// a / b against c / d, for prices.
bool less(Money a, Money b, Money c, Money d) {
    return static_cast<__int128>(a.n) * d.n < static_cast<__int128>(c.n) * b.n;
}

}  // namespace

CascadeRun run_after(const Prices& prices, const LineKey& key, Money price) {
    const auto* line = prices.find(key);
    if (!line || line->opened_at <= Money{} || price == line->price) return {};
    const std::int64_t direction = price < line->price ? -1 : 1;
    bool others = false;
    for (auto it = prices.lines.lower_bound({key.drop, 0, ChannelId{}});
         it != prices.lines.end() && it->first.drop == key.drop; ++it) {
        if (it->first == key || it->second.opened_at <= Money{}) continue;
        others = true;
        const auto& [other, opened] = std::pair{it->second.price, it->second.opened_at};
        const bool outdone = direction < 0 ? less(price, line->opened_at, other, opened)
                                           : less(other, opened, price, line->opened_at);
        if (!outdone) return {};
    }
    if (!others) return {};
    const auto known = prices.runs.find(key.drop);
    CascadeRun run = known != prices.runs.end() && known->second.direction == direction ? known->second
                                                                                        : CascadeRun{direction, {}};
    run.moved.push_back(key);
    if (run.moved.size() > 2 * cascade_moves) run.moved.erase(run.moved.begin());
    return run;
}

bool trips(const CascadeRun& run) {
    const std::set<LineKey> lines(run.moved.begin(), run.moved.end());
    return run.moved.size() >= cascade_moves && lines.size() >= 2 && lines.size() < run.moved.size();
}

}  // namespace dropsmith::decide
