// Field tables of shop.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/shop.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(TaxRate, DeliveryMethod, PaymentFee, RefusalCount, ShopOpened, TermsSet, WriterStarted,
                RefusalsCounted, ShopTidied, Shop)

}  // namespace dropsmith
