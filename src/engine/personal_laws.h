// The law of prices of one's own over the whole journal, derived anew: each offer is what a rule of the plan that stood
// gives, for the plan's jurisdiction, under the text of that moment, above the floor of that moment; each price given
// stands on an offer made to that session before, is the price of everybody less its discount or the floor, below that
// price and never below the floor; its hold and its order say the same. Part of verify. One thread. Covered by
// engine/personal_laws_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/batch.h"
#include "engine/verify.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::engine {

class PersonalLaws {
  public:
    explicit PersonalLaws(const State& state) : state_(state) {}
    void look(const BatchWalk::RawFact& fact, const Stamp& stamp);  // just after its evolve
    const LawResult& law() const { return law_; }

  private:
    using Session = std::pair<DropId, std::uint64_t>;
    std::optional<std::string> wrong_offer(const PersonalOfferMade& offer, Instant at) const;
    std::optional<std::string> wrong_price(const PersonalPriceGiven& given, const PersonalPrice& own);
    void look_at_hold(const UnitsHeld& held, std::uint64_t seq);
    void look_at_order(const OrderPlaced& order, std::uint64_t seq);

    const State& state_;
    std::map<Session, std::vector<PersonalOfferMade>> made_;
    std::map<LineKey, std::set<std::int64_t>> stood_;  // every price that everybody was asked
    LawResult law_{"prices of one's own by the plan's rules, above the floor", true, 0, ""};
};

}  // namespace dropsmith::engine
