// Field tables of payment.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/payment.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(BankAccount, PaymentWays, PaymentTermsSet, TransferTaken, OpenItemSettled, CheckoutItem, CheckoutAsked,
                CheckoutOpened, PaymentEventTaken, PaymentAuthorised, PaymentTaskDone, PaymentTaskDelayed,
                PaymentTaskFailed, RefundLost, Checkout, PaymentTask, OpenItem, ExpectedTransfer)

}  // namespace dropsmith
