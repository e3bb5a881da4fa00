// A drop: a window of 15 minutes to 72 hours (or as asked), few lines, caps, channels, allotments by place, limits, a
// pre-order share. Life cycle: draft -> scheduled -> open <-> paused -> closed -> settled; cancelled. Each transition
// is a fact. Line numbers are the index in the drop and never change; a line may be ended, not removed. Codes 430-449.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/limits.h"
#include "base/numbers.h"
#include "base/record.h"
#include "model/fact.h"
#include "model/ids.h"
#include "model/personal.h"

namespace dropsmith {

namespace refusals {
inline constexpr RefusalCode drop_not_open{430, "drop_not_open"};
inline constexpr RefusalCode drop_paused{431, "drop_paused"};
// not a channel of this drop, or not one that we sell in
inline constexpr RefusalCode wrong_channel{432, "wrong_channel"};
// the SKU is not in this drop, or its line has ended
inline constexpr RefusalCode no_such_line{433, "no_such_line"};
inline constexpr RefusalCode plan_contradiction{434, "plan_contradiction"};
inline constexpr RefusalCode breaks_promise{435, "breaks_promise"};    // an edit below what is held, sold or announced
}  // namespace refusals

enum class DropStatus : std::uint8_t { draft, scheduled, open, paused, closed, settled, cancelled };
DROPSMITH_CHOICE(DropStatus, "draft", "scheduled", "open", "paused", "closed", "settled", "cancelled")
enum class ShowAvailable : std::uint8_t { exact, few, in_stock };
DROPSMITH_CHOICE(ShowAvailable, "exact", "few", "in_stock")
enum class PricePolicy : std::uint8_t { fixed, bandit };
DROPSMITH_CHOICE(PricePolicy, "fixed", "engine")  // engine: the bandit that real drops run (flow/decide/policy.h)
enum class PriceObjective : std::uint8_t { margin, revenue, units };
DROPSMITH_CHOICE(PriceObjective, "contribution_margin", "revenue", "units")
enum class RoomKind : std::uint8_t { fifo, ballot };
DROPSMITH_CHOICE(RoomKind, "fifo", "ballot")

struct Allotment {
    PlaceId place;
    Quantity units;
};
DROPSMITH_RECORD(Allotment, place, units)

struct ChannelPricing {                      // what a channel of the drop asks for a line, where it is not the line's
    ChannelId channel;
    std::vector<Money> bands;                // empty: the line's; a line of one price is asked at `list_price` here
    std::optional<Money> list_price = {};        // absent: the line's
    std::optional<Money> floor = {};             // absent: the line's; as shown in this channel
};
DROPSMITH_RECORD(ChannelPricing, channel, bands, list_price, floor)

struct LineTerms {
    SkuId sku;
    Quantity cap;                            // units that this drop may sell, all places and channels together
    std::vector<Money> bands;                // the prices that may be asked, ascending; one band = a fixed price
    std::optional<Money> floor;              // lowest price, as shown to the buyer; and / or
    std::optional<Rate> min_margin;          // lowest contribution margin, share of the net price
    Money list_price;
    std::optional<Quantity> per_person_limit;
    Rate preorder_share;                     // of the cap, kept for pre-orders until preorder_release before opening
    std::vector<Allotment> places;           // empty at drafting: the whole cap at the only place that has the stock
    bool below_cost_ok = false;              // leave to sell below cost, given with the drop
    std::optional<Rate> max_discount = {};       // the merchant's cap: largest share off the list price
    Rate return_share = {};                      // of the units sold, expected to come back
    Money return_cost = {};                      // what a returned unit costs: handling, lost value; net
    std::optional<Money> salvage = {};           // net value of a unit that is left over; absent: its cost
    SkuId substitute;                        // another line of this drop, offered when this one has sold out
    Quantity backorder_cap;                  // of the cap, units that may be ordered before they have arrived
    std::optional<Instant> ship_by;          // what is promised for those
    std::vector<ChannelPricing> channels = {};   // with prices of their own; every other channel asks the line's
};
DROPSMITH_RECORD(LineTerms, sku, cap, bands, floor, min_margin, list_price, per_person_limit, preorder_share, places,
                 below_cost_ok, max_discount, return_share, return_cost, salvage, substitute, backorder_cap, ship_by,
                 channels)

// What the line is in one channel: bands, list price and floor are the channel's, and `channels` is empty. Cap, stock,
// limits, margins and values are the line's in every channel. Whatever judges or sets a price reads these terms.
LineTerms in_channel(const LineTerms& line, ChannelId channel);
const ChannelPricing* own_prices(const LineTerms& line, ChannelId channel);  // null: the line's
Money list_price_in(const LineTerms& line, ChannelId channel);               // the same without a copy

// interval: everybody in a channel sees one price at a time; cohort: a share of the sessions sees another; taper: the
// bands from the top down, spread over the window and announced; ladder: staged markdowns with triggers; fixed.
enum class PriceMode : std::uint8_t { interval, cohort, taper, ladder, fixed };
DROPSMITH_CHOICE(PriceMode, "interval", "cohort", "taper", "ladder", "fixed")

struct LadderStage {                         // a fall that is due when both triggers are met; stages go in order
    Duration after;                          // since the opening
    Rate sold_below;                         // of the cap, at most: where more has been sold, the stage waits
    Rate discount;                           // off the list price; the highest band that gives it
};
DROPSMITH_RECORD(LadderStage, after, sold_below, discount)

struct RoomTerms {                           // the waiting room at the opening (model/room.h)
    RoomKind kind = RoomKind::ballot;
    Duration entry_before = hours(1);        // before the opening: from then on one may enter
    Duration draw_before = seconds(10);      // ballot: drawn so long before the opening
    std::uint64_t per_second_max = 0;        // the merchant's cap on admissions; 0: what is measured alone decides
    Duration admission_for = minutes(10);    // how long an admission may be used
    bool by_person = false;                  // one place per person (e-mail), not per session
};
DROPSMITH_RECORD(RoomTerms, kind, entry_before, draw_before, per_second_max, admission_for, by_person)

struct PricingTerms {
    PricePolicy policy = PricePolicy::fixed;
    PriceObjective objective = PriceObjective::margin;
    Duration cadence = hours(1);             // how often a line may be repriced
    std::optional<Rate> max_step;            // largest change of one decision, share of the current price
    Rate explore_share{200'000};             // expected share of looks at arms other than the current best, at most
    std::optional<PriceMode> mode = {};          // absent: interval for the engine, else fixed
    std::optional<Rate> max_step_up = {};        // of a rise; absent: max_step
    Duration min_dwell = {};                     // a price stands at least this long
    // the margin so far is at least 1 - this of what the price nearest to the list price would have earned
    std::optional<Rate> revenue_at_risk = {};
    Rate confidence{950'000};                // of that promise
    Rate cohort_share{100'000};              // cohort: of the sessions
    std::vector<LadderStage> ladder = {};
    Rate cannibalisation_max{200'000};       // largest fall of the neighbours' full-price sales; 1: not watched
    std::vector<std::string> features = {};      // what the policy may look at; protected attributes are refused
    std::string personal = {};                   // jurisdiction of prices of one's own; "": nobody has one
    // how many visitors the merchant expects in each equal part of the window, against one another; empty: not said
    std::vector<std::int64_t> arrival_curve = {};
    std::vector<OfferRule> personal_offers = {};  // the merchant's own rules; only with `personal`
};
DROPSMITH_RECORD(PricingTerms, policy, objective, cadence, max_step, explore_share, mode, max_step_up, min_dwell,
                 revenue_at_risk, confidence, cohort_share, ladder, cannibalisation_max, features, personal,
                 arrival_curve, personal_offers)

inline bool is_arrival_curve(const std::vector<std::int64_t>& parts) {
    std::int64_t all = 0;
    for (const auto part : parts) {
        if (part < 0 || part > 1'000'000) return false;
        all += part;
    }
    return parts.empty() || (parts.size() <= limits::arrival_parts_max && all > 0);
}

constexpr PriceMode mode_of(const PricingTerms& terms) {
    return terms.mode.value_or(terms.policy == PricePolicy::bandit ? PriceMode::interval : PriceMode::fixed);
}

struct DropTerms {
    std::string slug;                        // [a-z0-9-]{1,60}, unique
    std::string title;
    std::string story;
    std::string kind = "capsule";
    Instant opens_at;
    Instant closes_at;
    std::string time_zone = "UTC";
    std::vector<ChannelId> channels;
    std::vector<LineTerms> lines;
    PricingTerms pricing;
    Duration hold_for = minutes(10);
    Duration preorder_release = hours(2);    // before opening: the unsold reserve joins the rest (D-11)
    ShowAvailable show = ShowAvailable::exact;
    Quantity few_under{10};                  // show == few: "few" below this, else "in_stock"
    Duration offer_for = minutes(30);        // how long an offer to the waiting list stands
    std::optional<RoomTerms> room;           // none: first come, first served, without a room
    Duration preorder_grace = {};            // after ship_by: so long a pre-order that is late still waits for units
};
DROPSMITH_RECORD(DropTerms, slug, title, story, kind, opens_at, closes_at, time_zone, channels, lines, pricing,
                 hold_for, preorder_release, show, few_under, offer_for, room, preorder_grace)

// --- commands
struct DraftDrop {
    static constexpr CommandCode code{430};
    DropTerms terms;
};
// draft: everything; scheduled: all but the slug; open or paused: see API.md
struct EditDrop {
    static constexpr CommandCode code{431};
    DropId drop;
    std::optional<std::uint64_t> if_version;
    DropTerms terms;                         // the whole document as it shall be; lines by position
    std::vector<std::uint32_t> end_lines;
    std::string reason;                      // required once open
};
struct ScheduleDrop {
    static constexpr CommandCode code{432};
    DropId drop;
    std::string room_seed = {};              // 64 hex digits of chance for the draw, when the drop has a ballot
};
struct PauseDrop { static constexpr CommandCode code{433}; DropId drop; std::string reason; };
struct ResumeDrop { static constexpr CommandCode code{434}; DropId drop; };
struct CloseDrop { static constexpr CommandCode code{435}; DropId drop; std::string reason; };
struct CancelDrop { static constexpr CommandCode code{436}; DropId drop; std::string reason; };
// due timers become these; issued by the loop only
struct OpenDue { static constexpr CommandCode code{437}; DropId drop; };
struct CloseDue { static constexpr CommandCode code{438}; DropId drop; };
struct SettleDue { static constexpr CommandCode code{439}; DropId drop; };
struct ReleaseReserveDue { static constexpr CommandCode code{440}; DropId drop; };

// --- facts
struct DropDrafted {
    static constexpr FactCode code{430};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    DropTerms terms;
};
DROPSMITH_RECORD(DropDrafted, drop, terms)
struct DropEdited {
    static constexpr FactCode code{431};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    DropTerms terms;
    std::vector<std::uint32_t> ended_lines;
    std::string reason;
};
DROPSMITH_RECORD(DropEdited, drop, terms, ended_lines, reason)
struct DropScheduled {
    static constexpr FactCode code{432};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    Instant opens_at;
    Instant closes_at;
    Duration preorder_release;
};
DROPSMITH_RECORD(DropScheduled, drop, opens_at, closes_at, preorder_release)
struct DropOpened {
    static constexpr FactCode code{433};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    Instant closes_at;
};
DROPSMITH_RECORD(DropOpened, drop, closes_at)
struct DropPaused {
    static constexpr FactCode code{434};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::string reason;
};
DROPSMITH_RECORD(DropPaused, drop, reason)
struct DropResumed {
    static constexpr FactCode code{435};
    static constexpr std::uint8_t version = 1;
    DropId drop;
};
DROPSMITH_RECORD(DropResumed, drop)
struct DropClosed {
    static constexpr FactCode code{436};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::string reason;                      // "window ended", "sold out" or a person's
    Instant settle_at;                       // when the last hold has ended: the timer to arm
    std::uint64_t preorders = 0;             // that wait on for units to arrive
};
DROPSMITH_RECORD(DropClosed, drop, reason, settle_at, preorders)
struct DropSettled {                         // nothing is held any more: the figures stand still
    static constexpr FactCode code{437};
    static constexpr std::uint8_t version = 1;
    DropId drop;
};
DROPSMITH_RECORD(DropSettled, drop)
struct SettlementPutOff {                    // pre-orders wait: looked at again then
    static constexpr FactCode code{502};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    Instant until;
};
DROPSMITH_RECORD(SettlementPutOff, drop, until)
struct DropTidied {                          // long over: who waited for it and who entered its room leave the state
    static constexpr FactCode code{504};
    static constexpr std::uint8_t version = 1;
    DropId drop;
};
DROPSMITH_RECORD(DropTidied, drop)
inline constexpr Duration drop_people_kept_for = days(90);  // after it was settled or cancelled
struct DropCancelled {
    static constexpr FactCode code{438};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::string reason;
};
DROPSMITH_RECORD(DropCancelled, drop, reason)
struct PreorderReserveReleased {
    static constexpr FactCode code{439};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::vector<Quantity> units;             // by line: what was unsold
};
DROPSMITH_RECORD(PreorderReserveReleased, drop, units)

// --- slice
struct PlaceUse {
    PlaceId place;
    Quantity allotted, held, sold;
};
DROPSMITH_RECORD(PlaceUse, place, allotted, held, sold)

struct DropLine {
    LineTerms terms;
    Quantity held, sold, preorder_held, preorder_sold, refunded;
    std::vector<PlaceUse> places;            // as terms.places, with what is used
    std::optional<Instant> sold_out_at;      // held + sold reached the cap
    bool ended = false;
    Quantity free() const { return terms.cap - held - sold; }
};
DROPSMITH_RECORD(DropLine, terms, held, sold, preorder_held, preorder_sold, refunded, places, sold_out_at, ended)

struct Drop {
    DropId id;
    std::uint64_t version = 1;
    DropStatus status = DropStatus::draft;
    DropTerms terms;                         // terms.lines stays empty here: see lines
    std::vector<DropLine> lines;
    bool reserve_released = false;
    std::uint64_t holds = 0, holds_expired = 0, holds_released = 0;  // ever
    std::optional<Instant> scheduled_at, opened_at, closed_at, settled_at;
};
DROPSMITH_RECORD(Drop, id, version, status, terms, lines, reserve_released, holds, holds_expired, holds_released,
                 scheduled_at, opened_at, closed_at,
                 settled_at)

struct PersonLimitKey {
    DropId drop;
    std::uint32_t line = 0;
    std::uint64_t who = 0;                   // PersonId, or digest of the session with the top bit set
    friend auto operator<=>(const PersonLimitKey&, const PersonLimitKey&) = default;
};

struct Drops {
    std::vector<Drop> drops;                 // drop id - 1 is the index
    std::unordered_map<std::string, DropId> by_slug;             // look-up only; derived
    std::map<std::pair<DropId, std::uint16_t>, std::uint64_t> refused;  // refusals by kind
    std::map<PersonLimitKey, Quantity> taken;                    // held + bought, for per-person limits
    const Drop* find(DropId id) const { return id.n >= 1 && id.n <= drops.size() ? &drops[id.n - 1] : nullptr; }
};

}  // namespace dropsmith
