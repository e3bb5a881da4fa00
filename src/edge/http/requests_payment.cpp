// Field tables of requests_payment.h (base/describe.h). Covered by tests/http/openapi.py.
#include "edge/http/requests_payment.h"

#include "base/describe.h"

namespace dropsmith {
using namespace http;

DROPSMITH_TYPES(BankBody, PaymentTermsPatch, CheckoutBody, TotalBody, TransferBody, TransfersBody, SettleBody)

}  // namespace dropsmith
