// A shop in this process: data folder with its lock, journal, core, loop, planners, and the routes over them. `serve`
// puts a server in front; a command on a folder that nobody serves calls the router itself. Opened and closed by one
// thread. Covered by tests/http, tests/crash.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "edge/http/router.h"
#include "edge/http/services.h"
#include "edge/stripe/client.h"
#include "engine/core.h"

namespace dropsmith::app {

struct StripeSettings {
    stripe::Address address;
    std::string key;
    std::vector<std::string> webhook_secrets;
    std::int64_t look_every_s = 20;
};

struct ShopSettings {
    std::string data;
    bool must_exist = false;  // a command that only reads: do not make a folder by a typing error
    bool any_kind = false;    // a command: whatever kind of shop the folder holds
    bool serving = false;                // `serve`: signals are kept, tables follow
    bool simulated = false;
    std::int64_t speed = 1;  // of a new simulated shop
    std::uint64_t seed = 0;
    std::string name;  // "": that of the folder; this and the rest: of a new shop
    std::string currency = "GBP";
    std::string time_zone = "Europe/London";
    bool prices_include_tax = true;
    std::string public_url;
    std::optional<StripeSettings> stripe;  // payment pages
    std::optional<Instant> demo_began;  // a new simulated shop is stocked as the demo's, from this instant on
};

class Shop {
    struct Inside;

  public:
    explicit Shop(std::unique_ptr<Inside> inside);
    static Result<std::unique_ptr<Shop>, Fault> open(const ShopSettings& settings);
    ~Shop();

    http::Services& services();
    http::Router& router();
    const engine::StartReport& started() const;
    // Copies from before the loop began.
    const dropsmith::Shop& terms_at_start() const;
    const Access& access_at_start() const;
    std::uint64_t head() const;  // the last stored fact; any thread
    void stop();                // finishes what is queued

  private:
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::app
