// Tables: what lists, search and reports read. A follower keeps them a moment behind the journal; a question says up
// to which fact it must have come (the head seen when the request arrived) and waits for that at most 250 ms; the
// answer says what it is as of. Any thread but the core's. Covered by edge/sqlite/tables_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/fault.h"
#include "model/fact.h"
#include "model/order.h"
#include "model/price.h"
#include "model/stamp.h"
#include "model/subscriber.h"

namespace dropsmith::engine {

// Rows come in descending order of their key (the newest first); `before` is the key of the last row of the page
// before.
struct PageAsk {
    std::uint64_t at_least = 0;              // the fact up to which the tables must have come; 0: whatever they are at
    std::size_t limit = 50;                  // at most limits::list_page_max
    std::optional<std::uint64_t> before;
};

template <class Row>
struct Page {
    std::vector<Row> rows;
    std::optional<std::uint64_t> next;       // PageAsk::before of the page that follows; nullopt: there is none
    std::uint64_t as_of_seq = 0;
    Instant as_of;
};

struct OrdersAsk {
    PageAsk page;                            // key: order id
    std::optional<OrderStatus> status;
    DropId drop;                             // none: all
    PlaceId place;
    std::optional<Instant> due_before;       // pick-up or despatch promised before: not done, not cancelled
    std::vector<PlaceId> places;             // of the asker's grant: collected or kept at one of them; empty: all
    std::vector<ChannelId> channels;
};
struct OrderRow {
    OrderId id;
    std::uint64_t number = 0;
    DropId drop;
    ChannelId channel;
    PlaceId place;
    PersonId person;
    OrderStatus status = OrderStatus::awaiting_payment;
    RefundState refund_state = RefundState::none;
    FulfilmentMethod fulfilment = FulfilmentMethod::pickup;
    Quantity units;
    Money total, paid, refunded;
    Instant placed_at;
    Instant due_at;                          // the drop's close, or the order itself when it came later
    std::shared_ptr<const Order> archived;   // whole, when it has left the state
};

struct ArchivedAsk {                         // orders that have left the state: one, or of a drop, or of a person
    OrderId order;
    DropId drop;
    PersonId person;
    std::uint64_t at_least = 0;              // as PageAsk has it
};

struct SubscribersAsk {
    PageAsk page;                            // key: subscriber id
    DropId drop;
    std::optional<SubscriberStatus> status;
};
struct SubscriberRow {
    SubscriberId id;
    DropId drop;
    PersonId person;
    SubscriberStatus status = SubscriberStatus::pending;
    Instant asked_at;
};

struct DecisionsAsk {
    PageAsk page;                            // key: decision id
    DropId drop;
    std::optional<DecisionKind> kind;
};
struct DecisionRow {
    Stamp stamp;
    PriceSet set;                            // the whole decision, as it was taken
};

struct FactsAsk {                            // the audit trail
    PageAsk page;                            // key: sequence of the fact
    DropId drop;                             // about this drop
    std::optional<std::uint16_t> code;
};
struct FactRow {
    Stamp stamp;
    Fact fact;
};

struct RefusalRow {
    DropId drop;
    std::uint16_t refusal = 0;
    std::uint64_t times = 0;
};

class Tables {
public:
    virtual ~Tables() = default;
    virtual Result<Page<OrderRow>, Fault> orders(const OrdersAsk& ask) = 0;
    virtual Result<std::vector<Order>, Fault> archived(const ArchivedAsk& ask) = 0;
    virtual Result<Page<SubscriberRow>, Fault> subscribers(const SubscribersAsk& ask) = 0;
    virtual Result<Page<DecisionRow>, Fault> decisions(const DecisionsAsk& ask) = 0;
    virtual Result<Page<FactRow>, Fault> facts(const FactsAsk& ask) = 0;
    virtual Result<Page<RefusalRow>, Fault> refusals(DropId drop, const PageAsk& page) = 0;
};

}  // namespace dropsmith::engine
