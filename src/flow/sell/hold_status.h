// Whether a hold can still be used. A due hold counts as expired whether or not its timer has run. Any thread.
// Covered by flow/sell/hold_test.cpp.
#pragma once

#include <optional>

#include "model/hold.h"
#include "model/refusal.h"

namespace dropsmith::sell {

// nullopt: it is held, and not due.
inline std::optional<RefusalCode> no_longer_held(const Hold& hold, Instant at) {
    switch (hold.status) {
        case HoldStatus::confirmed:
            return refusals::hold_confirmed;
        case HoldStatus::released:
            return refusals::hold_released;
        case HoldStatus::expired:
            return refusals::hold_expired;
        case HoldStatus::held:
            break;
    }
    if (hold.expires_at <= at) return refusals::hold_expired;
    return std::nullopt;
}

inline std::string_view why_not_held(RefusalCode code) {
    if (code == refusals::hold_confirmed) return "the hold is an order already";
    if (code == refusals::hold_released) return "the hold was given back: hold again";
    return "the hold has expired: hold again";
}

}  // namespace dropsmith::sell
