// The laboratory of several products that use several resources at once (network revenue management): price vectors, a
// Poisson demand of each product at each vector, capacities by resource. FSW-2 is the instance of the published
// policies (Besbes and Zeevi 2012; Ferreira, Simchi-Levi and Wang 2018). Demand is learned by a Gamma(1, 1) prior for
// each product and vector. Pure, deterministic for a seed. Covered by flow/decide/lab_network_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dropsmith::decide {

struct Network {
    std::string name;
    std::vector<std::vector<double>> prices;  // [vector][product]
    std::vector<std::vector<double>> demand;  // mean units a period, [vector][product]
    std::vector<std::vector<double>> uses;    // units of a resource a sale takes, [product][resource]
    std::vector<double> capacity;             // by resource and period
};

// max worth * x  subject to  rows * x <= bounds, x >= 0, with bounds >= 0; prices: what a unit of each bound is worth.
struct LinearPlan {
    double value = 0;
    std::vector<double> x, prices;
};
LinearPlan solve_plan(const std::vector<double>& worth, const std::vector<std::vector<double>>& rows,
                      const std::vector<double>& bounds);

// The published policies, known demand, and the engine's: a product sells less at a dearer vector, so draws that say
// otherwise are drawn together; the plan is that of the mean of one draw at first and of up to four towards the end.
// fixed asks one vector from first to last.
enum class NetworkPolicy : unsigned char { engine, ts_update, ts_fixed, lp_known, fixed };

struct NetworkRules {
    std::size_t fixed = 0;  // the vector that NetworkPolicy::fixed asks
    double floor = 0;       // of every product: a vector with a price below it is never asked
};
bool lawful(const std::vector<double>& prices, const NetworkRules& rules);

std::vector<Network> fsw2_instances();       // linear, exponential, logit; capacity (3, 5, 7) and (15, 12, 30)
double network_bound(const Network& network);  // the fluid plan, a period
double network_percent(const Network& network, NetworkPolicy policy, std::size_t periods, std::uint64_t runs,
                       std::uint64_t seed, const NetworkRules& rules = {});  // mean revenue, percent of the fluid bound

}  // namespace dropsmith::decide
