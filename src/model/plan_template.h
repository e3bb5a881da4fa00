// A template of a peak: what a burst of its kind looks like, from which a plan is drafted. Named by the shop; the
// program brings a few of its own (flow/decide/templates.h), which a shop may replace under their names. Codes 315-316.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/drop.h"
#include "model/fact.h"

namespace dropsmith {

enum class Weekday : std::uint8_t { monday, tuesday, wednesday, thursday, friday, saturday, sunday };
DROPSMITH_CHOICE(Weekday, "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

struct TemplateOpening {                     // in the shop's time zone; what is not said may be any
    std::optional<Weekday> weekday;
    std::optional<std::uint32_t> day_of_month;
    std::optional<Duration> time;            // since midnight
    bool said() const { return weekday || day_of_month || time; }
};
DROPSMITH_RECORD(TemplateOpening, weekday, day_of_month, time)

struct PlanTemplate {
    std::string name;                        // [a-z0-9-]{1,60}
    std::string title;                       // what it is for
    Duration window = hours(72);
    TemplateOpening opening;
    Quantity units{50};                      // of a SKU, at most
    std::vector<Rate> bands;                 // shares of the usual price, ascending
    Rate min_margin{200'000};                // the floor leaves this share of the net price
    std::optional<Rate> max_discount;
    Rate preorder_share{200'000};            // the stock reserve
    std::optional<Quantity> per_person_limit;
    Duration hold_for = minutes(10);
    PricingTerms pricing;                    // mode, guardrails, arrival curve; cadence 0: a 72nd of the window
};
DROPSMITH_RECORD(PlanTemplate, name, title, window, opening, units, bands, min_margin, max_discount, preorder_share,
                 per_person_limit, hold_for, pricing)

struct SetTemplate {                         // adds it, or replaces the one of its name
    static constexpr CommandCode code{315};
    PlanTemplate plan;
};
struct RemoveTemplate {
    static constexpr CommandCode code{316};
    std::string name;
};

struct TemplateSet {
    static constexpr FactCode code{315};
    static constexpr std::uint8_t version = 1;
    PlanTemplate plan;
};
DROPSMITH_RECORD(TemplateSet, plan)
struct TemplateRemoved {
    static constexpr FactCode code{316};
    static constexpr std::uint8_t version = 1;
    std::string name;
};
DROPSMITH_RECORD(TemplateRemoved, name)

}  // namespace dropsmith
