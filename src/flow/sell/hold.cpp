// Placing a hold: all lines or none, at the price of the moment or of a quote that still runs. The order in which a
// wish is refused is fixed: drop, channel, pass, status, admission, line, price, sold out, too few, pre-order reserve,
// limit. Nothing is taken before everything is known. Loop's thread. Covered by flow/sell/hold_test.cpp,
// flow/sell/laws_test.cpp.
#include "flow/sell/hold.h"

#include <algorithm>

#include "base/limits.h"
#include "flow/sell/allocation.h"
#include "flow/sell/catalogue.h"
#include "flow/sell/pass.h"
#include "flow/sell/person_limit.h"
#include "flow/sell/personal_price.h"
#include "flow/sell/price_now.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"
#include "flow/sell/room.h"
#include "flow/sell/substitute.h"
#include "flow/sell/waiting_list.h"

namespace dropsmith::sell {
namespace {

using Refused = std::optional<Refusal>;

struct Wish {  // of one line of the drop, added up
    std::uint32_t line = 0;
    Quantity units;
    std::optional<Money> asked_price;
    SkuId instead_of;
    Money price;
    DecisionId decision;
    std::vector<PlaceShare> free;
};

// Before the opening a hold is a pre-order, out of the reserve, unless a pass opens the drop early to its holder.
enum class When { open, preorder, early };

std::optional<std::uint32_t> line_of(const Drop& drop, SkuId sku) {
    for (std::uint32_t i = 0; i < drop.lines.size(); ++i)
        if (drop.lines[i].terms.sku == sku && !drop.lines[i].ended) return i;
    return std::nullopt;
}

// The same SKU twice is one wish; two different expected prices for it cannot both hold.
Refused add_up(const State& state, const Drop& drop, const PlaceHold& command, When when, std::vector<Wish>& wishes) {
    using namespace refusals;
    if (command.lines.empty() || command.lines.size() > limits::lines_max)
        return refuse_field(bad_value, "lines", "/lines", "a basket has 1 to 64 lines").error;
    for (std::size_t i = 0; i < command.lines.size(); ++i) {
        const auto& wanted = command.lines[i];
        if (wanted.units.n < 1 || wanted.units.n > limits::units_max)
            return refuse_field(bad_value, "units", "/lines/" + std::to_string(i) + "/units", "units are 1 or more")
                .error;
        const auto line = wanted.sku ? line_of(drop, wanted.sku) : std::nullopt;
        if (!line)
            return refuse_line(no_such_line, "this drop does not sell that SKU", code_of(state, wanted.sku)).error;
        auto known = std::find_if(wishes.begin(), wishes.end(), [&](const Wish& w) { return w.line == *line; });
        if (known == wishes.end()) {
            wishes.push_back({*line, wanted.units, wanted.unit_price, wanted.instead_of, {}, {}, {}});
            continue;
        }
        known->units += wanted.units;
        if (known->asked_price && wanted.unit_price && *known->asked_price != *wanted.unit_price)
            return refuse_line(price_changed, "one SKU is given with two prices", code_of(state, wanted.sku)).error;
        if (wanted.unit_price) known->asked_price = wanted.unit_price;
    }
    if (when != When::preorder) return std::nullopt;
    for (const auto& wish : wishes)
        if (drop.lines[wish.line].terms.preorder_share == Rate{0})
            return refuse_line(drop_not_open, "this SKU is not sold before the opening",
                               code_of(state, drop.lines[wish.line].terms.sku))
                .error;
    return std::nullopt;
}

// A running quote fixes its price, and a fall since then passes to the buyer. Without a quote an expected price must be
// today's.
// What is asked of this session alone is told in `own`.
Refused set_price(const State& state, const Drop& drop, const PlaceHold& command, Instant at, Wish& wish,
                  std::vector<PersonalPrice>& own) {
    using namespace refusals;
    const auto sku = code_of(state, drop.lines[wish.line].terms.sku);
    const auto now = price_now(state.prices, {drop.id, wish.line, command.channel}, at, command.session);
    if (!now) return refuse_line(no_such_line, "this SKU has no price in this channel yet", sku).error;
    wish.price = now->price;
    wish.decision = now->decision;
    auto personal = personal_price(state, drop, {drop.id, wish.line, command.channel}, at, command.session, wish.price);
    if (personal) wish.price = personal->price, own.push_back(std::move(*personal));
    if (!wish.asked_price) return std::nullopt;
    if (command.quote_valid_until) {
        if (*command.quote_valid_until < at)
            return refuse_line(price_changed, "the quote has expired: ask for a new one", sku).error;
        if (*wish.asked_price < wish.price) {
            wish.price = *wish.asked_price, wish.decision = DecisionId{};
            std::erase_if(own, [&](const PersonalPrice& price) { return price.line == wish.line; });
            for (const auto& quoted : command.quoted)
                if (quoted.line == wish.line && quoted.price == wish.price) own.push_back(quoted);
        }
        return std::nullopt;
    }
    if (*wish.asked_price != wish.price)
        return refuse_line(price_changed, "the price is no longer what you expected: look again", sku).error;
    return std::nullopt;
}

Quantity reserve_of(const DropLine& line) {
    return share_of(line.terms.cap, line.terms.preorder_share) - line.preorder_held - line.preorder_sold;
}

// What a hold may take of a line: not the reserve of pre-orders that is still kept, when a pass opens the drop early.
Quantity free_for(const Drop& drop, const Wish& wish, When when) {
    const auto& line = drop.lines[wish.line];
    const auto free = free_in_line(line, wish.free);
    if (when != When::early || drop.reserve_released) return free;
    return std::max(Quantity{0}, std::min(free, line.free() - std::max(Quantity{0}, reserve_of(line))));
}

Refused not_there(const State& state, const Drop& drop, const PlaceHold& command, When when,
                  std::vector<Wish>& wishes) {
    using namespace refusals;
    for (auto& wish : wishes) {
        const auto& line = drop.lines[wish.line];
        wish.free = free_by_place(state.stock, line, command.pickup_at);
        if (free_for(drop, wish, when) == Quantity{0})
            return sold_out_of(code_of(state, line.terms.sku));
        if (state.waiting_list.wanted.contains({drop.id, wish.line}) && offers_pending(state, drop.id))
            return refuse_units(sold_out, "sold out: what came back goes to the waiting list first",
                                code_of(state, line.terms.sku), Quantity{0})
                .error;
    }
    for (const auto& wish : wishes) {
        const auto& line = drop.lines[wish.line];
        const auto free = free_for(drop, wish, when);
        if (wish.units > free)
            return refuse_units(insufficient_stock,
                                "only " + count_of(free) + " left, " + count_of(wish.units) + " asked",
                                code_of(state, line.terms.sku), free)
                .error;
    }
    if (when != When::preorder) return std::nullopt;
    for (const auto& wish : wishes) {
        const auto& line = drop.lines[wish.line];
        const auto reserve = reserve_of(line);
        if (wish.units > reserve)
            return refuse_units(
                       preorder_full,
                       "of the units kept for pre-orders " + count_of(std::max(Quantity{0}, reserve)) + " are left",
                       code_of(state, line.terms.sku), std::max(Quantity{0}, reserve))
                .error;
    }
    return std::nullopt;
}

Refused over_a_limit(const State& state, const Drop& drop, const PlaceHold& command, const Moment& moment,
                     const std::vector<Wish>& wishes) {
    for (const auto& wish : wishes) {
        const auto& terms = drop.lines[wish.line].terms;
        if (!terms.per_person_limit) continue;
        const auto taken = std::max(taken_by(state.drops, drop.id, wish.line, session_key(command.session)),
                                    taken_by(state.drops, drop.id, wish.line, moment.person.n));
        const auto left = std::max(Quantity{0}, *terms.per_person_limit - taken);
        if (wish.units > left)
            return refuse_units(refusals::over_limit,
                                "one person may have " + count_of(*terms.per_person_limit) + ", " + count_of(taken) +
                                    " are taken",
                                code_of(state, terms.sku), left)
                .error;
    }
    return std::nullopt;
}

// Taken in the stead of a line that has sold out: told beside the hold, so that the capture is measured.
void tell_substitutes(const State& state, const Drop& drop, HoldId hold, const std::vector<Wish>& wishes, Facts& out) {
    for (const auto& wish : wishes) {
        if (!wish.instead_of || substitute_for(state, drop, wish.instead_of) != wish.line) continue;
        for (std::uint32_t i = 0; i < drop.lines.size(); ++i)
            if (drop.lines[i].terms.sku == wish.instead_of) {
                out.emplace_back(SubstituteTaken{hold, drop.id, i, drop.lines[wish.line].terms.sku, wish.units,
                                                 wish.instead_of});
                break;
            }
    }
}

}  // namespace

std::optional<Refusal> not_selling(const Drop& drop, Instant at) {
    using namespace refusals;
    if (drop.status == DropStatus::paused) return refuse(drop_paused, "the drop is paused: try again shortly").error;
    if (drop.status == DropStatus::open && at < drop.terms.closes_at) return std::nullopt;
    if (drop.status == DropStatus::scheduled && !drop.reserve_released &&
        std::any_of(drop.lines.begin(), drop.lines.end(),
                    [](const DropLine& l) { return l.terms.preorder_share > Rate{0}; }))
        return std::nullopt;
    const bool before = drop.status == DropStatus::draft || drop.status == DropStatus::scheduled;
    return refuse(drop_not_open, before ? "the drop is not open yet" : "the drop has closed").error;
}

Refusal sold_out_of(std::string sku) {
    return refuse_units(refusals::sold_out, "sold out", std::move(sku), Quantity{0}).error;
}

Verdict handle(const State& state, const PlaceHold& command, const Moment& moment) {
    using namespace refusals;
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return refuse(not_found, "no such drop");
    const auto* channel = state.places.find(command.channel);
    const auto& channels = drop->terms.channels;
    if (!channel || channel->mode != ChannelMode::own ||
        std::find(channels.begin(), channels.end(), channel->id) == channels.end())
        return refuse(wrong_channel, "this drop is not sold through that channel");
    if (command.pass)
        if (auto refused = pass_refused(state.passes, command.pass, drop->id, moment.at))
            return Failure<Refusal>{std::move(*refused)};
    const bool early = command.pass && opens_early(state.passes, command.pass, *drop, moment.at);
    if (!early)
        if (auto refused = not_selling(*drop, moment.at)) return Failure<Refusal>{std::move(*refused)};
    const auto when = early                                     ? When::early
                      : drop->status == DropStatus::scheduled ? When::preorder
                                                              : When::open;
    if (when == When::open)
        if (auto refused = not_admitted(state, drop->id, command.session, command.admission, moment))
            return Failure<Refusal>{std::move(*refused)};
    if (command.pickup_at && !state.places.find(command.pickup_at))
        return refuse_field(bad_value, "place", "/fulfilment/place", "no such place to pick up");
    std::vector<Wish> wishes;
    if (auto refused = add_up(state, *drop, command, when, wishes)) return Failure<Refusal>{std::move(*refused)};
    std::vector<PersonalPrice> own;
    for (auto& wish : wishes)
        if (auto refused = set_price(state, *drop, command, moment.at, wish, own))
            return Failure<Refusal>{std::move(*refused)};
    for (const auto& wish : wishes) {
        const auto amount = try_mul(wish.price.n, wish.units.n);
        if (!amount || *amount > limits::line_amount_max)
            return refuse_field(bad_value, "units", "/lines", "that is too much money for one line");
    }
    if (auto refused = not_there(state, *drop, command, when, wishes)) return Failure<Refusal>{std::move(*refused)};
    if (auto refused = over_a_limit(state, *drop, command, moment, wishes))
        return Failure<Refusal>{std::move(*refused)};
    UnitsHeld fact{
        state.holds.table.next(),         drop->id,        channel->id,       {},
        moment.at + drop->terms.hold_for, command.session, command.pickup_at, when == When::preorder};
    for (const auto& wish : wishes)
        for (const auto& share : allocate(wish.free, wish.units))
            fact.lines.push_back(
                {wish.line, drop->lines[wish.line].terms.sku, share.place, share.units, wish.price, wish.decision});
    if (fact.lines.size() > limits::held_lines_max)
        return refuse(bad_value, "the units lie at too many places for one hold: hold fewer SKUs at once");
    const auto hold = fact.hold;
    Facts out;
    if (!own.empty())  // first: what is sold so says nothing of a band
        out.emplace_back(PersonalPriceGiven{hold, drop->id, channel->id, command.session, std::move(own)});
    out.emplace_back(std::move(fact));
    if (moment.person || command.method) {
        HoldDetailed detailed{hold, drop->id, moment.person, command.method, command.delivery, command.tax_zone};
        if (!fits_the_journal(detailed))
            return refuse(bad_value, "this is more than one document can hold (64 KiB): shorten or split it");
        out.emplace_back(std::move(detailed));
    }
    if (command.pass) out.emplace_back(PassUsed{command.pass, hold});
    tell_substitutes(state, *drop, hold, wishes, out);
    return out;
}

}  // namespace dropsmith::sell
