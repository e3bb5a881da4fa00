// Whom a request comes from: the socket's other end, or, when that is a proxy that the operator named, whom the proxy
// says it speaks for. Nobody else's X-Forwarded-… is believed. Pure; any thread. Covered by edge/http/peers_test.cpp,
// tests/http/proxy.py.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edge/http/message.h"

namespace dropsmith::http {

// An IPv4 address stands as its IPv6-mapped form, so that there is one kind.
using Address = std::array<std::uint8_t, 16>;
std::optional<Address> parse_address(std::string_view text);  // "203.0.113.9", "2001:db8::1", "[2001:db8::1]:443"
std::string show_address(const Address& address);
bool is_loopback(const Address& address);

struct Network {
    Address address{};
    unsigned bits = 128;  // of the mapped form
    bool contains(const Address& other) const;
};
std::optional<Network> parse_network(std::string_view text);  // "10.0.0.0/8", "127.0.0.1", "2001:db8::/32"

// Whose allowance a request uses up: an IPv4 address, or the /64 of an IPv6 one (which is one customer's line).
std::uint64_t subnet_key(const Address& address);

// Takes what a trusted proxy says into request.peer, .secure and .host, and drops it from everybody else. The peer is
// the last address in X-Forwarded-For that is not itself a trusted proxy.
void believe_proxies(Request& request, const std::vector<Network>& trusted);

}  // namespace dropsmith::http
