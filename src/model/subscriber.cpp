// Field tables of subscriber.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/subscriber.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(Subscribed, SubscriptionConfirmed, SubscriptionEnded, Subscriber)

}  // namespace dropsmith
