// A payment provider for the prover, and the shop's worker that asks it: payment pages, money kept ready, captured,
// let go and given back, each asked by a task of the shop's outbox as edge/stripe does it. Calls do not arrive, answers
// are lost after the deed or come late, events come late, twice, in any order or never, refunds come back. What was
// asked and not heard of yet dies with the process; the provider and its events do not. At the end it says who was
// charged and has no units, or has them for another sum. One thread. Covered by sim/prove_test.cpp.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "model/state.h"
#include "sim/prove_buyer.h"
#include "sim/prove_sights.h"

namespace dropsmith::sim {

struct ProviderAsk {                       // one thing that the shop is told
    Command command;
    ActorKind who = ActorKind::planner;
    PaymentTaskId task;                    // whose outcome it is
    std::optional<TakePaymentEvent> event;
    std::shared_ptr<Heard> heard = std::make_shared<Heard>();
};

class ProveProvider {
  public:
    // forgets_keys, closes_blindly: planted bugs of the worker
    ProveProvider(Random random, Sights& sights, bool forgets_keys, bool closes_blindly);

    void mend();                           // from here on everything arrives and comes back
    bool pay(CheckoutId checkout, Duration boot);  // a buyer, on the page; false: it is closed
    // What is told to the shop now. at: the shop's clock.
    std::vector<ProviderAsk> tell(const State& state, Instant at, Duration boot);
    void told(const std::vector<ProviderAsk>& asks, Duration boot);
    void process_gone();
    bool rests(const State& state) const;  // nothing is asked, on its way or to be settled by a person
    std::string judge(const State& state) const;

  private:
    enum class Intent { none, kept, captured, let_go };
    struct Back {                          // money that was given back
        std::string mark;
        Money amount;
        bool lost = false;
    };
    struct Page {
        Money amount, captured;
        Duration ends;                     // boot time
        bool expired = false;
        Intent intent = Intent::none;
        std::vector<Back> backs;
        Duration next_look;
    };
    struct Event {
        TakePaymentEvent says;
        Duration due;
    };
    struct Outcome {
        Command command;
        PaymentTaskId task;
        Duration due;
    };
    struct Faults {
        std::uint64_t unreached = 0, broken = 0, answer_lost = 0, event_lost = 0, event_twice = 0, refund_lost = 0;
        std::int64_t late_ms = 1;
    };

    bool chance(std::uint64_t percent) { return random_.below(100) < percent; }
    Duration later(Duration boot, std::int64_t most_ms);
    void say(CheckoutId checkout, bool over, bool refund, Duration boot);
    void let_pages_end(Duration boot);
    void begin_calls(const State& state, Instant at, Duration boot);
    void look_at_pages(const State& state, Duration boot);
    Command call(const PaymentTask& task, const Checkout& checkout, Instant at, Duration boot);
    Command act(const PaymentTask& task, const Checkout& checkout, Instant at, Duration boot);
    Command refund(const PaymentTask& task, Page& page, Instant at, Duration boot);
    Command look_at_refunds(const PaymentTask& task, const Page& page) const;
    static SeePayment seen(CheckoutId checkout, PaymentTaskId task, const Page& page);
    static std::string name_of(CheckoutId checkout) { return "page" + std::to_string(checkout.n); }

    Random random_;
    Sights& sights_;
    bool forgets_keys_, closes_blindly_, mended_ = false;
    Faults faults_;
    std::map<CheckoutId, Page> pages_;
    std::map<std::string, std::pair<std::size_t, Duration>> keys_;  // of refunds: which of its page, and since when
    std::uint64_t events_said_ = 0, keys_made_ = 0;
    std::vector<Event> events_;
    std::vector<Outcome> outcomes_;                                 // of the process
    std::set<PaymentTaskId> under_way_;
    std::map<PaymentTaskId, Duration> pauses_;
};

}  // namespace dropsmith::sim
