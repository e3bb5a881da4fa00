// See the header. Covered by tests/payments/stripe.py.
#include "app/stripe_setup.h"

#include <cstdlib>

#include "base/text.h"
#include "edge/files/text.h"

namespace dropsmith::app {
namespace {

constexpr std::size_t secrets_max = 4;

// The words of a file, else of the environment; wiped from the latter, so that no child inherits them.
Result<std::vector<std::string>, std::string> words(const std::string& file, const char* variable) {
    std::string text;
    if (!file.empty()) {
        auto read = files::read_all(file);
        if (!read) return Failure{read.error().what};
        text = std::move(*read);
    } else if (const char* given = std::getenv(variable)) {
        text = given;
        ::unsetenv(variable);
    }
    std::vector<std::string> out;
    std::string word;
    for (const char c : text + " ") {
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            word += c;
        } else if (!word.empty()) {
            out.push_back(std::move(word));
            word.clear();
        }
    }
    return out;
}

bool plain(const std::string& word) {
    for (const char c : word)
        if (c <= ' ' || c > '~') return false;
    return word.size() <= 300;
}

}  // namespace

Result<std::optional<StripeSettings>, std::string> stripe_settings(const StripeAsked& asked) {
    auto keys = words(asked.key_file, "DROPSMITH_STRIPE_KEY");
    if (!keys) return Failure{"--stripe-key-file: " + keys.error()};
    auto secrets = words(asked.secrets_file, "DROPSMITH_STRIPE_WEBHOOK_SECRETS");
    if (!secrets) return Failure{"--stripe-webhook-secrets-file: " + secrets.error()};
    if (keys->empty() && asked.key_file.empty()) {
        if (secrets->empty()) return std::optional<StripeSettings>{};
        return Failure{std::string("signing secrets of Stripe are given, but no key: --stripe-key-file")};
    }
    const bool one = keys->size() == 1 && plain(keys->front());
    if (!one || (!keys->front().starts_with("sk_") && !keys->front().starts_with("rk_")))
        return Failure{std::string("the Stripe key must be one secret or restricted key, sk_… or rk_…")};
    for (const auto& secret : *secrets)
        if (!secret.starts_with("whsec_") || !plain(secret))
            return Failure{std::string("a signing secret of Stripe begins with whsec_")};
    if (secrets->size() > secrets_max)
        return Failure{std::string("at most four signing secrets: the present one, and one that it is changed with")};
    auto address = stripe::parse_address(asked.url);
    if (!address) return Failure{"--stripe-url: " + address.error()};
    return std::optional(StripeSettings{*address, keys->front(), *secrets});
}

}  // namespace dropsmith::app
