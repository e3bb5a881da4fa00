// What is known of when visitors come to a line in a channel, copied out of the state: the window, its periods, the
// shop's hours, the curves of earlier drops; and by how many visitors each period counts. Read by the planner's
// question (propose.h) and by the governor of revenue at risk. Pure; the state's thread. Covered by
// flow/decide/price_laws_test.cpp, flow/decide/governors_test.cpp.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "flow/decide/arrivals.h"
#include "model/state.h"

namespace dropsmith::decide {

// The curves of earlier drops are the same for all lines of a channel: the questions of one batch share them.
using CurveShelf = std::map<ChannelId, std::shared_ptr<const std::vector<DropCurve>>>;

// null: none. The shelf is filled on the way; it may be used while the state stays as it is.
std::shared_ptr<const std::vector<DropCurve>> curves_of(const Prices& prices, ChannelId channel, CurveShelf* shelf);

// From when on visitors are sent to the line in this channel, as far as was announced; ascending.
std::vector<Instant> announced_for(const Prices& prices, const LineKey& key, SkuId sku);

// Without `earlier`, announcements and the plan's curve, and without `prior_rate`.
ArrivalsAsk visitors_now(const State& state, const Drop& drop, const LinePrice& price, Instant now);
// With all but `prior_rate`.
ArrivalsAsk visitors_of(const State& state, const Drop& drop, const LineKey& key, const LinePrice& price, Instant now);

struct PeriodWeights {
    std::vector<double> seen;  // of each seen period: its visitors, of an average period's, times its exposure
    double next = 1;           // of the coming one
};
// The ways of counting in all of which a promise about visitors must hold. Views that were counted (60 or more) are the
// one way; the coming period is then taken for no quieter than the last one, because the curves know no rush at the
// end. Without them every period counts alike, and where earlier drops, imported hours, the plan, an announcement or
// footfall tell a curve the promise must hold by that as well: it may be wrong.
std::vector<PeriodWeights> period_weights(ArrivalsAsk ask);

}  // namespace dropsmith::decide
