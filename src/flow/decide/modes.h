// How a line's price moves, by the drop's mode (model/drop.h). Taper and ladder are pure clockwork: no policy, no
// chance; what they want passes the same gate. The taper is announced with the drop, so its instants and prices are
// fixed by the plan. A line is told as its channel sells it (in_channel). Pure integers; any thread. Covered by
// flow/decide/modes_test.cpp.
#pragma once

#include <optional>
#include <vector>

#include "model/drop.h"

namespace dropsmith::decide {

struct TaperStep {
    Instant at;
    Money price;
};
std::vector<TaperStep> taper_of(const DropTerms& terms, const LineTerms& line);  // the first at the opening
Money tapered(const DropTerms& terms, const LineTerms& line, Instant now);
Instant next_taper(const DropTerms& terms, const LineTerms& line, Instant now);  // epoch: none

Money fixed_price(const LineTerms& line);  // the only band, or the list price

Money ladder_price(const LineTerms& line, const LadderStage& stage);  // the highest band that gives its discount
// The price of the next stage below `now_asked` when its triggers are met, `gone` units being held or sold; else none.
std::optional<Money> laddered(const DropTerms& terms, const LineTerms& line, Quantity gone, Money now_asked,
                              Instant now);

// The band nearest to the list price that is lawful: what the shop would ask without an engine.
std::optional<Money> baseline_band(const LineTerms& line, Money floor);

bool decided_by_engine(const PricingTerms& terms);  // interval, cohort
bool reviewed(const PricingTerms& terms);           // all but fixed
bool never_rises(const PricingTerms& terms);        // cohort, taper, ladder

}  // namespace dropsmith::decide
