// A buyer of the prover: wants units, holds them, makes up its mind, and repeats every request with the same key until
// it is answered, whatever was lost in between. Remembers what it was told, for the auditor. Plain data and pure
// choices; one thread. What was sold out some wait for, and some order ahead what has still to arrive: an offer is a
// hold to them like any other. Where there is a waiting room they enter it, wait for their turn, and show it; some show
// none, or somebody else's. Covered by sim/prove_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/core.h"
#include "sim/prove_setting.h"

namespace dropsmith::sim {

struct Heard {                          // what one delivery was told
    bool settled = false, stored = false, replayed = false, effect = false;
    std::optional<Refusal> refusal;
    std::uint64_t first_seq = 0;
    HoldId hold;
    OrderId order;
    WaitId entry;
    std::uint32_t number = 0;           // in the waiting room
    HeldLines lines;
    bool gave_back = false, late_order = false;
};

struct Wish {                           // one request, the same for every repeat
    std::function<Command()> command;
    KeyUse key;
    std::optional<engine::PersonData> person;
    ActorKind who = ActorKind::buyer;
    std::uint64_t session = 0;          // of who enters the waiting room
};

struct Told {                           // an acknowledged effect: it must stand for ever
    std::uint64_t buyer = 0;
    KeyUse key;
    std::uint64_t first_seq = 0;
    HoldId hold;
    OrderId order;
    WaitId entry;
    std::uint32_t number = 0;
};

enum class Step : std::uint8_t {
    enter, queue, hold, decide, reduce, release, confirm, page, pay, paid, late_money, after, cancel, refund, join,
    wait, leave, done
};

class ProveBuyer {
  public:
    ProveBuyer(std::uint64_t number, Random random, const ProveSetting& setting);

    bool wants_something(Duration boot);       // makes the next wish when it is time; false: waits or is done
    const Wish& wish() const { return *wish_; }
    bool asks() const { return wish_.has_value(); }
    bool is_done() const { return step_ == Step::done; }
    const std::optional<Wish>& last() const { return last_; }  // answered before: may be delivered again
    void hear(const Heard& heard, Duration boot);
    // Its wish as the shop shows it, and the hold when one is offered; null: long over. Only while it waits.
    bool waits() const { return step_ == Step::wait && !wish_; }
    WaitId entry() const { return entry_; }
    void sees(const WaitEntry* entry, const Hold* offer, Duration boot);
    // The waiting room as the shop shows it; only while it queues there.
    bool queues() const { return step_ == Step::queue && !wish_; }
    void sees(const Room* room, const DropTerms& terms, Duration boot);
    // Its payment page as the shop shows it, null: none; only while it waits for one or has paid. True: it pays now.
    bool at_the_till() const { return (step_ == Step::pay || step_ == Step::paid) && !wish_; }
    HoldId hold() const { return hold_; }
    bool sees(const Checkout* page, Duration boot);
    const std::vector<CheckoutId>& pages() const { return pages_; }  // all that it was shown, the newest last
    void forge() { forges_ = true; }           // planted: makes up its own turn in the waiting room
    void hurry() { hurried_ = true; }          // no more thinking: for the liveness phase

  private:
    Wish make(std::function<Command()> command);
    std::optional<Admission> shown();
    void think(Duration boot, std::int64_t ms_max);
    void decide(Duration boot);
    void after();
    void refused(Step was, const Refusal& refusal, Duration boot);
    bool chance(std::uint64_t percent) { return random_.below(100) < percent; }

    std::uint64_t number_;
    Random random_;
    std::uint64_t skus_;
    bool ahead_;                               // may order what has still to arrive
    bool later_;                               // the opening may be some time away
    bool by_page_;                             // may pay by a payment page
    PassId pass_;
    bool forges_ = false;
    Step step_ = Step::hold;
    bool hurried_ = false;
    Duration not_before_{0};
    std::uint64_t keys_ = 0;
    std::optional<Wish> wish_, last_;
    HoldId hold_;
    OrderId order_;
    HeldLines lines_;
    WaitId entry_;
    std::uint32_t number_in_room_ = 0;
    std::vector<CheckoutId> pages_;
    std::optional<Admission> admission_;
    std::vector<WantedLine> wanted_;           // of the last hold that was asked for
};

}  // namespace dropsmith::sim
