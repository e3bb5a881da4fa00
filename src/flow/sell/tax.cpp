// See the header: 128-bit products, no division before the last step. Covered by flow/sell/tax_test.cpp.
#include "flow/sell/tax.h"

#include <algorithm>
#include <map>

namespace dropsmith::sell {
namespace {

using Wide = __int128;
using Pools = std::map<std::pair<Rate, bool>, std::vector<std::size_t>>;  // items by rate and habit, in order

void share_out(const std::vector<Taxable>& items, const std::vector<std::size_t>& pool, std::vector<Taxed>& out) {
    const auto& first = items[pool.front()];
    const Wide rate = first.rate.n;
    const Wide divisor = first.includes_tax ? whole.n + rate : Wide{whole.n};
    Wide exact = 0;  // of the pool, times the divisor
    Wide given = 0;
    std::vector<Wide> remainder(items.size());
    for (auto i : pool) {
        const Wide part = Wide{items[i].amount.n} * rate;
        exact += part;
        remainder[i] = part % divisor;
        out[i].tax = Money{static_cast<std::int64_t>(part / divisor)};
        given += part / divisor;
    }
    auto missing = static_cast<std::size_t>((2 * exact + divisor) / (2 * divisor) - given);
    auto order = pool;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return remainder[a] > remainder[b]; });
    CHECK_BECAUSE(missing <= order.size(), "a pool misses at most one minor unit per item");
    for (std::size_t k = 0; k < missing; ++k) out[order[k]].tax += Money{1};
}

}  // namespace

std::vector<Taxed> tax_of(const std::vector<Taxable>& items) {
    std::vector<Taxed> out(items.size());
    Pools pools;
    for (std::size_t i = 0; i < items.size(); ++i) {
        CHECK_BECAUSE(items[i].amount >= Money{0} && items[i].rate >= Rate{0}, "tax is taken on amounts of 0 or more");
        pools[{items[i].rate, items[i].includes_tax}].push_back(i);
    }
    for (const auto& [key, pool] : pools) share_out(items, pool, out);
    for (std::size_t i = 0; i < items.size(); ++i)
        out[i].gross = items[i].includes_tax ? items[i].amount : items[i].amount + out[i].tax;
    return out;
}

std::vector<TaxRow> tax_rows(const std::vector<Taxable>& items, const std::vector<Taxed>& taxed) {
    std::map<Rate, TaxRow> rows;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].amount == Money{0}) continue;
        auto& row = rows[items[i].rate];
        row.rate = items[i].rate;
        row.base += taxed[i].gross - taxed[i].tax;
        row.amount += taxed[i].tax;
    }
    std::vector<TaxRow> out;
    for (const auto& [rate, row] : rows) out.push_back(row);
    return out;
}

}  // namespace dropsmith::sell
