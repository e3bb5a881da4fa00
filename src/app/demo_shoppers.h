// Plays the simulated shoppers' intents over HTTP, as anybody's client would: looks, holds, confirms, lets go. One
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "edge/cli/http_client.h"
#include "sim/demo.h"

namespace dropsmith::app {

class ShopperPlayer {
  public:
    ShopperPlayer(std::uint64_t seed, Instant began, std::string address, std::uint16_t port)
        : shoppers_(seed, began),
          client_(cli::HttpClient::to_address(std::move(address), port)),
          source_("demo/" + std::to_string(seed) + "/" + std::to_string(began.ms)) {}
    void play();  // what is due by the shop's own clock; does nothing while the shop is down

  private:
    struct Held {
        std::string id, secret;
    };
    void one(const sim::Intent& intent);
    void look(const sim::Intent& intent);
    std::optional<cli::Exchange> ask(cli::Asked asked, const std::string& bearer = {});
    void send_looks();

    sim::DemoShoppers shoppers_;
    cli::HttpClient client_;
    std::map<std::uint64_t, Held> held_;
    std::string looks_;  // events of this round, as a JSON array without its brackets
    std::size_t looks_count_ = 0;
    std::uint64_t event_ = 0;
    std::set<std::uint64_t> came_;  // shoppers whose session has begun
    std::string source_;            // of the events: one a run of the demo, so that their ids may begin anew
};

}  // namespace dropsmith::app
