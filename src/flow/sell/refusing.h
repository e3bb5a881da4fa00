// Small words for saying no: a refusal with what could still be had, or with the field that is wrong. Any thread.
// Covered by the tests of the rules that use it (flow/sell/*_test.cpp).
#pragma once

#include <string>
#include <utility>

#include "model/fact.h"

namespace dropsmith::sell {

// Says which line it was and how many units could still be had.
inline Failure<Refusal> refuse_units(RefusalCode code, std::string detail, std::string sku, Quantity available) {
    return Failure<Refusal>{Refusal{code, std::move(detail), available, std::move(sku), {}}};
}

// Says which line it was.
inline Failure<Refusal> refuse_line(RefusalCode code, std::string detail, std::string sku) {
    return Failure<Refusal>{Refusal{code, std::move(detail), {}, std::move(sku), {}}};
}

// Says which field of the document is wrong (RFC 6901), and the way out.
inline Failure<Refusal> refuse_field(RefusalCode code, std::string rule, std::string pointer, std::string detail) {
    Refusal refusal{code, detail, {}, {}, {}};
    refusal.clashes.push_back({std::move(rule), std::move(pointer), std::move(detail)});
    return Failure<Refusal>{std::move(refusal)};
}

inline std::string count_of(Quantity units) { return std::to_string(units.n); }

}  // namespace dropsmith::sell
