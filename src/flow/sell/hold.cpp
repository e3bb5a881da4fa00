// Placing a hold: all lines or none, at the price of the moment or of a quote that still runs. The order in which a
// wish is refused is fixed: drop, channel, status, line, price, sold out, too few, pre-order reserve, limit. Nothing is
// taken before everything is known. Loop's thread. Covered by flow/sell/hold_test.cpp, flow/sell/laws_test.cpp.
#include "flow/sell/hold.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "flow/sell/allocation.h"
#include "flow/sell/person_limit.h"
#include "flow/sell/price_now.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

using Refused = std::optional<Refusal>;

struct Wish {  // of one line of the drop, added up
    std::uint32_t line = 0;
    Quantity units;
    std::optional<Money> asked_price;
    Money price;
    DecisionId decision;
    std::vector<PlaceShare> free;
};

std::string code_of(const State& state, SkuId sku) {
    const auto* known = state.catalogue.find(sku);
    return known ? known->terms.sku : std::string{};
}

std::optional<std::uint32_t> line_of(const Drop& drop, SkuId sku) {
    for (std::uint32_t i = 0; i < drop.lines.size(); ++i)
        if (drop.lines[i].terms.sku == sku && !drop.lines[i].ended) return i;
    return std::nullopt;
}

// The same SKU twice is one wish; two different expected prices for it cannot both hold.
Refused add_up(const State& state, const Drop& drop, const PlaceHold& command, std::vector<Wish>& wishes) {
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
            wishes.push_back({*line, wanted.units, wanted.unit_price, {}, {}, {}});
            continue;
        }
        known->units += wanted.units;
        if (known->asked_price && wanted.unit_price && *known->asked_price != *wanted.unit_price)
            return refuse_line(price_changed, "one SKU is given with two prices", code_of(state, wanted.sku)).error;
        if (wanted.unit_price) known->asked_price = wanted.unit_price;
    }
    if (drop.status != DropStatus::scheduled) return std::nullopt;
    for (const auto& wish : wishes)
        if (drop.lines[wish.line].terms.preorder_share == Rate{0})
            return refuse_line(drop_not_open, "this SKU is not sold before the opening",
                               code_of(state, drop.lines[wish.line].terms.sku))
                .error;
    return std::nullopt;
}

// A running quote fixes its price, and a fall since then passes to the buyer. Without a quote an expected price must be
// today's.
Refused set_price(const State& state, const Drop& drop, const PlaceHold& command, Instant at, Wish& wish) {
    using namespace refusals;
    const auto sku = code_of(state, drop.lines[wish.line].terms.sku);
    const auto now = price_now(state.prices, {drop.id, wish.line, command.channel}, at, command.session);
    if (!now) return refuse_line(no_such_line, "this SKU has no price in this channel yet", sku).error;
    wish.price = now->price;
    wish.decision = now->decision;
    if (!wish.asked_price) return std::nullopt;
    if (command.quote_valid_until) {
        if (*command.quote_valid_until < at)
            return refuse_line(price_changed, "the quote has expired: ask for a new one", sku).error;
        if (*wish.asked_price < wish.price) wish.price = *wish.asked_price, wish.decision = DecisionId{};
        return std::nullopt;
    }
    if (*wish.asked_price != now->price)
        return refuse_line(price_changed, "the price is no longer what you expected: look again", sku).error;
    return std::nullopt;
}

Refused not_there(const State& state, const Drop& drop, const PlaceHold& command, std::vector<Wish>& wishes) {
    using namespace refusals;
    for (auto& wish : wishes) {
        const auto& line = drop.lines[wish.line];
        wish.free = free_by_place(state.stock, line, command.pickup_at);
        if (free_in_line(line, wish.free) == Quantity{0})
            return sold_out_of(code_of(state, line.terms.sku));
    }
    for (const auto& wish : wishes) {
        const auto& line = drop.lines[wish.line];
        const auto free = free_in_line(line, wish.free);
        if (wish.units > free)
            return refuse_units(insufficient_stock,
                                "only " + count_of(free) + " left, " + count_of(wish.units) + " asked",
                                code_of(state, line.terms.sku), free)
                .error;
    }
    if (drop.status != DropStatus::scheduled) return std::nullopt;
    for (const auto& wish : wishes) {
        const auto& line = drop.lines[wish.line];
        const auto reserve =
            share_of(line.terms.cap, line.terms.preorder_share) - line.preorder_held - line.preorder_sold;
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
    if (auto refused = not_selling(*drop, moment.at)) return Failure<Refusal>{std::move(*refused)};
    if (command.pickup_at && !state.places.find(command.pickup_at))
        return refuse_field(bad_value, "place", "/fulfilment/place", "no such place to pick up");
    std::vector<Wish> wishes;
    if (auto refused = add_up(state, *drop, command, wishes)) return Failure<Refusal>{std::move(*refused)};
    for (auto& wish : wishes)
        if (auto refused = set_price(state, *drop, command, moment.at, wish))
            return Failure<Refusal>{std::move(*refused)};
    for (const auto& wish : wishes) {
        const auto amount = try_mul(wish.price.n, wish.units.n);
        if (!amount || *amount > limits::line_amount_max)
            return refuse_field(bad_value, "units", "/lines", "that is too much money for one line");
    }
    if (auto refused = not_there(state, *drop, command, wishes)) return Failure<Refusal>{std::move(*refused)};
    if (auto refused = over_a_limit(state, *drop, command, moment, wishes))
        return Failure<Refusal>{std::move(*refused)};
    UnitsHeld fact{
        state.holds.table.next(),         drop->id,        channel->id,       {},
        moment.at + drop->terms.hold_for, command.session, command.pickup_at, drop->status == DropStatus::scheduled};
    for (const auto& wish : wishes)
        for (const auto& share : allocate(wish.free, wish.units))
            fact.lines.push_back(
                {wish.line, drop->lines[wish.line].terms.sku, share.place, share.units, wish.price, wish.decision});
    if (fact.lines.size() > limits::held_lines_max)
        return refuse(bad_value, "the units lie at too many places for one hold: hold fewer SKUs at once");
    if (!moment.person && !command.method) return facts(std::move(fact));
    HoldDetailed detailed{fact.hold,        drop->id,        moment.person, command.method,
                          command.delivery, command.tax_zone};
    return bounded_facts(std::move(fact), std::move(detailed));
}

}  // namespace dropsmith::sell
