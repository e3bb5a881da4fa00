// Somebody who asked to be told when a drop opens. The address is in the vault; a subscription counts only after its
// owner has confirmed it by the link that is sent there (double opt-in), and ends when they say so. Codes 445-449.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "base/numbers.h"
#include "base/record.h"
#include "model/dense.h"
#include "model/fact.h"
#include "model/ids.h"

namespace dropsmith {

enum class SubscriberStatus : std::uint8_t { pending, confirmed, ended };
DROPSMITH_CHOICE(SubscriberStatus, "pending", "confirmed", "ended")

struct Subscribe { static constexpr CommandCode code{445}; DropId drop; };  // the person comes in by Moment::person
struct ConfirmSubscription { static constexpr CommandCode code{446}; SubscriberId subscriber; };
struct EndSubscription { static constexpr CommandCode code{447}; SubscriberId subscriber; };

struct Subscribed {
    static constexpr FactCode code{445};
    static constexpr std::uint8_t version = 1;
    SubscriberId subscriber;
    DropId drop;
    PersonId person;
};
DROPSMITH_RECORD(Subscribed, subscriber, drop, person)
struct SubscriptionConfirmed {
    static constexpr FactCode code{446};
    static constexpr std::uint8_t version = 1;
    SubscriberId subscriber;
    DropId drop;
};
DROPSMITH_RECORD(SubscriptionConfirmed, subscriber, drop)
struct SubscriptionEnded {
    static constexpr FactCode code{447};
    static constexpr std::uint8_t version = 1;
    SubscriberId subscriber;
    DropId drop;
};
DROPSMITH_RECORD(SubscriptionEnded, subscriber, drop)

struct Subscriber {
    SubscriberId id;
    DropId drop;
    PersonId person;
    SubscriberStatus status = SubscriberStatus::pending;
    Instant asked_at;
};
DROPSMITH_RECORD(Subscriber, id, drop, person, status, asked_at)

struct SubscriberCount {
    std::uint64_t pending = 0, confirmed = 0;
};

struct Subscribers {
    Dense<SubscriberId, Subscriber> table;
    std::map<std::pair<DropId, PersonId>, SubscriberId> running;  // pending or confirmed; derived
    std::map<DropId, SubscriberCount> count;                      // derived

    void note(const Subscriber& subscriber, std::int64_t sign) {  // as it stands
        if (subscriber.status == SubscriberStatus::ended) return;
        auto& of = count[subscriber.drop];
        auto& n = subscriber.status == SubscriberStatus::pending ? of.pending : of.confirmed;
        n += static_cast<std::uint64_t>(sign);
        if (of.pending == 0 && of.confirmed == 0) count.erase(subscriber.drop);
    }
};

}  // namespace dropsmith
