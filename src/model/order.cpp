// Field tables of order.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/order.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(RefundLine, OrderLine, TaxRow, OrderPlaced, OrderMoved, PaymentRecorded, PaymentDeadlineLifted,
                ReturnedLine, OrderCancelled, OrderRefunded, OrderLineState, CardPayment, Order, OrderArchived,
                OrderRecalled)

}  // namespace dropsmith
