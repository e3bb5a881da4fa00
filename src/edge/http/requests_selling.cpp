// Field tables of requests.h, the selling half: two files, because the tables are slow to compile. Covered by
// tests/http/openapi.py.
#include "base/describe.h"
#include "edge/http/requests.h"

namespace dropsmith {
using namespace http;

DROPSMITH_TYPES(RoomBody, DropBody, OverrideBody, EndOverrideBody, PriceRulesPatch, SignOffBody, QuoteBody, HoldBody,
                PersonalOfferBody, HoldPatch, HoldsBatchBody, ConfirmBody, RefundBody, HandOverBody, ShipBody,
                PaymentNoteBody, SubscriberBody, PersonAskBody, ErasureBody)

}  // namespace dropsmith
