// See the header. Asking twice changes nothing and is answered alike, so that nobody can find out who asked before.
// Covered by flow/sell/subscriber_test.cpp.
#include "flow/sell/subscriber.h"

#include <vector>

#include "base/limits.h"
#include "flow/sell/refusing.h"

namespace dropsmith::sell {
namespace {

Failure<Refusal> no_such_subscription() { return refuse(refusals::not_found, "no such subscription"); }

void end(Subscribers& slice, Subscriber& subscriber) {
    slice.note(subscriber, -1);
    subscriber.status = SubscriberStatus::ended;
    slice.running.erase({subscriber.drop, subscriber.person});
}

}  // namespace

Verdict handle(const State& state, const Subscribe& command, const Moment& moment) {
    const auto* drop = state.drops.find(command.drop);
    if (!drop || drop->status == DropStatus::draft) return refuse(refusals::not_found, "no such drop");
    if (drop->status != DropStatus::scheduled)
        return refuse(refusals::wrong_state,
                      drop->status == DropStatus::open || drop->status == DropStatus::paused
                          ? "the drop is open already: have a look at it"
                          : "the drop is over");
    if (!moment.person) return refuse_field(refusals::bad_value, "email", "/email", "say which address to write to");
    if (state.subscribers.running.contains({drop->id, moment.person})) return Facts{};
    if (state.subscribers.running.size() >= limits::subscribers_max)
        return refuse(refusals::wrong_state, "the list is full: look at the drop's page when it opens");
    return facts(Subscribed{state.subscribers.table.next(), drop->id, moment.person});
}

Verdict handle(const State& state, const ConfirmSubscription& command, const Moment&) {
    const auto* subscriber = state.subscribers.table.find(command.subscriber);
    if (!subscriber) return no_such_subscription();
    if (subscriber->status == SubscriberStatus::ended)
        return refuse(refusals::wrong_state, "this subscription has ended: ask anew on the drop's page");
    if (subscriber->status == SubscriberStatus::confirmed) return Facts{};
    return facts(SubscriptionConfirmed{subscriber->id, subscriber->drop});
}

Verdict handle(const State& state, const EndSubscription& command, const Moment&) {
    const auto* subscriber = state.subscribers.table.find(command.subscriber);
    if (!subscriber) return no_such_subscription();
    if (subscriber->status == SubscriberStatus::ended) return Facts{};
    return facts(SubscriptionEnded{subscriber->id, subscriber->drop});
}

void evolve(Subscribers& slice, const Subscribed& fact, const Stamp& stamp) {
    slice.note(slice.table.add(fact.subscriber,
                               {fact.subscriber, fact.drop, fact.person, SubscriberStatus::pending, stamp.at}),
               1);
    slice.running[{fact.drop, fact.person}] = fact.subscriber;
}

void evolve(Subscribers& slice, const SubscriptionConfirmed& fact, const Stamp&) {
    auto& subscriber = slice.table.must(fact.subscriber);
    slice.note(subscriber, -1);
    subscriber.status = SubscriberStatus::confirmed;
    slice.note(subscriber, 1);
}

void evolve(Subscribers& slice, const SubscriptionEnded& fact, const Stamp&) {
    end(slice, slice.table.must(fact.subscriber));
}

void evolve(Subscribers& slice, const PersonErased& fact, const Stamp&) {
    std::vector<SubscriberId> theirs;
    for (const auto& [key, id] : slice.running)
        if (key.second == fact.person) theirs.push_back(id);
    for (const auto id : theirs) end(slice, slice.table.must(id));
}

}  // namespace dropsmith::sell
