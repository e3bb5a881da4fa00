// A plan as people write it for a rehearsal: the body of POST /v1/drops, or what drafting answers, with two fields of
// its own on a line (unit_cost, expected_units). A field that is not here is refused by its pointer, because a misspelt
// one would silently rehearse another plan; what is here and changes nothing in a rehearsal is named in the answer
// (rehearsal_plan.cpp). Plain data. Covered by sim/rehearsal_plan_test.cpp and, field by field against the body of
// POST /v1/drops, by tests/http/studies.py.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "model/drop.h"

namespace dropsmith::sim {

struct PlanUnitsEntry {  // in JSON a member of an object: {"plc_…": 12}
    std::string place;
    Quantity units;
};
DROPSMITH_RECORD(PlanUnitsEntry, place, units)

struct PlanChannelPrices {
    std::string channel;
    std::vector<Money> bands;
    std::optional<Money> list_price, floor;
};
DROPSMITH_RECORD(PlanChannelPrices, channel, bands, list_price, floor)

struct PlanLine {
    std::string sku;
    Quantity cap;
    std::vector<Money> bands;
    std::optional<Money> floor;
    std::optional<Rate> min_margin;
    std::optional<Money> list_price;  // none: the SKU's, of a shop that knows it
    std::optional<Quantity> per_person_limit;
    std::optional<Rate> preorder_share;
    std::vector<PlanUnitsEntry> places;
    std::optional<bool> below_cost_ok;
    std::optional<std::string> substitute;
    std::optional<Quantity> backorder_cap;
    std::optional<Instant> ship_by;
    bool ended = false;
    std::optional<Rate> max_discount, return_share;
    std::optional<Money> return_cost, salvage;
    std::optional<std::vector<PlanChannelPrices>> channels;  // with prices of their own; the played one's are asked
    std::optional<Money> unit_cost;
    std::optional<double> expected_units;  // in the window at the list price
};
DROPSMITH_RECORD(PlanLine, sku, cap, bands, floor, min_margin, list_price, per_person_limit, preorder_share, places,
                 below_cost_ok, substitute, backorder_cap, ship_by, ended, max_discount, return_share, return_cost,
                 salvage, channels, unit_cost, expected_units)
DROPSMITH_DEFAULTS(PlanLine, ended)

struct PlanStage {
    Duration after_s;
    Rate sold_below{1'000'000};
    Rate discount;
};
DROPSMITH_RECORD(PlanStage, after_s, sold_below, discount)
DROPSMITH_DEFAULTS(PlanStage, sold_below)

struct PlanOffer {
    std::string feature;
    std::int64_t at_least = 1;
    Rate discount;
    std::vector<std::string> lines;
};
DROPSMITH_RECORD(PlanOffer, feature, at_least, discount, lines)
DROPSMITH_DEFAULTS(PlanOffer, at_least, lines)

struct PlanPricing {
    std::optional<PricePolicy> policy;
    std::optional<PriceObjective> objective;
    std::optional<Duration> cadence_s;
    std::optional<Rate> max_step, explore_share;
    std::optional<PriceMode> mode;
    std::optional<Rate> max_step_up;
    std::optional<Duration> min_dwell_s;
    std::optional<Rate> revenue_at_risk, confidence, cohort_share;
    std::optional<std::vector<PlanStage>> ladder;
    std::optional<Rate> cannibalisation_max;
    std::optional<std::vector<std::string>> features;
    std::optional<std::string> personal;
    std::optional<std::vector<std::int64_t>> arrival_curve;
    std::optional<std::vector<PlanOffer>> personal_offers;
};
DROPSMITH_RECORD(PlanPricing, policy, objective, cadence_s, max_step, explore_share, mode, max_step_up, min_dwell_s,
                 revenue_at_risk, confidence, cohort_share, ladder, cannibalisation_max, features, personal,
                 arrival_curve, personal_offers)

struct PlanRoom {
    std::optional<RoomKind> kind;
    std::optional<Duration> entry_before_seconds, draw_before_seconds, admission_seconds;
    std::optional<std::uint64_t> per_second_max;
    std::optional<bool> by_person;
};
DROPSMITH_RECORD(PlanRoom, kind, entry_before_seconds, draw_before_seconds, admission_seconds, per_second_max,
                 by_person)

struct PlanDocument {
    std::optional<std::string> slug, title, story, kind;
    std::optional<Instant> opens_at, closes_at;
    std::optional<std::string> timezone;
    std::vector<std::string> channels;
    std::vector<PlanLine> lines;
    std::optional<PlanPricing> pricing;
    std::optional<Duration> hold_seconds, preorder_release_seconds, preorder_grace_seconds;
    std::optional<ShowAvailable> show;
    std::optional<Quantity> few_under;
    std::optional<Duration> offer_seconds;
    std::optional<PlanRoom> room;
    std::optional<std::string> reason;
};
DROPSMITH_RECORD(PlanDocument, slug, title, story, kind, opens_at, closes_at, timezone, channels, lines, pricing,
                 hold_seconds, preorder_release_seconds, preorder_grace_seconds, show, few_under, offer_seconds, room,
                 reason)

struct PlanNote {
    std::string pointer, detail;
};
DROPSMITH_RECORD(PlanNote, pointer, detail)
struct PlanAssumption {
    std::string sku;
    std::optional<Money> unit_cost;
    bool cost_assumed = false;
    std::string detail;
};
DROPSMITH_RECORD(PlanAssumption, sku, unit_cost, cost_assumed, detail)
DROPSMITH_DEFAULTS(PlanAssumption, cost_assumed, detail)

struct PlanFile {  // as drafting answers it
    PlanDocument drop;
    std::vector<PlanNote> explanations;
    std::vector<PlanAssumption> assumptions;
};
DROPSMITH_RECORD(PlanFile, drop, explanations, assumptions)

struct PlanPeek {  // whether a document is one of those: its `drop` is no text
    std::optional<std::string> drop;
};
DROPSMITH_RECORD(PlanPeek, drop)

}  // namespace dropsmith::sim
