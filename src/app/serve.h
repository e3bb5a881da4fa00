// `dropsmith serve`: a shop behind sockets until SIGINT or SIGTERM.
#pragma once

#include <string>

#include "app/shop.h"
#include "edge/http/server.h"

namespace dropsmith::app {

struct ServeSettings {
    ShopSettings shop;
    std::string listen = "127.0.0.1:8080";
    unsigned threads = 0;     // 0: one per spare core
    bool supervised = false;  // a demo's child: may be killed, somebody starts it again
};

bool parse_listen(const std::string& text, std::string& address, std::uint16_t& port);
int serve(const ServeSettings& settings);

}  // namespace dropsmith::app
