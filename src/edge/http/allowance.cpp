// See the header. Covered by tests/http/limits.py.
#include "edge/http/allowance.h"

namespace dropsmith::http {

std::int64_t over_allowance(Services& services, const Request& request, const Grant* grant) {
    const auto now = services.machine_clock->boot().n;
    if (request.trusted && !grant) return 0;  // the control socket: this machine's owner
    const std::string_view peer = request.peer;
    if (!services.limit_loopback && (peer.starts_with("127.") || peer == "::1")) return 0;
    if (grant) return services.throttle.ask(grant->id.n | 1ull << 63, services.staff_allowance, now);
    if (services.public_allowance.per_second <= 0) return 0;
    const auto address = parse_address(peer);
    return address ? services.throttle.ask(subnet_key(*address) & ~(1ull << 63), services.public_allowance, now) : 0;
}

}  // namespace dropsmith::http
