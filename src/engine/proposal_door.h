// How planners hand in what they propose: on the loop's control lane, no more than a few hundred at a time, so that
// thousands of reviews at one instant neither fill the lane that staff uses nor are refused by it. hand_in() waits for
// its turn on the planner's thread. Covered by engine/price_cadence_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "engine/loop.h"

namespace dropsmith::engine {

inline constexpr std::size_t proposals_in_flight = 256;  // a quarter of the control lane

class ProposalDoor {
  public:
    explicit ProposalDoor(Loop& loop);
    ~ProposalDoor();
    void hand_in(Command command);      // planner's threads; waits. A lane that stays full of others: it is given up
    void stop();                        // nobody waits any more
    std::uint64_t given_up() const;     // any thread

  private:
    struct Inside;
    Loop& loop_;
    std::shared_ptr<Inside> inside_;  // asks on their way outlive the door
};

}  // namespace dropsmith::engine
