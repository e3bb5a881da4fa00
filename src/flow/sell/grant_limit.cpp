// Limits of a grant, see the header. A staff actor without a grant that we know may do nothing. Any thread.
// Covered by flow/sell/access_test.cpp.
#include "flow/sell/grant_limit.h"

namespace dropsmith::sell {
namespace {

template <class Amount>
std::optional<Amount> limit(const Access& access, const Actor& who, std::optional<Amount> GrantLimits::*field) {
    if (who.kind != ActorKind::staff && who.kind != ActorKind::device) return std::nullopt;
    if (who.grant.n < 1 || who.grant.n > access.grants.size()) return Amount{0};
    const auto& grant = access.grants[who.grant.n - 1];
    if (grant.limits.*field) return grant.limits.*field;
    if (grant.role == Role::owner || grant.role == Role::operator_) return std::nullopt;
    return Amount{0};
}

}  // namespace

std::optional<Money> refund_limit(const Access& access, const Actor& who) {
    return limit<Money>(access, who, &GrantLimits::refund_max);
}

std::optional<Quantity> write_off_limit(const Access& access, const Actor& who) {
    return limit<Quantity>(access, who, &GrantLimits::write_off_max);
}

}  // namespace dropsmith::sell
