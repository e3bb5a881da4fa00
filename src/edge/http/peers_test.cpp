// Addresses, networks, and whom a proxy may speak for.
#include "edge/http/peers.h"

#include <gtest/gtest.h>

namespace dropsmith::http::peers_test {
namespace {

TEST(Peers, AddressesAreReadAndShown) {
    struct Case {
        std::string_view text, shown;
    };
    for (const auto& [text, shown] : {Case{"203.0.113.9", "203.0.113.9"},
                                      {" 203.0.113.9 ", "203.0.113.9"},
                                      {"203.0.113.9:5555", "203.0.113.9"},
                                      {"2001:db8::1", "2001:db8::1"},
                                      {"[2001:db8::1]:443", "2001:db8::1"},
                                      {"::ffff:203.0.113.9", "203.0.113.9"}}) {
        const auto address = parse_address(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(show_address(*address), shown);
    }
    for (const auto text : {"", "unknown", "203.0.113", "203.0.113.999", "_secret", "[2001:db8::1"})
        EXPECT_FALSE(parse_address(text)) << text;
}

TEST(Peers, ANetworkHoldsWhatItSays) {
    struct Case {
        std::string_view network, address;
        bool in;
    };
    for (const auto& [text, address, in] : {Case{"10.0.0.0/8", "10.200.3.4", true},
                                            {"10.0.0.0/8", "11.0.0.1", false},
                                            {"10.0.0.0/15", "10.1.255.255", true},
                                            {"10.0.0.0/15", "10.2.0.0", false},
                                            {"127.0.0.1", "127.0.0.1", true},
                                            {"127.0.0.1", "127.0.0.2", false},
                                            {"0.0.0.0/0", "203.0.113.9", true},
                                            {"0.0.0.0/0", "2001:db8::1", false},
                                            {"2001:db8::/32", "2001:db8:ffff::1", true},
                                            {"2001:db8::/32", "2001:db9::1", false}}) {
        const auto network = parse_network(text);
        ASSERT_TRUE(network) << text;
        EXPECT_EQ(network->contains(*parse_address(address)), in) << text << " " << address;
    }
    for (const auto text : {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "proxy", "2001:db8::/129", ""})
        EXPECT_FALSE(parse_network(text)) << text;
}

TEST(Peers, AnIPv6CustomerIsOneCallerWhateverItsAddress) {
    EXPECT_EQ(subnet_key(*parse_address("2001:db8:1:2::1")), subnet_key(*parse_address("2001:db8:1:2:ffff::9")));
    EXPECT_NE(subnet_key(*parse_address("2001:db8:1:2::1")), subnet_key(*parse_address("2001:db8:1:3::1")));
    EXPECT_NE(subnet_key(*parse_address("203.0.113.9")), subnet_key(*parse_address("203.0.113.10")));
}

Request from(std::string peer, std::string said_for) {
    Request request;
    request.peer = std::move(peer), request.forwarded_for = std::move(said_for);
    request.forwarded_proto = "https", request.forwarded_host = "shop.example", request.host = "inner";
    return request;
}

TEST(Peers, OnlyATrustedProxySpeaksForOthers) {
    const std::vector<Network> trusted{*parse_network("10.0.0.0/8"), *parse_network("127.0.0.1")};
    struct Case {
        std::string peer, said, seen;
        bool believed;
    };
    for (const auto& [peer, said, seen, believed] :
         {Case{"203.0.113.9", "198.51.100.1", "203.0.113.9", false},  // spoofed: not from a proxy
          {"10.0.0.1", "198.51.100.1", "198.51.100.1", true},
          {"10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1", true},            // what a client wrote
          {"10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.7", "198.51.100.1", true},  // a chain of ours
          {"10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1", true},
          {"10.0.0.1", "", "10.0.0.1", true},
          {"127.0.0.1", "[2001:db8::5]:99", "2001:db8::5", true}}) {
        auto request = from(peer, said);
        believe_proxies(request, trusted);
        EXPECT_EQ(request.peer, seen) << said;
        EXPECT_EQ(request.secure, believed);
        EXPECT_EQ(request.host, believed ? "shop.example" : "inner");
        EXPECT_TRUE(request.forwarded_for.empty());
    }
    auto request = from("10.0.0.1", "198.51.100.1");
    believe_proxies(request, {});
    EXPECT_EQ(request.peer, "10.0.0.1") << "without a setting nobody is a proxy";
    EXPECT_FALSE(request.secure);
}

}  // namespace
}  // namespace dropsmith::http::peers_test
