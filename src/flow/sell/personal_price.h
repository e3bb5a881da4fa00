// What a session with an offer of its own is asked: what everybody else is asked at that moment, less the offer's
// discount, rounded up to the minor unit and never below the highest floor that is known. It never adds to another
// reduction: of its cohort's price and this one a session gets the lower. An offer counts as long as it runs, its rule
// stands in the plan as it was and the shop still has a text for its jurisdiction; the kill switch ends it. A drop
// whose plan makes no offers costs one look at an empty list. Pure; any thread that may read the state. Covered by
// flow/sell/personal_price_test.cpp.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "model/drop.h"
#include "model/hold.h"
#include "model/state.h"

namespace dropsmith::sell {

std::optional<PersonalPrice> personal_price_of(const State& state, const Drop& drop, const LineKey& key, Instant at,
                                               std::uint64_t session, Money asked);

// nullopt: the session is asked `asked`, as it would be without an offer.
inline std::optional<PersonalPrice> personal_price(const State& state, const Drop& drop, const LineKey& key,
                                                   Instant at, std::uint64_t session, Money asked) {
    if (session == 0 || drop.terms.pricing.personal_offers.empty()) return std::nullopt;
    return personal_price_of(state, drop, key, at, session, asked);
}

// The text that a buyer is told, while it is the one of this digest; nullptr: it has changed since.
const PersonalRule* disclosure_of(const PriceRules& rules, std::string_view jurisdiction, std::uint64_t digest);

const std::vector<PersonalPrice>* personal_of(const Prices& prices, HoldId hold);  // nullptr: nothing in it is

// The same again for a hold that is made anew after it had ended, and for its order.
std::optional<PersonalPriceGiven> personal_again(const State& state, HoldId ended, const Hold& again,
                                                 OrderPlaced& order);
// Of `own`, what is still in the order.
std::vector<PersonalPrice> still_in(const std::vector<PersonalPrice>& own, const std::vector<OrderLine>& lines);

}  // namespace dropsmith::sell
