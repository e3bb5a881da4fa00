// What the engine holds possible of demand: a few hundred vectors of rates, one rate for each price, with weights.
// The prior: rates fall with price (sorted uniforms) times an unknown scale of the whole market; a hundredth of it
// holds vectors in any order, so that a middle price that sells best can be found out. The points are quasi-random
// and fixed: no draw is made, the same question gives the same answer on any thread. When evidence leaves too few of
// them alive, `refined` lays the same number anew around the evidence and weighs them exactly by prior times
// likelihood. Pure; any thread. Covered by flow/decide/hypotheses_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "flow/decide/bid_price.h"

namespace dropsmith::decide {

struct Seen {          // at one price
    double looks = 0;  // looks (one_look), or periods times their arrival factor (counts)
    double sales = 0;
    friend bool operator==(const Seen&, const Seen&) = default;
};

struct PriceLaw {               // counts: the log rates by band are a normal law (price_law.h)
    std::vector<double> price;  // of the list price, by arm; empty: no law, sorted rates times a scale instead
    double level = 0, level_sd = 0.8;  // log of the units a period at the list price
    double elasticity = 2.2, elasticity_sd = 1.0;
    double band_sd = 0.3;       // how far a band strays from the line by itself
    friend bool operator==(const PriceLaw&, const PriceLaw&) = default;
};

struct DemandPrior {
    DemandModel model = DemandModel::one_look;
    std::size_t arms = 0;          // prices, ascending
    double expected = 1;           // units a look (or period) that the stock would last for
    PriceLaw law{};
    std::vector<Seen> history;     // of earlier drops, by arm; empty: none
    double history_shift = 0.7;    // sd of the log of today's market against history's
    std::vector<double> curves{};  // prior weights of the arrival curves; empty: one curve, known
    std::size_t count = 256;
    friend bool operator==(const DemandPrior&, const DemandPrior&) = default;
};

struct Hypotheses {
    std::size_t arms = 0, count = 0;
    std::vector<float> rate;           // [arm * count + j]: chance of a look, or units a period
    std::vector<float> weight;         // together 1
    std::vector<std::uint8_t> curve;   // index into the curves; empty: one curve
    std::vector<float> log_rate;       // of rate
    const float* of(std::size_t arm) const { return rate.data() + arm * count; }
    double alive() const;              // the effective number: 1 / sum of squared weights
};

Hypotheses hypotheses(const DemandPrior& prior);                                      // history is in the weights
Hypotheses refined(const DemandPrior& prior, const std::vector<Seen>& seen);          // and so is what was seen
Hypotheses with_history(const DemandPrior& prior);  // laid around history if that leaves more of them alive

// log of: the chance of `seen` at these rates; the same of history, its market shift integrated out.
double log_likelihood(DemandModel model, const float* rates, std::size_t stride, const std::vector<Seen>& seen);
double log_history(const DemandPrior& prior, const float* rates, std::size_t stride);

}  // namespace dropsmith::decide
