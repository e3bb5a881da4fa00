// The market simulator: timed intents of shoppers played against the real state machine (engine::Core) on a journal in
// memory, with the real pricing planner. One shop clock that jumps from event to event; planner results come in before
// time moves on. The same seed gives the same journal bytes whatever the number of planner threads. Used by tests and
// `dropsmith try`; the demo plays the same intents over HTTP. One thread but for the planners. Covered by
// sim/market_test.cpp.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/core.h"
#include "engine/memory_journal.h"
#include "sim/demo.h"

namespace dropsmith::sim {

struct MarketSettings {
    std::uint64_t seed = 1;
    Instant start;
    unsigned planner_threads = 1;
};

struct MarketTally {
    std::uint64_t browses = 0, holds = 0, orders = 0, abandoned = 0, too_dear = 0, proposals = 0, proposals_refused = 0;
    std::map<std::string, std::uint64_t> refused;  // by the refusal's word
    std::vector<std::string> failed;               // commands of the set-up that were refused, with why
};

class Market {
  public:
    explicit Market(MarketSettings settings);
    ~Market();

    void set_up(std::vector<DemoCommand> commands);    // each in a batch of its own, at the start
    void play(DemoShoppers& shoppers, Instant until);  // every intent and timer up to then
    const State& state() const;
    const engine::MemoryJournal& journal() const { return journal_; }
    std::string head_hash() const;  // of the chain over all stored bytes
    const MarketTally& tally() const { return tally_; }

  private:
    struct Inside;
    engine::MemoryJournal journal_;
    MarketTally tally_;
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::sim
