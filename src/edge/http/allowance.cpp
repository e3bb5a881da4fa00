// See the header. Covered by tests/http/limits.py.
#include "edge/http/allowance.h"

#include <algorithm>

#include "base/digest.h"

namespace dropsmith::http {
namespace {

// Callers of several kinds share one table: the three highest bits say which.
constexpr std::uint64_t kinds = 7ull << 61;
constexpr std::uint64_t of_address = 0, of_grant = 1ull << 61, of_network = 2ull << 61, of_session = 3ull << 61,
                        of_unnamed_address = 4ull << 61, of_unnamed_network = 5ull << 61;
constexpr std::int64_t network_share = 16;  // so many callers' worth for all addresses of one network
constexpr std::int64_t unnamed_part = 4;    // of the allowance is for holds that say of nobody that they are his

std::uint64_t tagged(std::uint64_t kind, std::uint64_t key) { return kind | (key & ~kinds); }

// An IPv4 /24 or an IPv6 /48: who has many addresses has them there. A shop's customers behind one are few.
std::uint64_t network_key(const Address& address) {
    constexpr std::size_t mapped = 12;
    const bool ipv4 = std::all_of(address.begin(), address.begin() + 10, [](auto octet) { return octet == 0; }) &&
                      address[10] == 0xFF && address[11] == 0xFF;
    std::uint64_t key = ipv4 ? 1 : 2;
    for (std::size_t i = ipv4 ? mapped : 0; i < (ipv4 ? mapped + 3 : 6); ++i) key = key << 8 | address[i];
    return key;
}

Allowance times(const Allowance& one, std::int64_t callers) { return {one.per_second * callers, one.burst * callers}; }

bool without_limit(const Services& services, const Request& request, const Grant* grant) {
    if (request.trusted && !grant) return true;  // the control socket: this machine's owner
    const std::string_view peer = request.peer;
    return !services.limit_loopback && (peer.starts_with("127.") || peer == "::1");
}

}  // namespace

std::int64_t over_allowance(Services& services, const Request& request, const Grant* grant, std::size_t things) {
    if (without_limit(services, request, grant)) return 0;
    const auto now = services.machine_clock->boot().n;
    const auto n = static_cast<std::int64_t>(things);
    if (grant) return services.throttle.ask(tagged(of_grant, grant->id.n), services.staff_allowance, now, n);
    const auto& one = services.public_allowance;
    if (one.per_second <= 0) return 0;
    std::int64_t wait = 0;
    // A buyer's own secret (of a hold, an order, a place in a room) is one session, from wherever it comes.
    for (const auto* secret : {&request.authorization, &request.buyer_secret})
        if (!secret->empty())
            wait = std::max(wait, services.throttle.ask(tagged(of_session, first_64(blake2b(*secret))), one, now, n));
    const auto address = parse_address(request.peer);
    if (!address) return wait;
    wait = std::max(wait, services.throttle.ask(tagged(of_address, subnet_key(*address)), one, now, n));
    const auto network = times(one, network_share);
    return std::max(wait, services.throttle.ask(tagged(of_network, network_key(*address)), network, now, n));
}

std::int64_t over_unnamed(Services& services, const Request& request, const Grant* grant, std::size_t holds) {
    if (holds == 0 || grant || without_limit(services, request, grant)) return 0;
    const auto& all = services.public_allowance;
    const auto address = parse_address(request.peer);
    if (all.per_second <= 0 || !address) return 0;
    const auto now = services.machine_clock->boot().n;
    const auto n = static_cast<std::int64_t>(holds);
    const Allowance one{std::max<std::int64_t>(1, all.per_second / unnamed_part),
                        std::max<std::int64_t>(1, all.burst / unnamed_part)};
    const auto wait = services.throttle.ask(tagged(of_unnamed_address, subnet_key(*address)), one, now, n);
    const auto network = times(one, network_share);
    return std::max(wait, services.throttle.ask(tagged(of_unnamed_network, network_key(*address)), network, now, n));
}

}  // namespace dropsmith::http
