// What the routes work with, wired by src/app: the loop, the words of this shop, and doors to the other edge folders
// that edge/http may not name itself. Immutable after wiring but for the members that say otherwise. Lives longer than
// the server.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/public_id.h"
#include "edge/http/grants.h"
#include "edge/http/ports.h"
#include "edge/http/rehearsals.h"
#include "edge/http/slow.h"
#include "edge/http/stream.h"
#include "engine/loop.h"
#include "engine/shop_clock.h"
#include "engine/signal_log.h"
#include "engine/tables.h"

namespace dropsmith::http {

class Server;

struct Services {
    engine::Loop* loop = nullptr;
    engine::ShopClock* shop_clock = nullptr;
    const Clock* machine_clock = nullptr;
    const PublicIds* ids = nullptr;
    const engine::Journal* journal = nullptr;  // read-only, from slow threads
    engine::SignalLog* signals = nullptr;      // null: not taken
    engine::Tables* tables = nullptr;          // null: lists come from the state
    const Server* server = nullptr;            // null in the command line's own process
    std::string currency;                      // ISO 4217, of the whole shop
    bool simulated = false;
    std::string public_url;  // of pages and links; "" when not known
    std::string mac_key;     // of quotes: derived from the shop key

    Grants grants;
    Stream stream;
    Rehearsals rehearsals;
    Slow slow;
    Ports ports;                         // doors to other rooms; each may be empty
    std::atomic<std::uint64_t> shed{0};  // requests refused because a queue was full
    std::atomic<bool> ready{false};
    std::atomic<bool> stopping{false};
};

}  // namespace dropsmith::http
