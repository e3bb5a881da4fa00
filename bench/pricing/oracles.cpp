// Computed here, published there: a row that differs by more than the last digit published is marked, counted, and ends
// the benchmark with a failure. The published digits come from an independent program that a second one has checked
// (docs/concepts/pricing-mathematics.md says which sources). Covered by its run in CI (bench.pricing), and, digit by
// digit, by flow/decide/lab_test.cpp, lab_closed_test.cpp, lab_network_test.cpp and flow/measure/slopes_test.cpp.
#include "oracles.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "flow/decide/lab_closed.h"
#include "flow/decide/lab_grid.h"
#include "flow/decide/lab_network.h"
#include "flow/measure/slopes.h"

namespace dropsmith::bench {
namespace {

using namespace dropsmith::decide;

class Rows {
  public:
    explicit Rows(const char* title) {
        std::printf("\n## %s\n\n| %-46s | %15s | %15s | |\n|---|---|---|---|\n", title, "", "computed", "published");
    }
    void row(const std::string& name, double computed, double published, int digits) {
        const double half = 0.500001 * std::pow(10.0, -digits);
        const bool same = std::fabs(computed - published) <= 2 * half;  // the last digit may be cut or rounded
        different_ += !same;
        std::printf("| %-46s | %15.*f | %15.*f | %s |\n", name.c_str(), digits, computed, digits, published,
                    same ? "same" : "DIFFERS");
    }
    int different() const { return different_; }

  private:
    int different_ = 0;
};

std::string stock_of(double scarcity) {
    char out[32];
    std::snprintf(out, sizeof out, "stock %.2f T", scarcity);
    return out;
}
std::string long_by(std::size_t periods) { return ", T=" + std::to_string(periods) + ": "; }

LabProblem problem(std::vector<double> values, std::vector<double> chances, std::size_t periods, double scarcity) {
    LabProblem out;
    out.values = std::move(values), out.chances = std::move(chances);
    out.arrivals.assign(periods, 1.0);
    out.stock = static_cast<std::int64_t>(scarcity * static_cast<double>(periods) + 1e-9);
    return out;
}

void fsw_1(Rows& rows, bool smoke) {
    const std::vector<double> prices{29.90, 34.90, 39.90, 44.90}, chances{.8, .6, .3, .1};
    const struct {
        double scarcity, bound;
    } bounds[] = {{.10, 4.49}, {.15, 6.36}, {.20, 8.23}, {.25, 10.10}, {.30, 11.97}, {.50, 17.95}, {.70, 22.43},
                  {.90, 23.92}};
    for (const auto& b : bounds)
        rows.row("FSW-1 " + stock_of(b.scarcity) + ": fluid bound a period",
                 lp_bound(problem(prices, chances, 1000, b.scarcity)) / 1000, b.bound, 2);
    const struct {
        double scarcity;
        std::size_t periods;
        double optimum, share;
    } optima[] = {
        {.25, 20, 193.948905, .960143},      {.25, 50, 478.316018, .983582},     {.25, 72, 718.506652, .988045},
        {.25, 100, 1001.542970, .991627},    {.25, 200, 2012.415387, .996245},   {.25, 500, 5043.357532, .998685},
        {.25, 1000, 10093.504081, .999357},  {.25, 10000, 100993.509856, .999936}, {.50, 20, 347.978041, .969298},
        {.50, 50, 886.379631, .987610},      {.50, 72, 1281.550306, .991605},    {.50, 100, 1784.409976, .994100},
        {.50, 200, 3579.724085, .997138},    {.50, 500, 8964.767734, .998860},   {.50, 1000, 17939.767809, .999430},
        {.50, 10000, 179489.767809, .999943}};
    for (const auto& o : optima) {
        if (smoke && o.periods > 500) continue;
        const auto p = problem(prices, chances, o.periods, o.scarcity);
        const double value = Optimum(p).value();
        const auto name = "FSW-1 " + stock_of(o.scarcity) + long_by(o.periods);
        rows.row(name + "optimum", value, o.optimum, 6);
        rows.row(name + "of the fluid bound", value / lp_bound(p), o.share, 6);
    }
}

void drop_4(Rows& rows) {
    const struct {
        const char* name;
        std::vector<double> chances;
        double scarcity;
        std::vector<double> optimum;
    } drops[] = {
        {"elastic .20", {.60, .40, .18}, .20, {335.282804, 476.837288, 682.461501, 1379.565306, 3474.864856}},
        {"elastic .45", {.60, .40, .18}, .45, {604.543381, 882.721912, 1240.841641, 2501.346678, 6282.718107}},
        {"hype .30", {.70, .62, .52}, .30, {539.973623, 755.998602, 1079.999853, 2160.000000, 5400.000000}},
        {"cold .30", {.30, .14, .05}, .30, {331.491464, 478.053530, 680.826456, 1386.129710, 3517.478163}},
    };
    const std::size_t lengths[] = {50, 72, 100, 200, 500};
    for (const auto& drop : drops)
        for (std::size_t i = 0; i < std::size(lengths); ++i)
            rows.row(std::string("DROP-4 ") + drop.name + long_by(lengths[i]) + "optimum",
                     Optimum(problem({24, 30, 36}, drop.chances, lengths[i], drop.scarcity)).value(), drop.optimum[i],
                     6);
}

void grid_means(Rows& rows) {
    const struct {
        std::size_t periods;
        double fluid, optimum;
    } means[] = {{24, 229.0067, 221.7680}, {72, 698.0263, 689.1880}, {144, 1416.9332, 1406.0663}};
    for (const auto& m : means) {
        const auto grid = grid_252(m.periods);
        double fluid = 0, optimum = 0;
        for (const auto& p : grid.problems) fluid += lp_bound(p), optimum += Optimum(p).value();
        const auto n = static_cast<double>(grid.problems.size());
        rows.row("GRID-252" + long_by(m.periods) + "mean fluid bound", fluid / n, m.fluid, 4);
        rows.row("GRID-252" + long_by(m.periods) + "mean optimum", optimum / n, m.optimum, 4);
    }
}

// 288 slots of a quarter of an hour, visitors from a Bass curve and a trickle, chances that fade by .01 an hour.
void tapers(Rows& rows) {
    const struct {
        double crowd, trickle;
        std::int64_t stock;
        double fluid, optimum, fixed, down, up;
    } cases[] = {{60, 1, 30, 831.153805, 801.837427, 767.928299, 783.009748, 774.178518},
                 {60, 1, 50, 942.307611, 941.027945, 940.754003, 940.754003, 940.754003},
                 {20, 2, 40, 1220.337939, 1194.312671, 1174.424568, 1176.042141, 1174.424568}};
    const auto bass = [](double t) { return (1 - std::exp(-.8 * t)) / (1 + (.2 / .6) * std::exp(-.8 * t)); };
    for (const auto& c : cases) {
        LabProblem p;
        p.values = {24, 30, 36}, p.chances = {.60, .40, .18}, p.stock = c.stock;
        for (int slot = 0; slot < 288; ++slot) {
            const double at = slot / 4.0;
            p.arrivals.push_back(std::min(.95, c.crowd * (bass(at + .25) - bass(at)) + c.trickle / 4));
            p.lift.push_back(std::exp(-.01 * at));
        }
        const auto name = "taper, crowd " + std::to_string(static_cast<int>(c.crowd)) + ", stock " +
                          std::to_string(c.stock) + ": ";
        rows.row(name + "fluid bound", lp_bound(p), c.fluid, 6);
        rows.row(name + "optimum", Optimum(p).value(), c.optimum, 6);
        rows.row(name + "best fixed price", best_taper(p, TaperKind::fixed, 24).value, c.fixed, 6);
        rows.row(name + "best step down", best_taper(p, TaperKind::down, 24).value, c.down, 6);
        rows.row(name + "best step up", best_taper(p, TaperKind::up, 24).value, c.up, 6);
    }
}

}  // namespace

int print_values(bool smoke) {
    Rows rows("Values: fluid bounds and exact optima, demand known");
    fsw_1(rows, smoke), drop_4(rows), grid_means(rows), tapers(rows);
    const double bounds[] = {6.666667, 4.598510, 3.768095, 9.750000, 6.044910, 4.415905};
    const auto instances = fsw2_instances();
    for (std::size_t i = 0; i < instances.size(); ++i)
        rows.row("FSW-2 " + instances[i].name + ": fluid bound a period", network_bound(instances[i]), bounds[i], 6);
    return rows.different();
}

int print_closed_forms() {
    Rows rows("Closed forms");
    const ExponentialDemand demand{20, 1};
    const double values[] = {2.123170, 3.567408, 4.623083, 5.411252, 6.000400,
                             6.436028, 6.751701, 6.974016, 7.124984, 7.223107};
    for (int n = 1; n <= 10; ++n)
        rows.row("Gallego-van Ryzin A=20 a=t=1: J(" + std::to_string(n) + ")", demand.value(n, 1), values[n - 1], 6);
    rows.row("the same: p*(5)", demand.price(5, 1), 1.589149, 6);
    rows.row("the same: p*(10)", demand.price(10, 1), 1.098123, 6);
    rows.row("the same: run-out price of 5", demand.run_out_price(5, 1), 1.386294, 6);
    rows.row("the same: what it earns", demand.fixed_value(5, 1, demand.run_out_price(5, 1)), 5.715225, 6);
    rows.row("constant elasticity 2.5, cost 10: best price", price_at_elasticity(10, 2.5), 16.666667, 6);
    const double logit = price_at_logit(4, .15, 12);
    rows.row("logit a=4 b=.15, cost 12: best price", logit, 26.016386, 6);
    rows.row("the same: profit", profit_at_logit(4, .15, 12, logit), 7.349719, 6);
    const std::vector<measure::PriceUnits> six{{24, 60}, {30, 41}, {36, 29}, {30, 39}, {24, 63}, {36, 30}};
    const auto least_squares = measure::log_log_slope(six);
    const auto poisson = measure::poisson_slope(six);
    rows.row("elasticity of six rows, least squares", least_squares ? least_squares->value : 0, -1.815764, 6);
    rows.row("elasticity of six rows, Poisson", poisson ? poisson->value : 0, -1.830854, 6);
    rows.row("the same: standard error", poisson ? poisson->se : 0, .378835, 6);
    return rows.different();
}

}  // namespace dropsmith::bench
