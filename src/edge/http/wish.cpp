// Covered by tests/http/routes.py, edge/http/board_test.cpp.
#include "edge/http/wish.h"

#include <algorithm>

#include "base/limits.h"
#include "edge/http/admission.h"
#include "edge/http/handling.h"
#include "edge/http/spare_bodies.h"
#include "flow/sell/personal_price.h"
#include "flow/sell/price_now.h"
#include "flow/sell/substitute.h"

namespace dropsmith::http {

bool drop_is_public(const Drop& drop) {
    return drop.status != DropStatus::draft && drop.status != DropStatus::cancelled;
}

Instant quoted_until(Instant now, Instant closes_at) {
    const auto until = now + quote_for;
    return closes_at < until && closes_at > now ? closes_at : until;
}

Refusal not_sold_in(std::string_view channel) {
    return refuse(refusals::wrong_channel, "This drop is not sold in the channel '" + std::string(channel) + "'.")
        .error;
}

Refusal not_in_this_drop(std::string_view sku) {
    return refuse(refusals::no_such_line, "The SKU '" + std::string(sku) + "' is not sold in this drop.").error;
}

// What the wish says that it stands in for: sealed into the quote if it is gone and names this line its substitute.
static SkuId gone_for(const State& state, const Drop& drop, const WantedBody& wanted, std::uint32_t line) {
    const auto* gone = wanted.instead_of ? state.catalogue.find(*wanted.instead_of) : nullptr;
    return gone && sell::substitute_for(state, drop, gone->id) == line ? gone->id : SkuId{};
}

Result<Quote, Refusal> price_basket(const State& state, const PublicIds& ids, const Wish& wish, Instant now) {
    const auto* drop = drop_of(state, ids, wish.drop);
    if (!drop || !drop_is_public(*drop)) return refuse(refusals::not_found, "There is no such drop.");
    const auto* channel = channel_of(state, ids, wish.channel);
    const auto& in = drop->terms.channels;
    if (!channel || std::find(in.begin(), in.end(), channel->id) == in.end())
        return Failure<Refusal>{not_sold_in(wish.channel)};
    Quote quote{drop->id, channel->id, {}, wish.session, quoted_until(now, drop->terms.closes_at)};
    for (std::size_t i = 0; i < wish.lines.size(); ++i) {
        const auto* sku = state.catalogue.find(wish.lines[i].sku);
        const auto line = sku ? line_of(*drop, sku->id) : std::nullopt;
        auto price =
            line ? sell::price_now(state.prices, {drop->id, *line, channel->id}, now, wish.session) : std::nullopt;
        if (price)
            if (auto own = sell::personal_price(state, *drop, {drop->id, *line, channel->id}, now, wish.session,
                                                price->price)) {
                price->price = own->price;
                const bool again = std::any_of(quote.personal.begin(), quote.personal.end(),
                                               [&](const auto& known) { return known.line == own->line; });
                if (!again) quote.personal.push_back(std::move(*own));
            }
        if (!price) return Failure<Refusal>{not_in_this_drop(wish.lines[i].sku)};
        const auto amount = try_mul(price->price.n, wish.lines[i].units.n);
        if (!amount || *amount > limits::line_amount_max)
            return bad_field("/lines/" + std::to_string(i) + "/units", "comes to more money than a line may");
        quote.lines.push_back(
            {sku->id, wish.lines[i].units, price->price, price->decision,
             gone_for(state, *drop, wish.lines[i], *line)});
    }
    return quote;
}

void write_quote(JsonWriter& json, const Quote& quote, const std::function<std::string_view(std::size_t)>& code_at,
                 const Services& services, const State* state) {
    const auto* drop = state && !quote.personal.empty() ? state->drops.find(quote.drop) : nullptr;
    const auto token = seal(quote, services.mac_key);
    Money total;
    json.object()
        .key("id")
        .text("quo_" + token.substr(token.size() - 13))
        .key("token")
        .text(token)
        .key("lines")
        .array();
    for (std::size_t i = 0; i < quote.lines.size(); ++i) {
        const auto& line = quote.lines[i];
        json.object()
            .key("sku")
            .text(code_at(i))
            .key("units")
            .integer(line.units.n)
            .key("unit_price")
            .money(line.unit_price.n, services.currency);
        if (drop)
            for (const auto& own : quote.personal)
                if (own.line < drop->lines.size() && drop->lines[own.line].terms.sku == line.sku)
                    json.key("personal"), write_personal(json, *state, own, {*services.ids, services.currency});
        json.end();
        total += line.unit_price * line.units;
    }
    json.end()
        .key("total")
        .money(total.n, services.currency)
        .key("valid_until")
        .instant(quote.valid_until.ms)
        .end();
}

std::vector<JsonError> wrong_units(const std::vector<WantedBody>& lines) {
    std::vector<JsonError> errors;
    if (lines.empty()) errors.push_back({"/lines", "needs at least one line", false});
    if (lines.size() > limits::lines_max)
        errors.push_back({"/lines", "has more than " + std::to_string(limits::lines_max) + " lines", false});
    for (std::size_t i = 0; i < lines.size() && errors.size() < 16; ++i)
        if (lines[i].units.n < 1 || lines[i].units.n > limits::units_max)
            errors.push_back(
                {"/lines/" + std::to_string(i) + "/units", "must be a whole number from 1 to 1000000000", false});
    return errors;
}

Result<Command, Refusal> place_hold(const State& state, const PublicIds& ids, const Wish& wish) {
    PlaceHold hold;
    hold.session = wish.session;
    hold.pickup_at = wish.pickup_at;
    if (wish.fulfilment) {
        hold.method = wish.fulfilment->method;
        hold.delivery = wish.fulfilment->delivery.value_or(""), hold.tax_zone = wish.fulfilment->zone.value_or("");
    }
    hold.admission = wish.admission;
    hold.pass = wish.pass;
    if (wish.quote) {
        hold.drop = wish.quote->drop;
        hold.channel = wish.quote->channel;
        hold.quote_valid_until = wish.quote->valid_until;
        for (const auto& line : wish.quote->lines)
            hold.lines.push_back({line.sku, line.units, line.unit_price, line.instead_of});
        hold.quoted = wish.quote->personal;
        return Command(std::move(hold));
    }
    const auto* drop = drop_of(state, ids, wish.drop);
    if (!drop || !drop_is_public(*drop)) return refuse(refusals::not_found, "There is no such drop.");
    hold.drop = drop->id;
    if (const auto* channel = channel_of(state, ids, wish.channel)) hold.channel = channel->id;
    for (const auto& line : wish.lines) {
        const auto* sku = state.catalogue.find(line.sku);
        const auto* gone = line.instead_of ? state.catalogue.find(*line.instead_of) : nullptr;
        hold.lines.push_back({sku ? sku->id : SkuId{}, line.units, line.expect_unit_price, gone ? gone->id : SkuId{}});
    }
    return Command(std::move(hold));
}

static std::function<std::string_view(std::size_t)> codes_of(const State& state, const Quote& quote) {
    return [&](std::size_t i) {
        const auto* sku = state.catalogue.find(quote.lines[i].sku);
        return sku ? std::string_view(sku->terms.sku) : std::string_view();
    };
}

// sold_out names the substitute that the drop declares, while it is there.
static Reply sold_out(const engine::Answer& answer, const Services& services, const Wish& wish) {
    const auto& state = answer.state;
    const auto* drop = wish.quote ? state.drops.find(wish.quote->drop) : drop_of(state, *services.ids, wish.drop);
    const auto* gone = state.catalogue.find(answer.refusal->sku);
    const auto line = drop && gone ? sell::substitute_for(state, *drop, gone->id) : std::nullopt;
    if (!line) return refusal_problem(*answer.refusal);
    const auto sku = drop->lines[*line].terms.sku;
    const auto* row = state.catalogue.find(sku);
    const auto* product = row ? state.catalogue.find(row->product) : nullptr;
    const auto* channel =
        wish.quote ? state.places.find(wish.quote->channel) : channel_of(state, *services.ids, wish.channel);
    const auto price =
        channel ? sell::price_now(state.prices, {drop->id, *line, channel->id}, answer.at) : std::nullopt;
    std::string more = "\"substitute\":";
    JsonWriter json(more);
    json.object().key("sku").text(sku_code(state, sku)).key("title").text(product ? product->title : "");
    json.key("price");
    price ? json.money(price->price.n, services.currency) : json.null();
    json.key("instead_of").text(answer.refusal->sku).end();
    return refusal_problem(*answer.refusal, more);
}

// price_changed answers with the quote of now, so that the buyer can take it or leave it.
Reply hold_refused(const engine::Answer& answer, const Services& services, const Wish& wish) {
    if (answer.refusal->code == refusals::sold_out) return sold_out(answer, services, wish);
    if (answer.refusal->code != refusals::price_changed) return refusal_problem(*answer.refusal);
    Wish again = wish;
    if (wish.quote) {
        again.drop = services.ids->show(wish.quote->drop);
        again.channel = services.ids->show(wish.quote->channel);
        for (const auto& line : wish.quote->lines)
            again.lines.push_back({sku_code(answer.state, line.sku), line.units, {}, {}});
    }
    const auto quote = price_basket(answer.state, *services.ids, again, answer.at);
    if (!quote) return refusal_problem(*answer.refusal);
    std::string more = "\"quote\":";
    JsonWriter json(more);
    write_quote(json, *quote, codes_of(answer.state, *quote), services, &answer.state);
    return refusal_problem(*answer.refusal, more);
}

// The body's own rules, before anything is looked up. false and `errors` filled, or a wish.
bool wish_of(const HoldBody& asked, const Services& services, Wish& wish, std::vector<JsonError>& errors) {
    wish.session = session_digest(asked.session.value_or(""));
    if (asked.quote) {
        if (asked.drop || asked.channel || !asked.lines.empty()) {
            errors.push_back({"/quote", "a quote says drop, channel and lines itself: send either it or them", false});
            return false;
        }
        wish.quote = unseal(*asked.quote, services.mac_key);
        if (!wish.quote) {
            errors.push_back({"/quote", "is not a quote of this shop; send the token as it was given", false});
            return false;
        }
        if (wish.quote->session) wish.session = wish.quote->session;
    } else {
        if (!asked.drop) errors.push_back({"/drop", "is required without a quote", false});
        if (!asked.channel) errors.push_back({"/channel", "is required without a quote", false});
        for (auto& error : wrong_units(asked.lines)) errors.push_back(std::move(error));
        if (!errors.empty()) return false;
        wish.drop = *asked.drop, wish.channel = *asked.channel, wish.lines = asked.lines;
    }
    if (asked.fulfilment && asked.fulfilment->method == FulfilmentMethod::pickup && asked.fulfilment->place)
        wish.pickup_at = *asked.fulfilment->place;
    wish.fulfilment = asked.fulfilment;
    if (asked.admission) wish.admission = unseal_admission(*asked.admission, services.mac_key);
    if (asked.pass) wish.pass = pass_of(*asked.pass, *services.ids);
    return errors.empty();
}

Reply hold_placed(const engine::Answer& answer, const Services& services) {
    const auto* fact = fact_in<UnitsHeld>(answer);
    if (!fact) return missing_fact();
    Reply reply{201, "application/json", spare_body(), {}};
    const Words words{*services.ids, services.currency};
    const bool own = sell::personal_of(answer.state.prices, fact->hold) != nullptr;
    if (!own && append_placed_hold(reply.body, answer.state, *fact, words)) return reply;
    JsonWriter json(reply.body);
    write_placed_hold(json, answer.state, *fact, words);
    return reply;
}

}  // namespace dropsmith::http
