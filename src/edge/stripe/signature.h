// The signature of a webhook, as Stripe makes it: header "t=UNIX,v1=HEX[,v1=HEX…]", HMAC-SHA256 over "t.body" under the
// endpoint's secret. One of several secrets may have made it, so that a secret can be changed without losing an event.
// A time more than five minutes off either way is refused, so that what was overheard cannot be told again later.
// Compared in constant time. Pure; any thread. Covered by edge/stripe/signature_test.cpp, and tests/payments/stripe.py
// with signatures that Stripe's own library makes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/numbers.h"
#include "base/result.h"

namespace dropsmith::stripe {

inline constexpr Duration signature_valid_for = minutes(5);

// The error says what was wrong, for the provider's log of deliveries; it says nothing about the secret.
Status<std::string> check_signature(std::string_view header, std::string_view body,
                                    const std::vector<std::string>& secrets, Instant now);

}  // namespace dropsmith::stripe
