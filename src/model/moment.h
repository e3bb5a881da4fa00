// Moment: how time, actor, chance and a known person come into a rule; the only ways. Stamped by the loop once per
// batch (at) and per command (the rest).
#pragma once

#include <cstdint>

#include "base/numbers.h"
#include "base/random.h"
#include "base/record.h"
#include "model/ids.h"

namespace dropsmith {

enum class ActorKind : std::uint8_t { shop, timer, planner, staff, buyer, device };
DROPSMITH_CHOICE(ActorKind, "shop", "timer", "planner", "staff", "buyer", "device")

struct Actor {
    ActorKind kind = ActorKind::shop;
    GrantId grant;  // staff and devices
};
DROPSMITH_RECORD(Actor, kind, grant)

struct Moment {
    Instant at;       // shop clock; never goes back
    Actor who;
    Random& random;   // stream of this command: seed of the shop, position in the journal
    PersonId person;  // resolved by the loop from the command's person data; none when it has none
};

}  // namespace dropsmith
