// What is asked for a line in a channel, and why. Every price is set by a decision with inputs, arm, propensity and the
// guardrails that bound; an override is a decision by a person that expires. All prices as shown in the channel. Codes
// 300-329. The one gate is flow/decide/guardrail.*: no price reaches a fact without passing it.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/arrivals.h"
#include "model/fact.h"
#include "model/ids.h"
#include "model/personal.h"
#include "model/plan_template.h"
#include "model/price_guard.h"

namespace dropsmith {

namespace refusals {
// no floor or min_margin: no pricing experiment
inline constexpr RefusalCode no_guardrail{300, "no_guardrail"};
inline constexpr RefusalCode below_floor{301, "below_floor"};
inline constexpr RefusalCode overtaken{302, "overtaken"};                // a proposal based on facts that have moved on
inline constexpr RefusalCode outside_band{303, "outside_band"};
inline constexpr RefusalCode prices_killed{304, "prices_killed"};
// the given quote expired or expect_unit_price no longer holds
inline constexpr RefusalCode price_changed{305, "price_changed"};
}  // namespace refusals

enum class DecisionKind : std::uint8_t {
    opening, bandit, fixed, override_, override_ended, kill, taper, ladder, kill_undone
};
DROPSMITH_CHOICE(DecisionKind, "opening", "bandit", "fixed", "override", "override_ended", "kill", "taper",
                 "ladder", "kill_undone")

struct ArmInput {                            // what the engine knew of one band
    Money price;
    // chances to buy seen at this price (arrivals, or periods when none are known)
    std::uint64_t looks = 0;
    std::uint64_t sales = 0;                 // units taken at this price
    Rate propensity;                         // chance that the policy gave to this band
};
DROPSMITH_RECORD(ArmInput, price, looks, sales, propensity)

struct DecisionInputs {
    std::uint64_t based_on = 0;              // last fact that the planner had seen
    Quantity stock_left;
    std::uint32_t periods_left = 0;
    std::vector<ArmInput> arms;
    std::uint64_t seed = 0;
    std::string policy;                      // name and version of the engine policy, "ts-update/1"
    std::vector<HistoryInput> history;       // by band; empty: no earlier drop of the SKU
    std::optional<ArrivalsInput> arrivals;   // absent: not the engine's
    std::optional<LevelInput> level;         // absent: nothing like it was sold before
    std::optional<ChannelsInput> channels;   // absent: the drop sells in one channel
};
DROPSMITH_RECORD(DecisionInputs, based_on, stock_left, periods_left, arms, seed, policy, history, arrivals, level,
                 channels)

struct ProposePrice {                        // by a planner; checked like anybody's
    static constexpr CommandCode code{300};
    LineKey key;
    std::uint32_t arm = 0;                   // index into the bands
    DecisionInputs inputs;
};
struct OverridePrice {
    static constexpr CommandCode code{301};
    LineKey key;
    Money price;
    Instant until;
    std::string reason;
};
// back to the list price at once, and no more decisions, for the whole drop
struct KillPrices {
    static constexpr CommandCode code{302};
    DropId drop;
    std::string reason;
};
struct EndOverride {                         // before its time
    static constexpr CommandCode code{309};
    LineKey key;
    std::string reason;
};
struct ReviewDue { static constexpr CommandCode code{303}; LineKey key; };        // timer: the cadence has passed
struct OverrideDue { static constexpr CommandCode code{304}; LineKey key; };      // timer: the override ends

struct PriceSet {
    static constexpr FactCode code{300};
    static constexpr std::uint8_t version = 1;
    DecisionId decision;
    LineKey key;
    DecisionKind kind = DecisionKind::opening;
    Money price;                             // what is asked from now on
    std::optional<std::uint32_t> arm;
    Rate propensity;                         // of the price that was set, after the gate
    Money wanted;                            // before the gate
    std::vector<Guardrail> bound;            // in the order of the gate
    Money floor;                             // the gate's floor at this moment, as shown in the channel
    DecisionInputs inputs;
    std::optional<Instant> until;            // override: when it ends
    std::string reason;
    Instant next_review;                     // epoch: no further review
    SkuId sku;
    Money list_price;                        // of the line: what full price is
    std::vector<Clamp> clamps;               // `bound` with figures: from what to what
    // lowest price of the 30 days before, when the SKU was on sale here all through them: what a reduction is computed
    // from and what may be struck through; absent: none may be announced
    std::optional<Money> prior_price;
    std::optional<CohortPrice> cohort;
    std::optional<Money> cost;               // override: expected margin that it gives up
    OverrideId approved;                     // override: the asking that a second person has approved
    std::vector<Money> reached;              // by arm of `inputs`: where the gate led it; empty: no engine proposed
};
DROPSMITH_RECORD(PriceSet, decision, key, kind, price, arm, propensity, wanted, bound, floor, inputs, until, reason,
                 next_review, sku, list_price, clamps, prior_price, cohort, cost, approved, reached)

struct PriceReviewed {                       // the cadence has passed: a planner is asked for a proposal
    static constexpr FactCode code{301};
    static constexpr std::uint8_t version = 1;
    LineKey key;
    Instant next_review;                     // epoch: no further review
    bool counted = true;                     // the drop was open: a period of demand was seen at the price that stood
    Rate seen{1'000'000};                    // the share of it in which units were left: after that nobody could buy
};
DROPSMITH_RECORD(PriceReviewed, key, next_review, counted, seen)

struct PricesKilled {
    static constexpr FactCode code{302};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::string reason;
};
DROPSMITH_RECORD(PricesKilled, drop, reason)

struct ArmStats {
    Money price;                             // of the band
    // arrivals (views or holds asked) while this price stood; periods when none are known
    std::uint64_t looks = 0;
    // Units taken at this price in the periods that `exposure` counts, and in no others: not ahead of the opening, not
    // in a period that an override or a pause touched, not after the last review. Their quotient is the rate.
    std::uint64_t sales = 0;
    std::uint64_t periods = 0;               // reviews that ended with this price standing
    std::uint64_t exposure = 0;              // millionths of a period that it was asked: cohorts share a period
    // of a closed drop: `exposure` in periods with average arrivals, by the drop's own curve; 0: none
    std::uint64_t weighted = 0;
};
DROPSMITH_RECORD(ArmStats, price, looks, sales, periods, exposure, weighted)

struct LinePrice {
    Money price;
    DecisionId decision;
    DecisionKind kind = DecisionKind::opening;
    Instant set_at;
    std::optional<std::uint32_t> arm;
    std::optional<Instant> override_until;
    Money before_override;
    bool killed = false;
    std::uint64_t reviews = 0;
    std::uint64_t last_review_seq = 0;
    std::uint64_t last_set_seq = 0;          // of the last PriceSet
    Instant next_review;                     // epoch: none
    std::vector<ArmStats> arms;              // by band
    SkuId sku;
    Money list_price;
    Money opened_at;                         // its first price: what falls and rises of other lines are compared by
    Instant changed_at;                      // when the price last moved
    std::optional<Money> prior_price;        // as the last decision found it
    std::optional<CohortPrice> cohort;
    std::optional<Guardrail> halted_by;      // cascade, cannibalisation: until a person resumes
    Instant testing_since;                   // the first price below the first one; epoch: none yet
    std::vector<SeenPeriod> seen;            // the newest 512 periods of a drop that runs, oldest first
    std::vector<FreshUnits> fresh;           // since the last review, at prices that no override asked
    std::vector<FreshUnits> spared;          // of the last period that does not count: what is given back of it, too
    bool touched = false;                    // by an override or a pause: the running period will not count
    DecisionId overridden;                   // the last override: what is sold by its quotes later does not count
    std::uint64_t fresh_looks = 0;
    Instant period_from;                     // when the running period began
    Instant closes_at;                       // as planned when it opened
    Instant sold_at;                         // the last unit taken
    std::optional<LevelInput> level;         // as found when it was scheduled
    std::uint64_t fresh_footfall = 0;
    Money floor;                             // the gate's, as the last decision found it
};
DROPSMITH_RECORD(LinePrice, price, decision, kind, set_at, arm, override_until, before_override, killed, reviews,
                 last_review_seq, last_set_seq, next_review, arms, sku, list_price, opened_at, changed_at, prior_price,
                 cohort, halted_by, testing_since, seen, fresh, spared, touched, overridden, fresh_looks, period_from,
                 closes_at, sold_at, level, fresh_footfall, floor)

using SkuInChannel = std::pair<SkuId, ChannelId>;

struct Prices {
    std::map<LineKey, LinePrice> lines;      // only drops that have been scheduled
    std::uint64_t decisions = 0;             // the last decision's number
    PriceRules rules;
    std::map<SkuInChannel, std::vector<PricePeriod>> history;  // of 30 days, and what still stands; oldest first
    std::map<DropId, CascadeRun> runs;
    CascadeRun falls, rises;                 // over all drops
    std::map<SkuId, std::vector<HourUnits>> full_price;        // of 15 days, oldest first
    Instant counting_since;                  // full-price sales; epoch: nothing yet
    std::uint64_t overrides = 0;             // the last asking's number
    std::map<OverrideId, AskedOverride> asked;                 // waiting; a lapsed one leaves at the next asking
    std::vector<SignOff> sign_offs;          // the newest hundred
    std::vector<EthicsSignOff> ethics_sign_offs;               // the newest hundred
    std::map<DropId, AskedUndo> undos;       // of the kill switch: waiting; gone when the drop closes
    std::map<ChannelId, std::vector<DropCurve>> curves;        // of the newest twelve drops that closed
    std::map<DropId, std::vector<Announcement>> announced;     // of drops that are not over; oldest instant first
    std::vector<PlanTemplate> templates;     // the shop's own, by name
    std::map<DropId, PersonalOffers> offers;                   // of drops that sell; gone with the kill switch
    std::map<HoldId, std::vector<PersonalPrice>> personal;     // of holds, as long as holds are kept
    const LinePrice* find(const LineKey& key) const {
        auto it = lines.find(key);
        return it == lines.end() ? nullptr : &it->second;
    }
};

}  // namespace dropsmith
