// The one gate that every price passes before it becomes a fact. In this order, each step leaving its word in the
// trail:
//     killed          the list price is wanted, whatever was asked; exempt from the step
//     override leave  a person's price: attributed, expiring; at or above the floor unless the grant may go below; at
//     most the cap band            inside lowest … highest band floor           the money floor and the price that
//     leaves min_margin, the higher of both; up to the next band that is lawful cap             nothing above the
//     higher of list price and highest band (bands are inside it; it refuses overrides) max_step        at most this
//     share of the current price in one decision of the engine; never back below the floor
// A price that cannot be made lawful is refused: then the last price stands. Pure integers; any thread.
// Covered by flow/decide/guardrail_test.cpp and price_laws_test.cpp, where a naive policy without it breaks its laws.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "flow/decide/economics.h"
#include "model/drop.h"
#include "model/price.h"
#include "model/state.h"

namespace dropsmith::decide {

struct Floor {  // the lowest lawful shown price, and the guardrail that makes it
    Money price;
    Guardrail by = Guardrail::floor;
};

// Why there is no floor to hold on to: `no_guardrail` words for plan, gate and reports.
enum class NoFloor : std::uint8_t { cost_unknown, margin_unreachable };

Result<Floor, NoFloor> floor_of(const LineTerms& terms, const UnitEconomics& unit);
bool has_guardrail(const LineTerms& terms);  // a floor or a min_margin

// The prices that may be asked: the bands, or the list price alone when none are given.
std::vector<Money> bands_of(const LineTerms& terms);
Money cap_price(const LineTerms& terms);
std::optional<std::uint32_t> arm_at(const std::vector<Money>& bands, Money price);

struct GateAsk {
    Money wanted;
    std::optional<Money> stepping_from;  // the current price, when the step counts
    bool killed = false;
    bool leave = false;              // an override by a person
    bool leave_below_floor = false;  // whose grant may go below the floor
};

struct Gated {
    Money price;
    std::optional<std::uint32_t> arm;  // when the price is a band
    std::vector<Guardrail> bound;      // in the order of the gate
    Money floor;
};

Result<Gated, Refusal> pass_gate(const LineTerms& terms, const PricingTerms& pricing, const UnitEconomics& unit,
                                 const GateAsk& ask);

}  // namespace dropsmith::decide
