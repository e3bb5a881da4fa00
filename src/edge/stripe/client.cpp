// See the header. Covered by tests/payments/stripe.py.
#include "edge/stripe/client.h"

#include <exception>
#include <mutex>
#include <utility>
#include <vector>

#include "base/text.h"
#include "edge/stripe/connection.h"

namespace dropsmith::stripe {
namespace {

using Steady = std::chrono::steady_clock;
// Shorter than any server's or firewall's patience that we know of: what is older may be gone without a word.
constexpr std::chrono::seconds kept_most{50};

}  // namespace

Result<Address, std::string> parse_address(std::string_view url) {
    Address out;
    const auto wrong = [&](std::string_view what) {
        return Failure{"'" + std::string(url) + "' " + std::string(what)};
    };
    auto rest = url;
    if (rest.starts_with("https://"))
        rest.remove_prefix(8);
    else if (rest.starts_with("http://"))
        rest.remove_prefix(7), out.tls = false, out.port = 80;
    else
        return wrong("must begin with https://");
    if (rest.ends_with('/')) rest.remove_suffix(1);
    if (const auto colon = rest.rfind(':'); colon != std::string_view::npos && rest.back() != ']') {
        const auto port = parse_integer(rest.substr(colon + 1));
        if (!port || *port < 1 || *port > 65'535) return wrong("has no port from 1 to 65535");
        out.port = static_cast<std::uint16_t>(*port);
        rest = rest.substr(0, colon);
    }
    if (rest.size() > 2 && rest.front() == '[' && rest.back() == ']') rest = rest.substr(1, rest.size() - 2);
    if (rest.empty() || rest.find_first_of("/?#@ \t\r\n") != std::string_view::npos)
        return wrong("must be a host, without a path");
    out.host = rest;
    const bool here = out.host == "127.0.0.1" || out.host == "::1" || out.host == "localhost";
    if (!out.tls && !here) return wrong("must begin with https://: without it the key could be read on its way");
    return out;
}

// The connections that nobody uses just now, the latest last. There are never more than calls were made at once.
struct Client::Kept {
    struct One {
        std::unique_ptr<Connection> connection;
        Steady::time_point since;
    };
    std::mutex mutex;
    std::vector<One> all;

    std::unique_ptr<Connection> take() {
        const std::scoped_lock lock(mutex);
        std::erase_if(all, [now = Steady::now()](const One& one) {
            return now - one.since > kept_most || !one.connection->quiet();
        });
        if (all.empty()) return nullptr;
        auto latest = std::move(all.back().connection);
        all.pop_back();
        return latest;
    }
    void put(std::unique_ptr<Connection> connection) {
        const std::scoped_lock lock(mutex);
        all.push_back({std::move(connection), Steady::now()});
    }
};

Client::Client(Address address, std::string key)
    : address_(std::move(address)), key_(std::move(key)), kept_(std::make_unique<Kept>()) {}

Client::~Client() = default;

Got Client::ask(const Wanted& wanted, std::chrono::milliseconds most, const std::stop_token& stop) const {
    try {
        const Limit limit{Steady::now() + most, stop};
        auto connection = kept_->take();
        const bool was_kept = connection != nullptr;
        if (!was_kept) connection = Connection::make(address_);
        auto got = connection->ask(wanted, key_, limit);
        // It may have been closed over there at the very moment that we wrote, and whether we were heard nobody knows.
        // A question changes nothing, and what has a key is done once.
        const bool harmless = wanted.method == "GET" || !wanted.idempotency_key.empty();
        if (was_kept && harmless && got.status == 0 && got.trouble == connection_lost && !limit.over())
            got = connection->ask(wanted, key_, limit);
        if (connection->open()) kept_->put(std::move(connection));
        return got;
    } catch (const std::exception&) {
        return {0, {}, "cannot_ask"};
    }
}

}  // namespace dropsmith::stripe
