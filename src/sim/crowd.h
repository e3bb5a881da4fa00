// The shoppers of one rehearsed drop: how many come in each period to each line and up to which band each would pay.
// Drawn once a run and met by every way of pricing, at either speed, so that a difference is the prices' and not luck.
// A market: expected units at list price times a scale that nobody knows (log-normal, 40 %), falling with price by an
// elasticity around 2.62 ± 0.6, half of it early in the window (Bass curve p = .6/h, q = .2), half evenly, or as the
// shop's past says (Rehearsal::shares). Where it
// matters who comes when (a cohort's price, a taper's step within a period), shoppers_of says it, the same for both
// speeds: mixed by chance, evenly over the period, each with a session of their own.
// Deterministic for (seed, run). One thread per object. Covered by sim/rehearse_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/rehearsal_plan.h"

namespace dropsmith::sim {

struct MarketTruth {  // what a clairvoyant knows
    double scale = 1, elasticity = 2.62;
    std::vector<double> by_band{};  // what a band takes beside the elasticity's, as a factor; empty: 1
};

struct Arriving {
    Duration at;                // since the opening
    std::size_t line = 0;
    Money pays;                 // at most
    std::uint64_t session = 0;  // never 0
};

// Share of the window's demand by period of the cadence.
std::vector<double> arrival_shares(const Rehearsal& plan);

class Crowd {
  public:
    Crowd(const Rehearsal& plan, std::vector<double> shares);
    void draw(std::uint64_t seed, std::uint64_t run);                            // all lines
    void draw(std::uint64_t seed, std::uint64_t run, const MarketTruth& truth);  // of a stated market

    std::size_t periods() const { return shares_.size(); }
    // Who would pay at least the price; of prices_of(line).
    std::int64_t willing(std::size_t line, std::size_t period, std::size_t price) const {
        return lines_[line].willing[period * lines_[line].prices.size() + lines_[line].rank[price]];
    }
    // Units that a period would take at a price on average: of the market that was drawn last.
    double mean(std::size_t line, std::size_t period, std::size_t price) const {
        return lines_[line].size * shares_[period] * lines_[line].taking[lines_[line].rank[price]];
    }
    // Those of a period who would pay the lowest price at least, in the order in which they come.
    void shoppers_of(std::size_t period, std::vector<Arriving>& out) const;
    const MarketTruth& truth() const { return truth_; }

  private:
    struct Line {
        double expected = 0, size = 0;
        std::vector<Money> prices;          // ascending
        std::vector<std::size_t> rank;      // of prices_of(line), in these
        std::vector<double> ratio;          // price / list price
        std::vector<double> taking;         // relative to the list price
        std::vector<std::int64_t> willing;  // [period][price]
    };
    Duration cadence_, window_;
    std::uint64_t seed_ = 0, run_ = 0;
    std::vector<double> shares_;
    std::vector<Line> lines_;
    MarketTruth truth_;
};

}  // namespace dropsmith::sim
