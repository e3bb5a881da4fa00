// `dropsmith serve`: a shop behind sockets until SIGINT or SIGTERM.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/shop.h"
#include "app/stripe_setup.h"
#include "edge/http/server.h"

namespace dropsmith::app {

struct ServeSettings {
    ShopSettings shop;
    StripeAsked stripe;
    std::string listen = "127.0.0.1:8080";
    unsigned threads = 0;     // 0: one per spare core
    std::string tls_certificate, tls_key;  // files; "" = plain
    std::vector<std::string> proxies;      // CIDR: whose X-Forwarded-… is believed
    std::int64_t stripe_look_every = 20;  // seconds
    std::optional<std::int64_t> rate;      // requests a second from one address; none: 100, but none on this machine
    bool supervised = false;  // a demo's child: may be killed, somebody starts it again
};

bool parse_listen(const std::string& text, std::string& address, std::uint16_t& port);
int serve(const ServeSettings& settings);

}  // namespace dropsmith::app
