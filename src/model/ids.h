// The nouns' ids. The prefix is what a client sees ("hold_4k…"); ids are dense counters inside, so that tables are
// arrays.
#pragma once

#include <string_view>

#include "base/id.h"

namespace dropsmith {

#define DROPSMITH_ID(Name, shown)                                  \
    struct Name##Tag { static constexpr std::string_view prefix = shown; }; \
    using Name##Id = Id<Name##Tag>;

DROPSMITH_ID(Grant, "grt")
DROPSMITH_ID(Product, "prd")
DROPSMITH_ID(Sku, "sku")
DROPSMITH_ID(Place, "plc")
DROPSMITH_ID(Channel, "chn")
DROPSMITH_ID(Drop, "drop")
DROPSMITH_ID(Decision, "dec")
DROPSMITH_ID(Override, "ovr")
DROPSMITH_ID(Hold, "hold")
DROPSMITH_ID(Order, "ord")
DROPSMITH_ID(Refund, "rfd")
DROPSMITH_ID(Person, "per")
DROPSMITH_ID(Import, "imp")
DROPSMITH_ID(Receipt, "rcp")
DROPSMITH_ID(Subscriber, "sub")
DROPSMITH_ID(Wait, "wait")
DROPSMITH_ID(Pass, "pass")
DROPSMITH_ID(Checkout, "chk")
DROPSMITH_ID(PaymentTask, "ptk")
DROPSMITH_ID(OpenItem, "itm")

#undef DROPSMITH_ID

}  // namespace dropsmith
