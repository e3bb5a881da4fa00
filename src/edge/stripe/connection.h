// One kept connection to the payment provider: opened at its first call, TLS or plain, used for one call after another.
// Whoever has it has it alone (edge/stripe/client hands them round); a call blocks its thread and ends within its
// limit. After anything but a whole answer that leaves the line open it is closed, and opens anew at the next call.
// The certificate is judged once for each connection. Covered by tests/payments/stripe.py.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>

#include "edge/stripe/client.h"

namespace dropsmith::stripe {

// The one trouble after which a call on a kept connection is made once more.
inline constexpr std::string_view connection_lost = "connection_lost";

struct Limit {
    std::chrono::steady_clock::time_point end;
    std::stop_token stop;
    bool over() const { return stop.stop_requested() || std::chrono::steady_clock::now() >= end; }
};

class Connection {
  public:
    static std::unique_ptr<Connection> make(const Address& address);
    virtual ~Connection() = default;
    virtual Got ask(const Wanted& wanted, const std::string& key, const Limit& limit) = 0;
    virtual bool open() const = 0;
    // Nobody has closed it and nothing was said on it since the last answer.
    virtual bool quiet() = 0;
};

}  // namespace dropsmith::stripe
