// What is asked for a line in a channel, and why. Every price is set by a decision with inputs, arm, propensity and the
// guardrails that bound; an override is a decision by a person that expires. All prices as shown in the channel. Codes
// 300-329. The one gate is flow/decide/guardrail.*: no price reaches a fact without passing it.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/fact.h"
#include "model/ids.h"

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

enum class Guardrail : std::uint8_t {
    band_low, band_high, floor, min_margin, cap_price, max_step, explore_share, override_, killed
};
DROPSMITH_CHOICE(Guardrail, "band_low", "band_high", "floor", "min_margin", "cap_price", "max_step", "explore_share",
                 "override", "killed")
enum class DecisionKind : std::uint8_t { opening, bandit, fixed, override_, override_ended, kill };
DROPSMITH_CHOICE(DecisionKind, "opening", "bandit", "fixed", "override", "override_ended", "kill")

struct LineKey {
    DropId drop;
    std::uint32_t line = 0;
    ChannelId channel;
    friend auto operator<=>(const LineKey&, const LineKey&) = default;
};
DROPSMITH_RECORD(LineKey, drop, line, channel)

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
};
DROPSMITH_RECORD(DecisionInputs, based_on, stock_left, periods_left, arms, seed, policy)

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
};
DROPSMITH_RECORD(PriceSet, decision, key, kind, price, arm, propensity, wanted, bound, floor, inputs, until, reason,
                 next_review)

struct PriceReviewed {                       // the cadence has passed: a planner is asked for a proposal
    static constexpr FactCode code{301};
    static constexpr std::uint8_t version = 1;
    LineKey key;
    Instant next_review;                     // epoch: no further review
    bool counted = true;                     // the drop was open: a period of demand was seen at the price that stood
};
DROPSMITH_RECORD(PriceReviewed, key, next_review, counted)

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
    std::uint64_t sales = 0;                 // units taken at this price
    std::uint64_t periods = 0;               // reviews that ended with this price standing
};
DROPSMITH_RECORD(ArmStats, price, looks, sales, periods)

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
};
DROPSMITH_RECORD(LinePrice, price, decision, kind, set_at, arm, override_until, before_override, killed, reviews,
                 last_review_seq, last_set_seq, next_review, arms)

struct Prices {
    std::map<LineKey, LinePrice> lines;      // only drops that have been scheduled
    std::uint64_t decisions = 0;             // the last decision's number
    const LinePrice* find(const LineKey& key) const {
        auto it = lines.find(key);
        return it == lines.end() ? nullptr : &it->second;
    }
};

}  // namespace dropsmith
