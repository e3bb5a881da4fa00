// From a task of the outbox to what Stripe is asked, and from its answers to the command that says what came of it.
// What is asked depends on facts alone, so a repeat after a crash asks the very same under the very same key, and
// Stripe does it once. An answer of 5xx is kept by Stripe under its key: the next try then has a key of its own, and
// refunds are looked for before they are asked for again. Any thread; `ask` may block. Covered by
// edge/stripe/calls_test.cpp and tests/payments/stripe.py.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/public_id.h"
#include "edge/stripe/client.h"
#include "model/fact.h"
#include "model/payment.h"

namespace dropsmith::stripe {

// Stripe counts ISK and UGX in hundredths, and takes currencies of three places in tens only; nullopt: not supported.
std::optional<std::int64_t> stripe_scale(std::string_view currency);

struct Work {
    PaymentTask task;
    Checkout checkout;
};

struct Asking {
    const PublicIds& ids;
    std::string currency;                               // ISO 4217
    std::function<Got(const Wanted&)> ask;
    Instant now;
};

std::string idempotency_key(const PublicIds& ids, const PaymentTask& task);
Command do_task(const Work& work, const Asking& asking);
// Looks at an open page of its own accord; nothing: it is still open, or nobody answered.
std::optional<Command> look_at(const Checkout& checkout, const Asking& asking);

}  // namespace dropsmith::stripe
