// Stripe's key and signing secrets, from files or the environment; never from the command line, where others can read
// them. Before the threads begin. Covered by tests/payments/stripe.py.
#pragma once

#include <optional>
#include <string>

#include "app/shop.h"

namespace dropsmith::app {

struct StripeAsked {
    std::string url = "https://api.stripe.com";
    std::string key_file, secrets_file;
};

// nothing: no key is given, so there are no payment pages. The error names the setting, and never its value.
Result<std::optional<StripeSettings>, std::string> stripe_settings(const StripeAsked& asked);

}  // namespace dropsmith::app
