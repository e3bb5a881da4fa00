// Grids by enumeration. Covered by flow/decide/lab_grid_test.cpp.
#include "flow/decide/lab_grid.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dropsmith::decide {
namespace {

using Vectors = std::vector<std::vector<double>>;

// Every strictly descending choice of `size` out of `pool`, which descends.
void descending(const std::vector<double>& pool, std::size_t size, std::size_t from, std::vector<double>& chosen,
                Vectors& out) {
    if (chosen.size() == size) return out.push_back(chosen);
    for (std::size_t i = from; i < pool.size(); ++i) {
        chosen.push_back(pool[i]);
        descending(pool, size, i + 1, chosen, out);
        chosen.pop_back();
    }
}
Vectors descending(const std::vector<double>& pool, std::size_t size) {
    Vectors out;
    std::vector<double> chosen;
    descending(pool, size, 0, chosen, out);
    return out;
}

Vectors middle_sells_best(const std::vector<double>& pool) {
    Vectors out;
    for (const double middle : pool)
        for (const double low : pool)
            for (const double high : pool)
                if (middle > low && middle > high) out.push_back({low, middle, high});
    return out;
}

// One problem for each vector of chances and ratio of stock to expected looks.
std::vector<LabProblem> problems(const std::vector<double>& values, const Vectors& chances,
                                 const std::vector<double>& ratios, const std::vector<double>& arrivals) {
    std::vector<LabProblem> out;
    const double looks = std::accumulate(arrivals.begin(), arrivals.end(), 0.0);
    for (const auto& chance : chances)
        for (const double ratio : ratios) {
            LabProblem problem;
            problem.values = values, problem.chances = chance, problem.arrivals = arrivals;
            problem.stock = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(ratio * looks + 1e-9)));
            out.push_back(std::move(problem));
        }
    return out;
}

std::vector<double> even(std::size_t periods) { return std::vector<double>(periods, 1.0); }
std::vector<double> falling(std::size_t periods, double decay) {
    std::vector<double> out;
    for (std::size_t t = 0; t < periods; ++t)
        out.push_back(std::exp(-decay * static_cast<double>(t) / static_cast<double>(periods)));
    return out;
}
Vectors times(Vectors chances, double factor) {
    for (auto& vector : chances)
        for (auto& chance : vector) chance *= factor;
    return chances;
}

const std::vector<double> odd_bands{24, 30, 36}, tenths{.9, .8, .7, .6, .5, .4, .3, .2, .1}, ratios{.15, .30, .50};

}  // namespace

LabGrid grid_252(std::size_t periods) {
    return {"GRID-252", "odd_bands 24 30 36, chances of .1 ... .9 descending, stock .15 .30 .50 of the periods",
            problems(odd_bands, descending(tenths, 3), ratios, even(periods))};
}
LabGrid grid_weak() {
    return {"WEAK", "GRID-252, chances and stock times .2, 144 periods",
            problems(odd_bands, times(descending(tenths, 3), .2), {.03, .06, .10}, even(144))};
}
LabGrid grid_glut() {
    return {"GLUT", "GRID-252, chances times .3, stock for everybody, 72 periods",
            problems(odd_bands, times(descending(tenths, 3), .3), {1}, even(72))};
}
LabGrid grid_front() {
    return {"FRONT", "GRID-252, 72 periods, arrivals exp(-3 t/T), stock .15 .30 .50 of the looks",
            problems(odd_bands, descending(tenths, 3), ratios, falling(72, 3))};
}

std::vector<LabGrid> held_out_grids() {
    const std::vector<double> seven{.85, .7, .55, .4, .25, .15, .05}, odd{.9, .7, .5, .3, .1};
    return {
        {"prices", "19 25 34, T 60, stock .1 .25 .4 .7",
         problems({19, 25, 34}, descending(seven, 3), {.1, .25, .4, .7}, even(60))},
        {"two", "two odd_bands 20 26, T 48, stock .1 .25 .5",
         problems({20, 26}, descending({.9, .75, .6, .45, .3, .2, .1, .05}, 2), {.1, .25, .5}, even(48))},
        {"four", "29.90 34.90 39.90 44.90, T 96, stock .2 .4",
         problems({29.9, 34.9, 39.9, 44.9}, descending({.95, .8, .65, .5, .35, .2, .1}, 4), {.2, .4}, even(96))},
        {"five", "15 18 21 25 30, T 120, stock .15 .3 .6",
         problems({15, 18, 21, 25, 30}, descending({.9, .7, .55, .4, .28, .16, .08}, 5), {.15, .3, .6}, even(120))},
        {"wide", "10 25 60, T 72, stock .15 .3 .5", problems({10, 25, 60}, descending(tenths, 3), ratios, even(72))},
        {"middle", "24 30 36, the middle band sells best, T 72, stock .15 .3 .5",
         problems(odd_bands, middle_sells_best({.1, .25, .4, .55, .7, .85}), ratios, even(72))},
        {"long", "24 30 36, T 300, stock .05 .2 .4", problems(odd_bands, descending(odd, 3), {.05, .2, .4}, even(300))},
        {"short", "24 30 36, T 16, stock .15 .3 .5", problems(odd_bands, descending(odd, 3), ratios, even(16))},
        {"falling", "19 25 34, arrivals exp(-2 t/T), T 96, stock .2 .5 of the looks",
         problems({19, 25, 34}, descending(seven, 3), {.2, .5}, falling(96, 2))},
    };
}

}  // namespace dropsmith::decide
