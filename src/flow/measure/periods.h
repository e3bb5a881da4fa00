// Looks at a price: the life of a line in a channel cut at its price decisions, each piece with the price that stood,
// the chances that the policy had logged for every price it might have set, the units taken and the time on offer. A
// plain fold over facts, oldest first; the off-policy estimates and the elasticities are made of it. Units held count,
// units given back are taken off the piece whose decision sold them. A sold-out or paused line is not on offer. In a
// cohort drop chance did not draw the price of a period but the side of each session: such a piece becomes two, one for
// each side, with the sessions' share of the time on offer and the shares as chances; what sessionless shoppers took,
// who are of no side, stands in a third one without time on offer. What is sold at a price of one's own is of no piece:
// nobody else was asked it. One thread. Covered by
// flow/measure/periods_test.cpp.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
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

enum class Side : std::uint8_t { all, rest, cohort };  // of the sessions

struct Period {
    LineKey key;
    SkuId sku;
    DecisionId decision;
    Instant from, to;
    Money price, list_price;
    std::vector<PriceChance> chances;  // of the decision that opened it; one entry: nothing was drawn
    std::int64_t units = 0;            // taken, less given back
    Side side = Side::all;
    std::int64_t unit_squares = 0;     // of a side: sum of the squares of what each hold took
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

// Whether a session is of the cohort that has this share: the hash is another stage's too (engine/price_reach.h).
using CohortOf = std::function<bool(DropId, std::uint64_t session, Rate share)>;

class PeriodLog {
  public:
    PeriodLog(PriceReach reach, CohortOf cohort_of, std::optional<DropId> only = {})
        : reach_(std::move(reach)), cohort_of_(std::move(cohort_of)), only_(only) {}
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
    struct Taken {
        std::int64_t units = 0, squares = 0;
    };
    struct Running {
        Period period;
        std::optional<Instant> on_offer_since;
        std::optional<CohortPrice> cohort;
        Taken apart, aside;  // by sessions of the cohort, and by who has no session
    };

    bool wanted(DropId drop) const { return !only_ || *only_ == drop; }
    void begin(const LineKey& key, const PriceSet& set, Instant at);
    void cut(const LineKey& key, Instant at);  // the same price goes on: nothing was drawn for it
    void settle_offers(DropId drop, Instant at);
    void give_back(HoldId hold, DropId drop, const HeldLines& lines, bool preorder, std::uint64_t session,
                   Instant at);
    Side side_of(DropId drop, std::uint64_t session, Rate share) const;  // all: of none
    void add(Running& running, std::uint64_t session, std::int64_t units, std::int64_t squares);
    void keep(const Running& running);
    bool offered(const LineKey& key) const;
    std::vector<PriceChance> chances_of(const Known& drop, const PriceSet& set, Money standing);

    PriceReach reach_;
    CohortOf cohort_of_;
    std::optional<DropId> only_;
    std::map<DropId, Known> drops_;
    std::set<std::pair<HoldId, std::uint32_t>> personal_;  // lines of holds at a price of one's own: of no piece
    std::map<LineKey, Running> running_;
    std::vector<Period> done_;
    // index into done_ of the last finished piece of a decision; with a cohort: of its first, the others follow it
    std::map<DecisionId, std::size_t> last_of_;
    std::uint64_t unexplained_ = 0;
    Instant last_;
};

}  // namespace dropsmith::measure
