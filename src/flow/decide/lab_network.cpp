// A small simplex (Bland's rule), FSW-2, and its policies. Covered by flow/decide/lab_network_test.cpp.
#include "flow/decide/lab_network.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "flow/decide/sample.h"

namespace dropsmith::decide {
namespace {

// What selling at each vector would earn and use in a period, when demand is `demand`.
LinearPlan plan_of(const Network& network, const std::vector<std::vector<double>>& demand,
                   const std::vector<double>& capacity) {
    const auto vectors = network.prices.size(), products = network.uses.size(), resources = capacity.size();
    std::vector<double> worth(vectors, 0.0);
    std::vector<std::vector<double>> rows(resources + 1, std::vector<double>(vectors, 0.0));
    for (std::size_t v = 0; v < vectors; ++v) {
        rows[resources][v] = 1;
        for (std::size_t i = 0; i < products; ++i) {
            worth[v] += network.prices[v][i] * demand[v][i];
            for (std::size_t l = 0; l < resources; ++l) rows[l][v] += network.uses[i][l] * demand[v][i];
        }
    }
    auto bounds = capacity;
    bounds.push_back(1);
    return solve_plan(worth, rows, bounds);
}

constexpr std::size_t last_draws = 4;

class NetworkRun {
  public:
    // fixed: the vector that NetworkPolicy::fixed asks
    NetworkRun(const Network& network, NetworkPolicy policy, std::size_t fixed, std::size_t periods, Random& random)
        : network_(network), policy_(policy), fixed_(fixed), periods_(periods), random_(random),
          left_(network.capacity), looks_(network.prices.size(), 0), sales_(network.demand.size(),
                                                   std::vector<double>(network.uses.size(), 0.0)) {
        for (auto& units : left_) units *= static_cast<double>(periods);
    }

    double play() {
        double earned = 0;
        for (std::size_t t = 0; t < periods_; ++t) {
            const auto vector = choose(t);
            if (vector >= network_.prices.size()) continue;
            looks_[vector] += 1;
            for (std::size_t i = 0; i < network_.uses.size(); ++i) {
                const auto asked = draw_poisson(random_, network_.demand[vector][i]);
                sales_[vector][i] += static_cast<double>(asked);
                for (std::int64_t unit = 0; unit < asked && take(i); ++unit) earned += network_.prices[vector][i];
            }
        }
        return earned;
    }

  private:
    bool take(std::size_t product) {
        const auto& uses = network_.uses[product];
        for (std::size_t l = 0; l < uses.size(); ++l)
            if (left_[l] + 1e-9 < uses[l]) return false;
        for (std::size_t l = 0; l < uses.size(); ++l) left_[l] -= uses[l];
        return true;
    }

    std::vector<std::vector<double>> drawn() {
        auto demand = sales_;
        for (std::size_t v = 0; v < demand.size(); ++v)
            for (auto& rate : demand[v]) rate = draw_gamma(random_, 1 + rate) / (1 + looks_[v]);
        return demand;
    }

    std::size_t by_shares(const LinearPlan& plan) {
        double ticket = draw_uniform(random_);
        for (std::size_t v = 0; v < plan.x.size(); ++v)
            if ((ticket -= plan.x[v]) < 0) return v;
        return plan.x.size();
    }

    // Draws that do not fall with the product's own price are drawn together (pool adjacent violators, by looks).
    void make_fall(std::vector<std::vector<double>>& demand) const {
        const auto vectors = network_.prices.size();
        std::vector<std::size_t> order(vectors);
        for (std::size_t i = 0; i < network_.uses.size(); ++i) {
            std::iota(order.begin(), order.end(), std::size_t{0});
            std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
                return network_.prices[a][i] != network_.prices[b][i] ? network_.prices[a][i] < network_.prices[b][i]
                                                                      : demand[a][i] > demand[b][i];
            });
            struct Pool {
                double sum, weight;
                std::size_t count;
            };
            std::vector<Pool> pools;
            for (const auto v : order) {
                pools.push_back({demand[v][i] * (looks_[v] + 1), looks_[v] + 1, 1});
                while (pools.size() > 1) {
                    auto& last = pools.back();
                    auto& before = pools[pools.size() - 2];
                    if (before.sum / before.weight >= last.sum / last.weight) break;
                    before.sum += last.sum, before.weight += last.weight, before.count += last.count;
                    pools.pop_back();
                }
            }
            std::size_t at = 0;
            for (const auto& pool : pools)
                for (std::size_t k = 0; k < pool.count; ++k) demand[order[at++]][i] = pool.sum / pool.weight;
        }
    }

    // The mean of more and more draws: one explores, many exploit.
    std::vector<std::vector<double>> believed(std::size_t period) {
        const std::size_t draws = 1 + last_draws * period / periods_;
        auto mean = network_.demand;
        for (auto& row : mean) std::fill(row.begin(), row.end(), 0.0);
        for (std::size_t k = 0; k < draws; ++k) {
            auto demand = drawn();
            make_fall(demand);
            for (std::size_t v = 0; v < mean.size(); ++v)
                for (std::size_t i = 0; i < mean[v].size(); ++i)
                    mean[v][i] += demand[v][i] / static_cast<double>(draws);
        }
        return mean;
    }

    std::size_t choose(std::size_t period) {
        if (policy_ == NetworkPolicy::fixed) return fixed_;
        auto capacity = policy_ == NetworkPolicy::ts_fixed ? network_.capacity : left_;
        if (policy_ != NetworkPolicy::ts_fixed)
            for (auto& units : capacity) units /= static_cast<double>(periods_ - period);
        if (policy_ == NetworkPolicy::lp_known) return by_shares(plan_of(network_, network_.demand, capacity));
        if (policy_ == NetworkPolicy::engine) return by_shares(plan_of(network_, believed(period), capacity));
        return by_shares(plan_of(network_, drawn(), capacity));
    }

    const Network& network_;
    NetworkPolicy policy_;
    std::size_t fixed_, periods_;
    Random& random_;
    std::vector<double> left_, looks_;
    std::vector<std::vector<double>> sales_;
};

}  // namespace

LinearPlan solve_plan(const std::vector<double>& worth, const std::vector<std::vector<double>>& rows,
                      const std::vector<double>& bounds) {
    const std::size_t n = worth.size(), m = bounds.size(), width = n + m + 1;
    std::vector<std::vector<double>> table(m + 1, std::vector<double>(width, 0.0));
    std::vector<std::size_t> basis(m);
    for (std::size_t r = 0; r < m; ++r) {
        std::copy(rows[r].begin(), rows[r].end(), table[r].begin());
        table[r][n + r] = 1, table[r][width - 1] = std::max(0.0, bounds[r]), basis[r] = n + r;
    }
    for (std::size_t v = 0; v < n; ++v) table[m][v] = -worth[v];
    for (int pivots = 0; pivots < 1000; ++pivots) {
        std::size_t in = 0;
        while (in + 1 < width && table[m][in] >= -1e-11) ++in;
        if (in + 1 == width) break;
        std::size_t out = m;
        double least = 0;
        for (std::size_t r = 0; r < m; ++r) {
            if (table[r][in] <= 1e-11) continue;
            const double ratio = table[r][width - 1] / table[r][in];
            if (out == m || ratio < least - 1e-12 || (ratio < least + 1e-12 && basis[r] < basis[out]))
                out = r, least = ratio;
        }
        if (out == m) break;  // not bounded: cannot be, one row bounds the sum of x
        const double pivot = table[out][in];
        for (auto& cell : table[out]) cell /= pivot;
        for (std::size_t r = 0; r <= m; ++r) {
            const double factor = table[r][in];
            if (r == out || factor == 0) continue;
            for (std::size_t c = 0; c < width; ++c) table[r][c] -= factor * table[out][c];
        }
        basis[out] = in;
    }
    LinearPlan plan{table[m][width - 1], std::vector<double>(n, 0.0), {}};
    for (std::size_t r = 0; r < m; ++r)
        if (basis[r] < n) plan.x[basis[r]] = table[r][width - 1];
    plan.prices.assign(table[m].begin() + static_cast<std::ptrdiff_t>(n),
                       table[m].begin() + static_cast<std::ptrdiff_t>(n + m));
    return plan;
}

std::vector<Network> fsw2_instances() {
    std::vector<Network> out;
    const std::vector<std::vector<double>> prices{{1, 1.5}, {1, 2}, {2, 3}, {4, 4}, {4, 6.5}};
    for (const bool ample : {false, true})
        for (const int kind : {0, 1, 2}) {
            const char* const names[] = {"linear", "exponential", "logit"};
            Network network{std::string(names[kind]) + (ample ? " (15, 12, 30)" : " (3, 5, 7)"),
                            prices,
                            {},
                            {{1, 3, 0}, {1, 1, 5}},
                            ample ? std::vector<double>{15, 12, 30} : std::vector<double>{3, 5, 7}};
            for (const auto& p : prices) {
                const double a = std::exp(-p[0]), b = std::exp(-p[1]);
                if (kind == 0) network.demand.push_back({8 - 1.5 * p[0], std::max(0.0, 9 - 3 * p[1])});
                if (kind == 1) network.demand.push_back({5 * std::exp(-.5 * p[0]), 9 * b});
                if (kind == 2) network.demand.push_back({10 * a / (1 + a + b), 10 * b / (1 + a + b)});
            }
            out.push_back(std::move(network));
        }
    return out;
}

double network_bound(const Network& network) { return plan_of(network, network.demand, network.capacity).value; }

bool lawful(const std::vector<double>& prices, const NetworkRules& rules) {
    return std::all_of(prices.begin(), prices.end(), [&](double price) { return price >= rules.floor; });
}

double network_percent(const Network& network, NetworkPolicy policy, std::size_t periods, std::uint64_t runs,
                       std::uint64_t seed, const NetworkRules& rules) {
    Network asked = network;  // what may be asked of it; the bound is that of all
    asked.prices.clear(), asked.demand.clear();
    std::size_t fixed = network.prices.size();
    for (std::size_t v = 0; v < network.prices.size(); ++v) {
        if (!lawful(network.prices[v], rules)) continue;
        if (v == rules.fixed) fixed = asked.prices.size();
        asked.prices.push_back(network.prices[v]), asked.demand.push_back(network.demand[v]);
    }
    double sum = 0;
    for (std::uint64_t run = 0; run < runs; ++run) {
        Random random(seed, run);
        sum += NetworkRun(asked, policy, fixed, periods, random).play();
    }
    return 100 * sum / static_cast<double>(runs) / (network_bound(network) * static_cast<double>(periods));
}

}  // namespace dropsmith::decide
