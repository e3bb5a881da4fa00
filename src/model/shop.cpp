// Field tables of shop.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/shop.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(TaxRate, DeliveryMethod, PaymentFee, RefusalCount, ShopOpened, TermsSet, WriterStarted,
                RefusalsCounted, Shop)

Rate tax_rate(const Shop& shop, std::string_view category, std::string_view zone, Instant at) {
    const TaxRate* found = nullptr;
    for (const auto& row : shop.tax) {
        if (row.category != category || row.valid_from > at || (row.zone != zone && !row.zone.empty())) continue;
        const bool nearer = !found || (found->zone.empty() && !row.zone.empty());
        const bool newer = found && found->zone == row.zone && row.valid_from >= found->valid_from;
        if (nearer || newer) found = &row;
    }
    return found ? found->rate : Rate{};
}

}  // namespace dropsmith
