// Products, SKUs, places, channels.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/sell/catalogue_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

// The merchant's code of a SKU, for words; empty when there is none.
inline std::string code_of(const State& state, SkuId sku) {
    const auto* known = state.catalogue.find(sku);
    return known ? known->terms.sku : std::string{};
}

Verdict handle(const State& state, const AddProduct& command, const Moment& moment);
Verdict handle(const State& state, const ChangeProduct& command, const Moment& moment);
Verdict handle(const State& state, const AddPlace& command, const Moment& moment);
Verdict handle(const State& state, const ChangePlace& command, const Moment& moment);
Verdict handle(const State& state, const AddChannel& command, const Moment& moment);
Verdict handle(const State& state, const ChangeChannel& command, const Moment& moment);

void evolve(Catalogue& slice, const ProductAdded& fact, const Stamp& stamp);
void evolve(Catalogue& slice, const ProductChanged& fact, const Stamp& stamp);
void evolve(Catalogue& slice, const HistoryStaged& fact, const Stamp& stamp);

void evolve(Places& slice, const PlaceSet& fact, const Stamp& stamp);
void evolve(Places& slice, const ChannelSet& fact, const Stamp& stamp);

}  // namespace dropsmith::sell
