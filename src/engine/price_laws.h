// The laws of prices over the whole journal, by a second and plainer implementation than the gate's: each trail leads
// from what was wanted to what was set; steps, dwell and promises never to rise hold; what explores keeps to its share;
// a reduction is announced only from the lowest price of 30 days on sale; an override that needed a second person has
// one, and so has the undoing of a kill switch. Part of verify. One thread. Covered by engine/price_laws_test.cpp.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "engine/batch.h"
#include "engine/verify.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::engine {

class PriceLaws {
  public:
    explicit PriceLaws(const State& state) : state_(state) {}
    void look(const BatchWalk::RawFact& fact, const Stamp& stamp);  // just after its evolve
    std::vector<LawResult> all() const { return {trail_, moves_, explored_, reductions_, second_}; }

  private:
    struct Span {
        LineKey key;
        Money price;
        Instant from;
        std::optional<Instant> until;
    };
    struct Standing {
        Money price;
        std::optional<Money> cohort;
        Instant changed_at;
        bool on_sale = false;
    };
    void look_at(const PriceSet& set, const Stamp& stamp);
    void look_at_undoing(const KillUndone& undone, const Stamp& stamp);
    void look_at_trail(const PriceSet& set, std::uint64_t seq);
    void look_at_move(const PriceSet& set, const Standing& before, const Stamp& stamp);
    void look_at_share(const PriceSet& set, const PricingTerms& pricing, std::uint64_t seq);
    void look_at_reduction(const PriceSet& set, const Stamp& stamp);
    void begin(const LineKey& key, Instant at);
    void end(const LineKey& key, Instant at);
    void end_of(DropId drop, Instant at);

    const State& state_;
    std::map<LineKey, Standing> standing_;
    std::map<LineKey, SkuId> skus_;
    std::map<SkuInChannel, std::vector<Span>> spans_;
    std::map<OverrideId, Actor> asked_;
    std::map<DropId, Actor> undos_;
    LawResult trail_{"trails of price decisions", true, 0, ""};
    LawResult moves_{"steps, dwell and promises not to raise a price", true, 0, ""};
    LawResult explored_{"exploring within its share", true, 0, ""};
    LawResult reductions_{"announced reductions from the lowest price of 30 days", true, 0, ""};
    LawResult second_{"overrides and undoings approved by a second person", true, 0, ""};
};

}  // namespace dropsmith::engine
