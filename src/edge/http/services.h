// What the routes work with, wired by src/app: the loop, the words of this shop, and doors to the other edge folders
// that edge/http may not name itself. Immutable after wiring but for the members that say otherwise. Lives longer than
// the server.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/public_id.h"
#include "edge/http/board.h"
#include "edge/http/denials.h"
#include "edge/http/grants.h"
#include "edge/http/looks.h"
#include "edge/http/peers.h"
#include "edge/http/ports.h"
#include "edge/http/rehearsals.h"
#include "edge/http/room_board.h"
#include "edge/http/slow.h"
#include "edge/http/stream.h"
#include "edge/http/page_views.h"
#include "edge/http/throttle.h"
#include "engine/loop.h"
#include "engine/replica.h"
#include "engine/seen_keys.h"
#include "engine/shop_clock.h"
#include "engine/planners.h"
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
    const engine::Planners* planners = nullptr;  // for their figures
    const Server* server = nullptr;            // null in the command line's own process
    std::string currency;                      // ISO 4217, of the whole shop
    bool simulated = false;
    std::string public_url;  // of pages and links; "" when not known
    std::string mac_key;     // of quotes: derived from the shop key

    std::vector<Network> proxies;         // whose X-Forwarded-… is believed
    bool tls = false;                     // the server itself speaks TLS
    Allowance public_allowance, staff_allowance;  // of one address, of one token
    bool limit_loopback = false;          // callers on this machine have limits too

    Board board;
    std::unique_ptr<engine::SeenKeys> seen_keys;  // null where nobody serves: then the loop alone answers holds
    // Of a hold, before its command is handed in: from now on the board does not refuse this key.
    void key_goes_to_the_loop(const KeyScope& scope) {
        if (seen_keys) seen_keys->add(scope, Instant{0} + machine_clock->boot());
    }

    Grants grants;
    Throttle throttle;
    Denials denials;
    Stream stream;
    RoomBoard rooms;
    Rehearsals rehearsals;
    Looks looks;
    PageViews page_views;
    Slow slow;
    Slow lists{4, 256};                   // of the tables: short, and not behind what is long
    engine::Replica* replica = nullptr;   // for questions that look at much
    Ports ports;                         // doors to other rooms; each may be empty
    std::atomic<std::uint64_t> shed{0};  // requests refused because a queue was full
    std::atomic<bool> ready{false};
    std::atomic<bool> stopping{false};
};

}  // namespace dropsmith::http
