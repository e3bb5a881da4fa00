// What bounds a price, who may move it by hand and what the gate remembers: guardrails and their trail, the merchant's
// rules over all drops, prices of the last 30 days, the breaker's memory, overrides that wait for a second person, and
// sign-offs of audits. Codes 303-312. The order of the gate stands in flow/decide/guardrail.h.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/fact.h"
#include "model/ids.h"
#include "model/moment.h"

namespace dropsmith {

namespace refusals {
// whoever asked may not approve; or the grant may not
inline constexpr RefusalCode needs_second_person{306, "needs_second_person"};
// decisions that do not follow, and no note about them
inline constexpr RefusalCode audit_differs{307, "audit_differs"};
}  // namespace refusals

enum class Guardrail : std::uint8_t {
    band_low, band_high, floor, min_margin, cap_price, max_step, explore_share, override_, killed, max_discount, dwell,
    revenue_at_risk, cascade, cannibalisation, brand_exposure, constancy, prior_price
};
DROPSMITH_CHOICE(Guardrail, "band_low", "band_high", "floor", "min_margin", "cap_price", "max_step", "explore_share",
                 "override", "killed", "max_discount", "dwell", "revenue_at_risk", "cascade", "cannibalisation",
                 "brand_exposure", "constancy", "prior_price")

struct LineKey {
    DropId drop;
    std::uint32_t line = 0;
    ChannelId channel;
    friend auto operator<=>(const LineKey&, const LineKey&) = default;
};
DROPSMITH_RECORD(LineKey, drop, line, channel)

struct Clamp {                               // one step of the gate that bound: from what to what
    Guardrail by = Guardrail::floor;
    Money from;
    Money to;
    friend bool operator==(const Clamp&, const Clamp&) = default;
};
DROPSMITH_RECORD(Clamp, by, from, to)

// A/B: this share of the sessions, chosen by a hash that sticks to the session, is asked another price.
struct CohortPrice {
    Money price;
    std::optional<std::uint32_t> arm;
    Rate share;
    friend bool operator==(const CohortPrice&, const CohortPrice&) = default;
};
DROPSMITH_RECORD(CohortPrice, price, arm, share)

// --- the merchant's rules over all drops
struct BrandRule {
    std::string brand;
    // of the list value on offer in scheduled and live drops, the share that may be given away by prices below the list
    Rate exposure_max;
};
DROPSMITH_RECORD(BrandRule, brand, exposure_max)

struct PersonalRule {                        // where prices of one's own are lawful, and what the buyer is told
    std::string jurisdiction;                // ISO 3166-1 or -2
    std::string disclosure;
};
DROPSMITH_RECORD(PersonalRule, jurisdiction, disclosure)

struct PriceRules {
    std::vector<BrandRule> brands;
    // an override that moves a price by more than this share waits for a second person; so does one below the floor.
    // Absent: one person is enough
    std::optional<Rate> four_eyes_above;
    std::vector<PersonalRule> personal;
    // a price by hand that is off the list price by at most this share needs no second person, whatever it moves from;
    // one below the floor does. Absent: there is no such band
    std::optional<Rate> approval_free_change = {};
    bool four_eyes_undo_kill = false;        // a second person must agree before engine and plan price again
};
DROPSMITH_RECORD(PriceRules, brands, four_eyes_above, personal, approval_free_change, four_eyes_undo_kill)

// --- what the gate remembers
struct PricePeriod {                         // a price that could be bought at, in [from, until)
    LineKey key;
    Money price;
    Instant from;
    std::optional<Instant> until;            // absent: it still stands
};
DROPSMITH_RECORD(PricePeriod, key, price, from, until)

struct CascadeRun {                          // of a drop or over drops: moves that each outdid the others
    std::int64_t direction = 0;              // -1 falls, 1 rises
    std::vector<LineKey> moved;              // in order
};
DROPSMITH_RECORD(CascadeRun, direction, moved)

struct HourUnits {                           // sold at full price in an hour since the epoch
    std::int64_t hour = 0;
    std::int64_t units = 0;
};
DROPSMITH_RECORD(HourUnits, hour, units)

struct AskedOverride {                       // waits for a second person
    OverrideId id;
    LineKey key;
    Money price;
    Instant until;
    std::string reason;
    Money cost;                              // expected margin that it gives up
    Actor who;
    Instant asked_at;
};
DROPSMITH_RECORD(AskedOverride, id, key, price, until, reason, cost, who, asked_at)

struct AskedUndo {                           // of the kill switch, waits for a second person
    std::string reason;
    Actor who;
    Instant asked_at;
};
DROPSMITH_RECORD(AskedUndo, reason, who, asked_at)

struct AuditResult {
    Instant since, until;
    std::uint64_t decisions = 0;
    std::uint64_t rederived = 0;             // the same engine version gave the same
    std::uint64_t retired = 0;               // inputs checked, version retired
    std::uint64_t differing = 0;
    std::uint64_t head = 0;                  // last fact of the period, and the chain's hash there
    std::string head_hash;                   // hex
};
DROPSMITH_RECORD(AuditResult, since, until, decisions, rederived, retired, differing, head, head_hash)

struct SignOff {
    AuditResult result;
    std::string note;
    Actor who;
    Instant at;
};
DROPSMITH_RECORD(SignOff, result, note, who, at)

struct EthicsResult {                        // of an ethics audit: what was looked at, and what was found
    Instant since, until;
    std::uint64_t orders = 0;
    Quantity units;
    std::uint64_t flagged = 0;               // channels and regions beyond the tolerance
    std::uint64_t head = 0;                  // last fact of the period, and the chain's hash there
    std::string head_hash;                   // hex
};
DROPSMITH_RECORD(EthicsResult, since, until, orders, units, flagged, head, head_hash)

struct EthicsSignOff {
    EthicsResult result;
    std::string note;
    Actor who;
    Instant at;
};
DROPSMITH_RECORD(EthicsSignOff, result, note, who, at)

// --- commands
struct SetPriceRules {                       // replaces what is given, keeps the rest
    static constexpr CommandCode code{305};
    std::optional<std::vector<BrandRule>> brands;
    std::optional<Rate> four_eyes_above;
    bool one_person_is_enough = false;       // takes four_eyes_above away
    std::optional<std::vector<PersonalRule>> personal;
    std::optional<Rate> approval_free_change = {};             // 0 takes the band away
    std::optional<bool> four_eyes_undo_kill = {};
};
struct ResumePrices {                        // a person has looked: the engine may move prices again
    static constexpr CommandCode code{306};
    DropId drop;
    std::string reason;
};
struct AnswerOverride {                      // by a second person
    static constexpr CommandCode code{307};
    OverrideId id;
    bool approve = false;
    std::string reason;
};
struct SignAudit {                           // the figures are the server's own, not the client's
    static constexpr CommandCode code{308};
    AuditResult result;
    std::string note;
};

struct UndoKill {                            // the kill switch was thrown: engine and plan may price the drop again
    static constexpr CommandCode code{310};
    DropId drop;
    std::string reason;
};
struct AnswerUndo {                          // by a second person
    static constexpr CommandCode code{311};
    DropId drop;
    bool approve = false;
    std::string reason;
};

struct SignEthics {                          // the figures are the server's own, not the client's
    static constexpr CommandCode code{312};
    EthicsResult result;
    std::string note;
};

// --- facts
struct PriceRulesSet {
    static constexpr FactCode code{303};
    static constexpr std::uint8_t version = 1;
    PriceRules rules;
};
DROPSMITH_RECORD(PriceRulesSet, rules)

struct PricesHalted {                        // the engine moves nothing here until a person resumes
    static constexpr FactCode code{304};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::optional<LineKey> key;              // cannibalisation: one line; a cascade halts the whole drop
    Guardrail by = Guardrail::cascade;
    std::string detail;
};
DROPSMITH_RECORD(PricesHalted, drop, key, by, detail)

struct PricesResumed {
    static constexpr FactCode code{305};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::string reason;
};
DROPSMITH_RECORD(PricesResumed, drop, reason)

struct OverrideAsked {
    static constexpr FactCode code{306};
    static constexpr std::uint8_t version = 1;
    OverrideId id;
    LineKey key;
    Money price;
    Instant until;
    std::string reason;
    Money cost;
};
DROPSMITH_RECORD(OverrideAsked, id, key, price, until, reason, cost)

struct OverrideAnswered {                    // approved: a PriceSet stands beside it
    static constexpr FactCode code{307};
    static constexpr std::uint8_t version = 1;
    OverrideId id;
    bool approved = false;
    std::string reason;
};
DROPSMITH_RECORD(OverrideAnswered, id, approved, reason)

struct AuditSigned {
    static constexpr FactCode code{308};
    static constexpr std::uint8_t version = 1;
    AuditResult result;
    std::string note;
};
DROPSMITH_RECORD(AuditSigned, result, note)

struct KillUndoAsked {
    static constexpr FactCode code{309};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::string reason;
};
DROPSMITH_RECORD(KillUndoAsked, drop, reason)

struct KillUndoRejected {
    static constexpr FactCode code{310};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::string reason;
};
DROPSMITH_RECORD(KillUndoRejected, drop, reason)

struct KillUndone {                          // a PriceSet for each line stands beside it
    static constexpr FactCode code{311};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::string reason;
    bool approved = false;                   // a second person has agreed,
    std::string answer;                      // and why
};
DROPSMITH_RECORD(KillUndone, drop, reason, approved, answer)

struct EthicsSigned {
    static constexpr FactCode code{312};
    static constexpr std::uint8_t version = 1;
    EthicsResult result;
    std::string note;
};
DROPSMITH_RECORD(EthicsSigned, result, note)

}  // namespace dropsmith
