// See the header. Covered by flow/sell/proration_test.cpp.
#include "flow/sell/proration.h"

namespace dropsmith::sell {
namespace {

std::int64_t of_first(Money amount, Quantity all, Quantity units) {
    return checked(try_mul_div_floor(amount.n, units.n, all.n));
}

}  // namespace

Money share_of_units(Money amount, Quantity all, Quantity before, Quantity units) {
    CHECK_BECAUSE(all > Quantity{0} && units >= Quantity{0} && before >= Quantity{0} && before + units <= all,
                  "units of a line lie within it");
    return Money{of_first(amount, all, before + units) - of_first(amount, all, before)};
}

ReturnedLine returned_units(std::uint32_t index, const OrderLineState& line, Quantity units, bool restock) {
    const auto& terms = line.terms;
    return {index,
            terms.line,
            terms.sku,
            terms.place,
            units,
            share_of_units(terms.gross, terms.units, line.refunded_units, units),
            share_of_units(terms.tax, terms.units, line.refunded_units, units),
            restock};
}

}  // namespace dropsmith::sell
