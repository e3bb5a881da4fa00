// Calls to the payment provider over HTTPS, each within a stated time, on connections that are kept from call to call.
// A kept one may have died meanwhile: then the call is made once more on a new one, which its key makes harmless. The
// certificate must be the host's and lead to a root that this machine trusts (OpenSSL's defaults; SSL_CERT_FILE names
// others). Plain HTTP goes to this machine only, so that a test's stand-in can serve and a key never crosses a network
// unsealed. The key stands in the Authorization header and nowhere else: no log, no error, no fact. Any thread; a call
// blocks its thread, so only the worker's own make one. Covered by tests/payments/stripe.py.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dropsmith::stripe {

inline constexpr std::string_view api_version = "2025-02-24.acacia";

struct Address {
    bool tls = true;
    std::string host;
    std::uint16_t port = 443;
};
// https://HOST[:PORT], or http://127.0.0.1:PORT; the error says what would be right.
Result<Address, std::string> parse_address(std::string_view url);

struct Wanted {
    std::string method, target;
    std::string form;             // the body, already encoded
    std::string idempotency_key;  // "" for GET
};
struct Got {
    int status = 0;               // 0: no answer
    std::string body;
    std::string trouble;          // a word, when there is no answer
};

class Client {
  public:
    Client(Address address, std::string key);
    ~Client();
    Got ask(const Wanted& wanted, std::chrono::milliseconds most, const std::stop_token& stop) const;

  private:
    struct Kept;
    Address address_;
    std::string key_;
    std::unique_ptr<Kept> kept_;
};

}  // namespace dropsmith::stripe
