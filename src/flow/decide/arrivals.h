// The arrival curve of a running drop: how many visitors come in each period, the average one being 1. Possible curves
// are laid out first (even; falling from the opening at four rates; each of these also by the shop's hours of the day,
// from imported sales and earlier drops; and as the earlier drops went), believed by what the earlier drops' cells,
// the running drop's views and its sales say of them, and averaged into one. The plan's own curve is one more. Where
// something is announced each curve stands three times: without more visitors from that instant on, with some, with
// many. Views and footfall, where they are told, also tell each past period by itself. Carts are no looks: they are
// made after the price was read. Pure; any thread; tables of a window are kept per thread, which changes nothing but
// the time. Covered by flow/decide/arrivals_test.cpp, flow/decide/announced_test.cpp.
#pragma once

#include <vector>

#include "model/price.h"

namespace dropsmith::decide {

struct ArrivalsAsk {
    Instant opens, closes, now;
    Duration cadence;
    double prior_rate = 1;              // units that an average period would sell
    std::vector<SeenPeriod> seen;       // of this line, oldest first
    std::vector<DropCurve> earlier;     // closed drops of the channel, oldest first
    std::vector<std::int64_t> trade;    // imported units by hour of the day, UTC; empty: none
    std::vector<Instant> announced = {};        // from when on more visitors are sent, ascending
    std::vector<std::int64_t> planned = {};     // the plan's own curve (PricingTerms::arrival_curve)
    // false: the running drop's sales say nothing of the curve, and what its views say of a period is not drawn to it
    bool by_sales = true;
};

struct Arrivals {
    double now = 1, left = 0;           // of the coming period, and of all after it together
    std::vector<double> factor;         // of each seen period, times its exposure
    ArrivalsInput told;
};

Rate rate_of(double x);  // rounded, between 0 and a million

Arrivals arrivals_of(const ArrivalsAsk& ask);

// When a drop closes: its lines' periods become one curve of its channel, their arms' exposure is weighed by it, and
// the periods go. Integers only, for it is state.
void learn_arrivals(Prices& slice, DropId drop, Instant now);

}  // namespace dropsmith::decide
