// Who will ask for a line's stock, when its drop sells in several channels: they all take from the same units, so each
// one plans with the demand of all. Demand is told at the list price, in units a period: a Gamma that expects the cap
// to sell over the window, divided among the channels as earlier drops sold in them (evenly where there were none),
// then what this line has sold in the channel by what it was asked at. The list price is the channel's own: prices are
// compared within a channel only, so that one that is net of tax needs no exchange (decision 0300). Only the
// proportion of the channels matters below, so that a level that is wrong for all of them does no harm. Read by
// propose.cpp and override_cost.cpp. Pure; the state's thread. Covered by flow/decide/channel_share_test.cpp.
#pragma once

#include <optional>

#include "model/state.h"

namespace dropsmith::decide {

// nullopt: the line is sold in this channel alone. `elsewhere`: how many times what was planned the other channels have
// sold so far, drawn to one: what is wrong with a plan is wrong in all channels as a rule.
std::optional<ChannelsInput> channels_of(const State& state, const Drop& drop, const LineKey& key,
                                         double* elsewhere = nullptr);

double own_share(const std::optional<ChannelsInput>& channels);     // of the demand that is expected from now on
double share_before(const std::optional<ChannelsInput>& channels);  // of the drop's, before it opened

}  // namespace dropsmith::decide
