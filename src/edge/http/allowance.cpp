// See the header. Covered by tests/http/limits.py.
#include "edge/http/allowance.h"

#include <algorithm>

#include "base/digest.h"

namespace dropsmith::http {
namespace {

// Callers of several kinds share one table: the two highest bits say which.
constexpr std::uint64_t of_grant = 1ull << 63, of_network = 1ull << 62, of_session = 3ull << 62;
constexpr std::int64_t network_share = 16;  // so many callers' worth for all addresses of one network

std::uint64_t tagged(std::uint64_t kind, std::uint64_t key) { return kind | (key & ~(3ull << 62)); }

// An IPv4 /24 or an IPv6 /48: who has many addresses has them there. A shop's customers behind one are few.
std::uint64_t network_key(const Address& address) {
    constexpr std::size_t mapped = 12;
    const bool ipv4 = std::all_of(address.begin(), address.begin() + 10, [](auto octet) { return octet == 0; }) &&
                      address[10] == 0xFF && address[11] == 0xFF;
    std::uint64_t key = ipv4 ? 1 : 2;
    for (std::size_t i = ipv4 ? mapped : 0; i < (ipv4 ? mapped + 3 : 6); ++i) key = key << 8 | address[i];
    return key;
}

}  // namespace

std::int64_t over_allowance(Services& services, const Request& request, const Grant* grant) {
    const auto now = services.machine_clock->boot().n;
    if (request.trusted && !grant) return 0;  // the control socket: this machine's owner
    const std::string_view peer = request.peer;
    if (!services.limit_loopback && (peer.starts_with("127.") || peer == "::1")) return 0;
    if (grant) return services.throttle.ask(tagged(of_grant, grant->id.n), services.staff_allowance, now);
    const auto& one = services.public_allowance;
    if (one.per_second <= 0) return 0;
    std::int64_t wait = 0;
    // A buyer's own secret (of a hold, an order, a place in a room) is one session, from wherever it comes.
    for (const auto* secret : {&request.authorization, &request.buyer_secret})
        if (!secret->empty())
            wait = std::max(wait, services.throttle.ask(tagged(of_session, first_64(blake2b(*secret))), one, now));
    const auto address = parse_address(peer);
    if (!address) return wait;
    wait = std::max(wait, services.throttle.ask(tagged(0, subnet_key(*address)), one, now));
    const Allowance network{one.per_second * network_share, one.burst * network_share};
    return std::max(wait, services.throttle.ask(tagged(of_network, network_key(*address)), network, now));
}

}  // namespace dropsmith::http
