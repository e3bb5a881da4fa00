// Refusal: the shop says no. A numbered word in a range per stage; numbers never change meaning and stand in order of
// precedence inside a noun (those that need no person first). Only edge/http maps them to statuses. Each noun lists its
// own in its header.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/numbers.h"

namespace dropsmith {

struct RefusalCode {
    std::uint16_t number;
    std::string_view word;  // what a client sees as `code`
    friend constexpr bool operator==(RefusalCode a, RefusalCode b) { return a.number == b.number; }
};

// One contradiction of a plan or one bad field, machine-readable.
struct Clash {
    std::string rule;     // "promised_over_stock"
    std::string pointer;  // RFC 6901 into the drop's document, "/lines/0/cap"
    std::string detail;   // what clashes, with the numbers, and the way out
};

struct Refusal {
    RefusalCode code;
    std::string detail;                 // one sentence for a person, with the remedy
    std::optional<Quantity> available;  // insufficient_stock, over_limit: what could still be had
    std::string sku;                    // the line that was refused, when one was
    std::vector<Clash> clashes;         // plan_contradiction
};

namespace refusals {  // of every noun
inline constexpr RefusalCode not_found{1, "not_found"};
// the life cycle has no such transition from here
inline constexpr RefusalCode wrong_state{2, "wrong_state"};
inline constexpr RefusalCode version_conflict{3, "version_conflict"};  // If-Match names another version
inline constexpr RefusalCode already_exists{4, "already_exists"};      // a slug, SKU code or name that must be unique
inline constexpr RefusalCode key_reused{5, "key_reused"};              // same Idempotency-Key, another body
// more than this grant's limit on refunds, overrides …
inline constexpr RefusalCode over_grant{6, "over_grant"};
// a value that only the state can tell to be wrong
inline constexpr RefusalCode bad_value{7, "bad_value"};
inline constexpr RefusalCode read_only{8, "read_only"};                // the store refuses writes just now
}  // namespace refusals

}  // namespace dropsmith
