// A hold keeps units and a price for a buyer for a stated time: held -> confirmed | released | expired. At most one
// outcome. A due hold counts as expired whether or not its timer has run, so none is sold late. Codes 450-461.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/few.h"
#include "base/numbers.h"
#include "base/record.h"
#include "model/dense.h"
#include "model/fact.h"
#include "model/ids.h"
#include "model/personal.h"
#include "model/room.h"

namespace dropsmith {

namespace refusals {  // in order of precedence: those that need no person first
inline constexpr RefusalCode sold_out{450, "sold_out"};
inline constexpr RefusalCode insufficient_stock{451, "insufficient_stock"};  // with available
inline constexpr RefusalCode preorder_full{452, "preorder_full"};
inline constexpr RefusalCode hold_expired{453, "hold_expired"};
inline constexpr RefusalCode hold_released{454, "hold_released"};
inline constexpr RefusalCode hold_confirmed{455, "hold_confirmed"};
inline constexpr RefusalCode over_limit{456, "over_limit"};
inline constexpr RefusalCode unknown_method{457, "unknown_method"};          // delivery or payment
}  // namespace refusals

enum class HoldStatus : std::uint8_t { held, confirmed, released, expired };
DROPSMITH_CHOICE(HoldStatus, "held", "confirmed", "released", "expired")

enum class FulfilmentMethod : std::uint8_t { pickup, ship };
DROPSMITH_CHOICE(FulfilmentMethod, "pickup", "ship")

struct WantedLine {
    SkuId sku;                               // none: not a SKU that the shop has (answered no_such_line)
    Quantity units;
    std::optional<Money> unit_price;         // from a quote, or expect_unit_price
    SkuId instead_of = {};                   // the line that had sold out, when this is its substitute
};

struct PlaceHold {
    static constexpr CommandCode code{450};
    DropId drop;
    ChannelId channel;
    std::vector<WantedLine> lines;           // the same SKU twice counts once: lines are added up before any check
    std::optional<Instant> quote_valid_until;
    std::uint64_t session = 0;               // digest; 0 = none
    PlaceId pickup_at;                       // none: shipped, or not said yet
    std::optional<FulfilmentMethod> method = std::nullopt;  // said with the hold; a late payment is judged by it
    std::string delivery = {};               // code of a delivery method
    std::string tax_zone = {};
    std::optional<Admission> admission = {};  // to the waiting room: its seal is checked, its words are not yet
    PassId pass = {};
    std::vector<PersonalPrice> quoted = {};  // prices of one's own that the quote seals
};
struct DetailHold {                          // who it is for (Moment::person) and how it shall come, said later
    static constexpr CommandCode code{459};
    HoldId hold;
    std::optional<FulfilmentMethod> method;
    std::string delivery;
    std::string tax_zone;
};
struct ReduceHold {
    static constexpr CommandCode code{451};
    HoldId hold;
    std::vector<WantedLine> lines;           // units that shall remain, each at most what is held
};
struct ReleaseHold { static constexpr CommandCode code{452}; HoldId hold; };
struct HoldDue { static constexpr CommandCode code{453}; HoldId hold; };

struct HeldLine {                            // one SKU at one place; a basket line may become several
    std::uint32_t line = 0;                  // of the drop
    SkuId sku;
    PlaceId place;
    Quantity units;
    Money unit_price;
    DecisionId decision;                     // that set the price
};
DROPSMITH_RECORD(HeldLine, line, sku, place, units, unit_price, decision)
using HeldLines = Few<HeldLine>;

struct UnitsHeld {                           // at most 128 bytes for a hold of one line
    static constexpr FactCode code{450};
    static constexpr std::uint8_t version = 1;
    HoldId hold;
    DropId drop;
    ChannelId channel;
    HeldLines lines;
    Instant expires_at;
    std::uint64_t session = 0;
    PlaceId pickup_at;
    bool preorder = false;
};
DROPSMITH_RECORD(UnitsHeld, hold, drop, channel, lines, expires_at, session, pickup_at, preorder)

struct HoldReduced {
    static constexpr FactCode code{451};
    static constexpr std::uint8_t version = 1;
    HoldId hold;
    DropId drop;
    HeldLines given_back;
    bool preorder = false;
    std::uint64_t session = 0;
};
DROPSMITH_RECORD(HoldReduced, hold, drop, given_back, preorder, session)

struct HoldEnded {                           // released or expired: all that was left goes back
    static constexpr FactCode code{452};
    static constexpr std::uint8_t version = 1;
    HoldId hold;
    DropId drop;
    HoldStatus status = HoldStatus::released;
    HeldLines given_back;
    bool preorder = false;
    std::uint64_t session = 0;
    Instant expires_at;                      // as it was: the timer to disarm
};
DROPSMITH_RECORD(HoldEnded, hold, drop, status, given_back, preorder, session, expires_at)

struct HoldDetailed {                        // said with the hold or later; what is said again replaces the whole
    static constexpr FactCode code{461};
    static constexpr std::uint8_t version = 1;
    HoldId hold;
    DropId drop;
    PersonId person;
    std::optional<FulfilmentMethod> method;
    std::string delivery;
    std::string tax_zone;
};
DROPSMITH_RECORD(HoldDetailed, hold, drop, person, method, delivery, tax_zone)

struct Hold {                                // there may be millions: no gaps, and nothing on the heap for one line
    HoldId id;
    DropId drop;
    ChannelId channel;
    HeldLines lines;
    Instant placed_at;
    Instant expires_at;
    std::uint64_t session = 0;
    PlaceId pickup_at;
    OrderId order;
    HoldStatus status = HoldStatus::held;
    bool preorder = false;
};
DROPSMITH_RECORD(Hold, id, drop, channel, status, lines, placed_at, expires_at, session, pickup_at, preorder, order)

struct HoldDetails {
    PersonId person;
    std::optional<FulfilmentMethod> method;
    std::string delivery;
    std::string tax_zone;
};
DROPSMITH_RECORD(HoldDetails, person, method, delivery, tax_zone)

struct LatePaid {                            // money that came after the hold had ended
    OrderId order;                           // none: it must go back
    std::vector<std::string> references;     // digests
};
DROPSMITH_RECORD(LatePaid, order, references)

struct Holds {
    Dense<HoldId, Hold> table;
    std::map<HoldId, HoldDetails> details;   // of holds that said any, until they are forgotten
    std::map<HoldId, LatePaid> late;
};

inline constexpr Duration hold_kept_for = days(7);  // after its end; then only the journal knows it

}  // namespace dropsmith
