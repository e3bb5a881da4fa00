// The worker of the outbox: sees tasks as their facts are stored, calls Stripe on threads of its own, and hands each
// outcome in as a command. The loop never waits for it: what it takes from the loop's thread is a copy of tasks that
// are new. It remembers nothing that matters: after a crash the state's tasks are its memory, and the keys that Stripe
// knows make a repeat harmless. Pages that stand open are looked at now and then even without an event, so that a lost
// webhook delays an order and loses none. Covered by tests/payments/stripe.py.
#pragma once

#include <memory>
#include <string>

#include "base/public_id.h"
#include "edge/stripe/client.h"
#include "engine/core.h"
#include "engine/loop.h"
#include "engine/shop_clock.h"

namespace dropsmith::stripe {

struct WorkerSettings {
    Address address;
    std::string key;
    std::string currency;
    unsigned threads = 4;
    std::chrono::milliseconds answer_most{60'000};
    std::chrono::milliseconds look_every{20'000};
};

class Worker final : public engine::Watcher {
  public:
    // All that is referred to outlives it.
    Worker(WorkerSettings settings, engine::Loop& loop, engine::ShopClock& clock, const PublicIds& ids);
    ~Worker() override;

    void load(const State& state);                                       // before the loop begins
    void start();
    void stop();                                                         // gives up what is under way; joins
    void stored(const State& state, const engine::Batch& batch) override;  // the loop's thread

  private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::stripe
