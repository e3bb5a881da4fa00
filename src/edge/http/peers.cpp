// See the header. Covered by edge/http/peers_test.cpp.
#include "edge/http/peers.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "base/digest.h"
#include "base/text.h"

namespace dropsmith::http {
namespace {

constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool is_ipv4(const Address& address) { return std::equal(mapped.begin(), mapped.end(), address.begin()); }

// "[::1]:443" and "203.0.113.9:5555" without their ports; the text itself otherwise.
std::string_view without_port(std::string_view text) {
    if (text.starts_with('[')) return text.substr(1, text.find(']') == text.npos ? 0 : text.find(']') - 1);
    const auto colon = text.find(':');
    return colon != text.npos && text.find(':', colon + 1) == text.npos ? text.substr(0, colon) : text;
}

bool among(const std::vector<Network>& networks, const Address& address) {
    return std::any_of(networks.begin(), networks.end(), [&](const Network& n) { return n.contains(address); });
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
    const std::string plain(without_port(trim(text)));
    Address address{};
    if (::inet_pton(AF_INET6, plain.c_str(), address.data()) == 1) return address;
    std::copy(mapped.begin(), mapped.end(), address.begin());
    if (::inet_pton(AF_INET, plain.c_str(), address.data() + mapped.size()) == 1) return address;
    return std::nullopt;
}

std::string show_address(const Address& address) {
    char text[INET6_ADDRSTRLEN] = "";
    if (is_ipv4(address))
        ::inet_ntop(AF_INET, address.data() + mapped.size(), text, sizeof text);
    else
        ::inet_ntop(AF_INET6, address.data(), text, sizeof text);
    return text;
}

bool is_loopback(const Address& address) {
    if (is_ipv4(address)) return address[mapped.size()] == 127;
    Address one{};
    one.back() = 1;
    return address == one;
}

bool Network::contains(const Address& other) const {
    const unsigned whole = bits / 8, rest = bits % 8;
    if (!std::equal(address.begin(), address.begin() + whole, other.begin())) return false;
    return rest == 0 || (address[whole] ^ other[whole]) >> (8 - rest) == 0;
}

std::optional<Network> parse_network(std::string_view text) {
    text = trim(text);
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    if (slash == text.npos) return Network{*address, 128};
    const auto bits = parse_integer(text.substr(slash + 1));
    const unsigned offset = is_ipv4(*address) ? 96 : 0;
    if (!bits || *bits < 0 || *bits > 128 - static_cast<std::int64_t>(offset)) return std::nullopt;
    return Network{*address, offset + static_cast<unsigned>(*bits)};
}

std::uint64_t subnet_key(const Address& address) {
    std::uint64_t half = 0;
    std::memcpy(&half, address.data() + (is_ipv4(address) ? 8 : 0), sizeof half);
    return half;
}

void believe_proxies(Request& request, const std::vector<Network>& trusted) {
    const std::string said_for = std::move(request.forwarded_for), said_proto = std::move(request.forwarded_proto),
                      said_host = std::move(request.forwarded_host);
    request.forwarded_for.clear(), request.forwarded_proto.clear(), request.forwarded_host.clear();
    if (trusted.empty() || request.trusted) return;
    auto peer = parse_address(request.peer);
    if (!peer || !among(trusted, *peer)) return;
    if (said_proto == "https") request.secure = true;
    if (!said_host.empty()) request.host = said_host;
    std::string_view hops = said_for;
    while (!hops.empty() && among(trusted, *peer)) {
        const auto comma = hops.rfind(',');
        const auto hop = parse_address(comma == hops.npos ? hops : hops.substr(comma + 1));
        if (!hop) break;  // an address that is none ends what can be believed
        peer = hop;
        hops = comma == hops.npos ? std::string_view{} : hops.substr(0, comma);
    }
    request.peer = show_address(*peer);
}

}  // namespace dropsmith::http
