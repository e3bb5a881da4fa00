// See the header. Covered by edge/stripe/calls_test.cpp.
#include "edge/stripe/event.h"

#include <algorithm>
#include <array>

#include "edge/stripe/json.h"

namespace dropsmith::stripe {

Result<Event, std::string> read_event(std::string_view body) {
    const auto read = parse(body);
    if (!read) return Failure{std::string("the event is not JSON")};
    Event event;
    event.id = text_at(*read, {"id"});
    const auto type = text_at(*read, {"type"});
    if (event.id.empty() || event.id.size() > 255 || type.empty())
        return Failure{std::string("the event has no id or type")};
    constexpr std::array<std::string_view, 4> paid{
        "checkout.session.completed", "checkout.session.async_payment_succeeded",
        "payment_intent.amount_capturable_updated", "payment_intent.succeeded"};
    event.over = type == "checkout.session.expired";
    event.relevant = event.over || std::find(paid.begin(), paid.end(), type) != paid.end();
    constexpr std::array<std::string_view, 3> refund{"refund.failed", "refund.updated", "charge.refund.updated"};
    if (std::find(refund.begin(), refund.end(), type) != refund.end()) {
        const auto status = text_at(*read, {"data", "object", "status"});
        event.refund = event.relevant = status == "failed" || status == "canceled";
    }
    event.checkout = text_at(*read, {"data", "object", "metadata", "dropsmith_checkout"});
    return event;
}

}  // namespace dropsmith::stripe
