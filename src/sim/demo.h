// The demo's shop: a small glassworks with a year of generated sales, three places, products with stories, one 72-hour
// drop that opens within minutes of shop time and one scheduled after it; and its shoppers as a plain list of timed
// intents, so that the program can play them over its real HTTP API by the accelerated clock. Everything follows from
// the seed. Nothing here is a real shop or person. Covered by sim/demo_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/random.h"
#include "model/fact.h"
#include "model/moment.h"

namespace dropsmith::sim {

inline constexpr std::int64_t demo_speed = 720;  // 72 hours in six minutes

struct DemoCommand {
    Command command;
    Actor who;  // staff of the demo: no grant, as the shop itself
};

// In order, each as a command of its own; the first is OpenShop. `now` is the shop clock's first instant.
std::vector<DemoCommand> demo_setup(std::uint64_t seed, Instant now, std::int64_t speed = demo_speed);

// browse: looks at the drop's page (page.viewed, session.started). hold: takes `units` when the price asked is at most
// `max_price`; left out for a shopper who holds or bought already. confirm and abandon (release) follow a hold that was
// placed; a shopper with neither lets it expire.
enum class IntentKind : std::uint8_t { browse, hold, confirm, abandon };

struct Intent {
    Instant at;
    IntentKind kind = IntentKind::browse;
    std::uint64_t shopper = 0;  // 1, 2, 3 …
    std::string drop;           // slug
    std::string sku;
    Quantity units{1};
    Money max_price;  // a unit
    std::string email, name;
    bool ships = false;  // else collects at the place that has the units
};

class DemoShoppers {
  public:
    DemoShoppers(std::uint64_t seed, Instant now);  // the same as given to demo_setup
    std::vector<Intent> until(Instant t);           // those not given out yet, in order of time
    std::size_t left() const { return intents_.size() - next_; }

  private:
    std::vector<Intent> intents_;
    std::size_t next_ = 0;
};

}  // namespace dropsmith::sim
