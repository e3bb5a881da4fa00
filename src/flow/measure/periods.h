// Looks at a price: the life of a line in a channel cut at its price decisions, each piece with the price that stood,
// the chances that the policy had logged for every price it might have set, the units taken and the time on offer. A
// plain fold over facts, oldest first; the off-policy estimates and the elasticities are made of it. Units held count,
// units given back are taken off the piece whose decision sold them. A sold-out or paused line is not on offer. One
// thread. Covered by flow/measure/periods_test.cpp.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "model/drop.h"
#include "model/fact.h"
#include "model/hold.h"
#include "model/order.h"
#include "model/price.h"
#include "model/stamp.h"

namespace dropsmith::measure {

struct PriceChance {
    Money price;  // after the gate
    double chance = 0;
};

struct Period {
    LineKey key;
    SkuId sku;
    DecisionId decision;
    Instant from, to;
    Money price, list_price;
    std::vector<PriceChance> chances;  // of the decision that opened it; one entry: nothing was drawn
    std::int64_t units = 0;            // taken, less given back
    std::int64_t stock = 0;            // free of the line's cap at the start
    Duration offered;                  // time open with units free
    std::uint32_t periods_left = 0;    // as the policy counted them; 0: not a decision of the policy
    double share_offered() const {
        return to > from ? static_cast<double>(offered.n) / static_cast<double>((to - from).n) : 0;
    }
    bool drawn() const { return chances.size() > 1; }
};

// The price that the gate makes of an arm of this decision, on a line with these terms at this standing price; nullopt:
// refused. The gate is another stage's: whoever folds brings it (engine/price_reach.h).
using PriceReach = std::function<std::optional<Money>(const LineTerms&, const PricingTerms&, const PriceSet&,
                                                      Money wanted, Money standing)>;

class PeriodLog {
  public:
    explicit PeriodLog(PriceReach reach, std::optional<DropId> only = {}) : reach_(std::move(reach)), only_(only) {}
    void saw(const Fact& fact, const Stamp& stamp);
    std::vector<Period> take(Instant until);  // those still running end there; in order of line, then time
    Instant last() const { return last_; }    // of the facts seen
    std::uint64_t unexplained() const { return unexplained_; }  // decisions whose logged chances do not add up

  private:
    struct Line {
        std::int64_t free = 0;
        bool ended = false;
    };
    struct Known {
        DropTerms terms;
        std::vector<Line> lines;
        bool open = false;
    };
    struct Running {
        Period period;
        std::optional<Instant> on_offer_since;
        Rate apart;  // share of the sessions that are asked another price (cohort): not counted, nor their time
    };

    bool wanted(DropId drop) const { return !only_ || *only_ == drop; }
    void begin(const LineKey& key, const PriceSet& set, Instant at);
    void cut(const LineKey& key, Instant at);  // the same price goes on: nothing was drawn for it
    void settle_offers(DropId drop, Instant at);
    void give_back(DropId drop, const HeldLines& lines, bool preorder, Instant at);
    bool offered(const LineKey& key) const;
    std::vector<PriceChance> chances_of(const Known& drop, const PriceSet& set, Money standing);

    PriceReach reach_;
    std::optional<DropId> only_;
    std::map<DropId, Known> drops_;
    std::map<LineKey, Running> running_;
    std::vector<Period> done_;
    std::set<DecisionId> split_;                 // decisions with a cohort
    std::map<DecisionId, std::size_t> last_of_;  // index into done_ of the last finished piece of a decision
    std::uint64_t unexplained_ = 0;
    Instant last_;
};

}  // namespace dropsmith::measure
