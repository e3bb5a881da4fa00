// Views of drops and holds. Covered by tests/http/routes.py.
#include <algorithm>

#include "edge/http/resolve.h"
#include "edge/http/views.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/modes.h"
#include "flow/decide/prior_price.h"
#include "flow/decide/propose.h"
#include "flow/sell/checkout.h"
#include "flow/sell/personal_price.h"
#include "flow/sell/price_now.h"

namespace dropsmith::http {
namespace {

// A price stands at least this long once shown: quotes live as long.
constexpr Duration shown_price_for = minutes(5);

void write_optional_money(JsonWriter& json, const std::optional<Money>& amount, const Words& words) {
    amount ? json.money(amount->n, words.currency) : json.null();
}

std::string line_id(const Words& words, DropId drop, std::uint32_t line) {
    return words.ids.show("line", drop.n * 1024 + line);
}

void write_available(JsonWriter& json, const Drop& drop, Quantity units, bool staff) {
    if (staff || drop.terms.show == ShowAvailable::exact || units <= Quantity{}) {
        json.integer(units.n);
    } else if (drop.terms.show == ShowAvailable::few && units < drop.terms.few_under) {
        json.text("few");
    } else {
        json.text("in_stock");
    }
}

// What a buyer may do when there is nothing left, or nothing yet.
void write_ahead(JsonWriter& json, const State& state, const LineTerms& terms) {
    json.key("substitute");
    terms.substitute ? json.text(sku_code(state, terms.substitute)) : json.null();
    json.key("backorder_cap").integer(terms.backorder_cap.n).key("ship_by");
    terms.ship_by ? json.instant(terms.ship_by->ms) : json.null();
}

void write_bands(JsonWriter& json, const std::vector<Money>& bands, const Words& words) {
    json.key("bands").array();
    for (const auto band : bands) json.money(band.n, words.currency);
    json.end();
}

// As the document says them: what a channel leaves to the line is empty.
void write_own_prices(JsonWriter& json, const State& state, const LineTerms& terms, const Words& words) {
    json.key("channels").array();
    for (const auto& own : terms.channels) {
        const auto* channel = state.places.find(own.channel);
        json.object().key("channel").text(channel ? channel->name : words.ids.show(own.channel));
        write_bands(json, own.bands, words);
        json.key("list_price"), write_optional_money(json, own.list_price, words);
        json.key("floor"), write_optional_money(json, own.floor, words);
        json.end();
    }
    json.end();
}

void write_line_terms(JsonWriter& json, const State& state, const LineTerms& terms, const Words& words) {
    json.key("sku").text(sku_code(state, terms.sku)).key("cap").integer(terms.cap.n);
    write_bands(json, terms.bands, words);
    json.key("floor"), write_optional_money(json, terms.floor, words);
    json.key("min_margin");
    terms.min_margin ? json.rate(terms.min_margin->n) : json.null();
    json.key("list_price").money(terms.list_price.n, words.currency).key("per_person_limit");
    terms.per_person_limit ? json.integer(terms.per_person_limit->n) : json.null();
    json.key("preorder_share").rate(terms.preorder_share.n);
    json.key("below_cost_ok").boolean(terms.below_cost_ok).key("max_discount");
    terms.max_discount ? json.rate(terms.max_discount->n) : json.null();
    json.key("return_share").rate(terms.return_share.n).key("return_cost").money(terms.return_cost.n, words.currency);
    json.key("salvage"), write_optional_money(json, terms.salvage, words);
    write_own_prices(json, state, terms, words);
    write_ahead(json, state, terms);
}

void write_terms(JsonWriter& json, const State& state, const DropTerms& terms, const Words& words) {
    json.key("slug")
        .text(terms.slug)
        .key("title")
        .text(terms.title)
        .key("story")
        .text(terms.story)
        .key("kind")
        .text(terms.kind);
    json.key("opens_at").instant(terms.opens_at.ms).key("closes_at").instant(terms.closes_at.ms);
    json.key("timezone").text(terms.time_zone).key("channels").array();
    for (const auto id : terms.channels) {
        const auto* channel = state.places.find(id);
        json.text(channel ? channel->name : words.ids.show(id));
    }
    json.end().key("offer_seconds").integer(terms.offer_for.n / 1000).key("room");
    if (!terms.room) return void(json.null());
    json.object().key("kind").text(word_of(terms.room->kind));
    json.key("entry_before_seconds").integer(terms.room->entry_before.n / 1000);
    json.key("draw_before_seconds").integer(terms.room->draw_before.n / 1000);
    json.key("admission_seconds").integer(terms.room->admission_for.n / 1000);
    json.key("per_second_max").natural(terms.room->per_second_max);
    json.key("by_person").boolean(terms.room->by_person).end();
}

void write_governors(JsonWriter& json, const PricingTerms& pricing) {
    const auto rate = [&](std::string_view name, const std::optional<Rate>& value) {
        json.key(name);
        value ? json.rate(value->n) : json.null();
    };
    json.key("mode").text(word_of(mode_of(pricing)));
    rate("max_step_up", pricing.max_step_up);
    json.key("min_dwell_s").integer(pricing.min_dwell.n / 1000);
    rate("revenue_at_risk", pricing.revenue_at_risk);
    json.key("confidence").rate(pricing.confidence.n).key("cohort_share").rate(pricing.cohort_share.n);
    json.key("cannibalisation_max").rate(pricing.cannibalisation_max.n).key("ladder").array();
    for (const auto& stage : pricing.ladder) {
        json.object().key("after_s").integer(stage.after.n / 1000).key("sold_below").rate(stage.sold_below.n);
        json.key("discount").rate(stage.discount.n).end();
    }
    json.end().key("features").array();
    for (const auto& feature : pricing.features) json.text(feature);
    json.end().key("personal").text(pricing.personal).key("arrival_curve").array();
    for (const auto part : pricing.arrival_curve) json.integer(part);
    json.end();
}

void write_offer_rules(JsonWriter& json, const State& state, const PricingTerms& pricing) {
    json.key("personal_offers").array();
    for (const auto& rule : pricing.personal_offers) {
        json.object().key("feature").text(rule.feature).key("at_least").integer(rule.at_least);
        json.key("discount").rate(rule.discount.n).key("lines").array();
        for (const auto sku : rule.lines) json.text(sku_code(state, sku));
        json.end().end();
    }
    json.end();
}

void write_policy(JsonWriter& json, const State& state, const DropTerms& terms) {
    write_pricing(json, state, terms.pricing);
    json.key("hold_seconds").integer(terms.hold_for.n / 1000);
    json.key("preorder_release_seconds").integer(terms.preorder_release.n / 1000);
    json.key("preorder_grace_seconds").integer(terms.preorder_grace.n / 1000);
    json.key("show").text(word_of(terms.show)).key("few_under").integer(terms.few_under.n);
}

}  // namespace

void write_pricing(JsonWriter& json, const State& state, const PricingTerms& pricing) {
    json.key("pricing").object().key("policy").text(word_of(pricing.policy));
    json.key("objective").text(word_of(pricing.objective)).key("cadence_s").integer(pricing.cadence.n / 1000);
    json.key("max_step");
    pricing.max_step ? json.rate(pricing.max_step->n) : json.null();
    json.key("explore_share").rate(pricing.explore_share.n);
    write_governors(json, pricing);
    write_offer_rules(json, state, pricing);
    json.end();
}

namespace {

// What pricing has been told of visitors: in the running period, and what is announced.
void write_heard(JsonWriter& json, const State& state, const LinePrice& price, const LineKey& key) {
    json.key("looks").natural(price.fresh_looks).key("footfall").natural(price.fresh_footfall);
    json.key("announced").array();
    for (const auto at : decide::announced_for(state.prices, key, price.sku)) json.instant(at.ms);
    json.end();
}

// What staff see of a line beside its terms: what is used, where, and the price of every channel.
void write_line_use(JsonWriter& json, const State& state, const Drop& drop, std::uint32_t i, const Words& words) {
    const auto& line = drop.lines[i];
    const auto count = [&](std::string_view name, Quantity units) { json.key(name).integer(units.n); };
    count("held", line.held), count("sold", line.sold), count("refunded", line.refunded);
    count("preorder_held", line.preorder_held), count("preorder_sold", line.preorder_sold);
    json.key("ended").boolean(line.ended).key("sold_out_at");
    line.sold_out_at ? json.instant(line.sold_out_at->ms) : json.null();
    json.key("places").object();
    for (const auto& use : line.places) {
        json.key(words.ids.show(use.place)).object();
        count("allotted", use.allotted), count("held", use.held), count("sold", use.sold);
        json.end();
    }
    json.end().key("prices").object();
    for (const auto id : drop.terms.channels) {
        const auto* at = price_of(state, drop, i, id);
        const auto* named = state.places.find(id);
        if (!at || !named) continue;
        json.key(named->name).object().key("price").money(at->price.n, words.currency);
        const auto terms = in_channel(line.terms, id);
        write_bands(json, decide::bands_of(terms), words);
        json.key("list_price").money(terms.list_price.n, words.currency).key("floor");
        write_optional_money(json, terms.floor, words);
        json.key("decision").text(words.ids.show(at->decision)).key("kind").text(word_of(at->kind));
        json.key("set_at").instant(at->set_at.ms).key("killed").boolean(at->killed).key("halted_by");
        at->halted_by ? json.text(word_of(*at->halted_by)) : json.null();
        json.key("cohort");
        if (at->cohort)
            json.object()
                .key("price")
                .money(at->cohort->price.n, words.currency)
                .key("share")
                .rate(at->cohort->share.n)
                .end();
        else
            json.null();
        json.key("override_until");
        at->override_until ? json.instant(at->override_until->ms) : json.null();
        json.key("before_override");
        at->override_until ? json.money(at->before_override.n, words.currency) : json.null();
        json.key("next_review");
        at->next_review != Instant{} ? json.instant(at->next_review.ms) : json.null();
        write_heard(json, state, *at, {drop.id, i, id});
        json.end();
    }
    json.end();
}

// What may be had before the opening: the share that is kept for it, until it is released.
void write_preorder(JsonWriter& json, const State& state, const Drop& drop, std::uint32_t i, bool staff) {
    const auto& line = drop.lines[i];
    json.key("preorder");
    if (drop.status != DropStatus::scheduled || drop.reserve_released || line.terms.preorder_share == Rate{0})
        return void(json.null());
    const auto reserve = share_of(line.terms.cap, line.terms.preorder_share) - line.preorder_held - line.preorder_sold;
    json.object().key("available");
    write_available(json, drop, std::max(Quantity{0}, std::min(reserve, available(state, drop, i))), staff);
    json.key("until").instant((drop.terms.opens_at - drop.terms.preorder_release).ms).end();
}

void write_line(JsonWriter& json, const State& state, const Drop& drop, std::uint32_t i, const DropReader& reader,
                ChannelId channel, const Words& words) {
    const auto& line = drop.lines[i];
    const auto* sku = state.catalogue.find(line.terms.sku);
    const auto* product = sku ? state.catalogue.find(sku->product) : nullptr;
    const auto price = sell::price_now(state.prices, {drop.id, i, channel}, reader.now, reader.session);
    json.object().key("id").text(line_id(words, drop.id, i));
    if (reader.staff) {
        write_line_terms(json, state, line.terms, words);
    } else {
        json.key("sku").text(sku ? sku->terms.sku : "").key("list_price");
        json.money(list_price_in(line.terms, channel).n, words.currency).key("per_person_limit");
        line.terms.per_person_limit ? json.integer(line.terms.per_person_limit->n) : json.null();
        write_ahead(json, state, line.terms);
    }
    json.key("title").text(product ? product->title : "").key("size").text(sku ? sku->terms.size : "").key("price");
    const auto own = price ? sell::personal_price(state, drop, {drop.id, i, channel}, reader.now, reader.session,
                                                  price->price)
                           : std::nullopt;
    if (price)
        json.money(own ? own->price.n : price->price.n, words.currency);
    else
        json.money(decide::bands_of(in_channel(line.terms, channel)).back().n, words.currency);
    if (own) json.key("personal"), write_personal(json, state, *own, words);
    // Struck through only where the law lets a reduction be announced, and then what it is computed from.
    const auto reduction =
        price ? decide::announced_reduction(state.prices, {drop.id, i, channel}, price->price) : std::nullopt;
    json.key("prior_price");
    reduction ? json.money(reduction->prior.n, words.currency) : json.null();
    json.key("discount");
    reduction ? json.rate(reduction->discount.n) : json.null();
    if (mode_of(drop.terms.pricing) == PriceMode::taper) {
        json.key("taper").array();
        for (const auto& step : decide::taper_of(drop.terms, in_channel(line.terms, channel)))
            json.object().key("at").instant(step.at.ms).key("price").money(step.price.n, words.currency).end();
        json.end();
    }
    json.key("available");
    write_available(json, drop, available(state, drop, i), reader.staff);
    write_preorder(json, state, drop, i, reader.staff);
    Instant until = std::min(drop.terms.closes_at, reader.now + shown_price_for);
    const auto* standing = price_of(state, drop, i, channel);
    if (standing && standing->next_review > reader.now)
        until = std::max(until, std::min(standing->next_review, drop.terms.closes_at));
    json.key("price_valid_until").instant(until.ms);
    if (reader.staff) write_line_use(json, state, drop, i, words);
    json.end();
}

// How an order may come: the code belongs into `fulfilment.delivery`.
void write_delivery(JsonWriter& json, const Shop& shop, const Words& words) {
    json.key("delivery").array();
    for (const auto& row : shop.delivery)
        json.object()
            .key("code")
            .text(row.code)
            .key("title")
            .text(row.title)
            .key("method")
            .text(word_of(sell::method_of(row)))
            .key("charge")
            .money(row.charge.n, words.currency)
            .end();
    json.end();
}

void write_pickup(JsonWriter& json, const State& state, const Drop& drop, const Words& words) {
    std::vector<PlaceId> places;
    for (const auto& line : drop.lines)
        for (const auto& use : line.places)
            if (std::find(places.begin(), places.end(), use.place) == places.end()) places.push_back(use.place);
    json.key("pickup").array();
    for (const auto id : places) {
        const auto* place = state.places.find(id);
        if (!place) continue;
        json.object().key("place").text(words.ids.show(id)).key("name").text(place->name);
        json.key("kind").text(word_of(place->kind)).end();
    }
    json.end();
}

}  // namespace

void write_drop(JsonWriter& json, const State& state, const Drop& drop, const DropReader& reader, const Words& words) {
    ChannelId channel_id = reader.channel;
    if (!channel_id && !drop.terms.channels.empty()) channel_id = drop.terms.channels[0];
    const auto* channel = state.places.find(channel_id);
    json.object().key("id").text(words.ids.show(drop.id));
    write_terms(json, state, drop.terms, words);
    json.key("status").text(word_of(drop.status)).key("server_time").instant(reader.now.ms).key("channel");
    channel ? json.text(channel->name) : json.null();
    json.key("images").array().end().key("lines").array();
    for (std::uint32_t i = 0; i < drop.lines.size(); ++i)
        if (!drop.lines[i].ended || reader.staff) write_line(json, state, drop, i, reader, channel_id, words);
    json.end();
    write_pickup(json, state, drop, words);
    write_delivery(json, state.shop, words);
    if (reader.staff) {
        json.key("version").natural(drop.version);
        write_policy(json, state, drop.terms);
        const auto told = state.subscribers.count.find(drop.id);
        const auto count = told == state.subscribers.count.end() ? SubscriberCount{} : told->second;
        json.key("subscribers").object().key("confirmed").natural(count.confirmed);
        json.key("pending").natural(count.pending).end();
        json.key("refused").object();
        const auto& refused = state.drops.refused;
        for (auto it = refused.lower_bound({drop.id, 0}); it != refused.end() && it->first.first == drop.id; ++it)
            json.key(std::to_string(it->first.second)).natural(it->second);
        json.end();
    }
    json.end();
}

void write_drafted(JsonWriter& json, const State& state, const DropDrafted& fact, const Words& words) {
    json.object().key("id").text(words.ids.show(fact.drop)).key("status").text("draft").key("version").natural(1);
    write_terms(json, state, fact.terms, words);
    json.key("lines").array();
    for (std::uint32_t i = 0; i < fact.terms.lines.size(); ++i) {
        json.object().key("id").text(line_id(words, fact.drop, i));
        write_line_terms(json, state, fact.terms.lines[i], words);
        json.key("places").object();
        for (const auto& allotment : fact.terms.lines[i].places)
            json.key(words.ids.show(allotment.place)).integer(allotment.units.n);
        json.end().end();
    }
    json.end();
    write_policy(json, state, fact.terms);
    json.end();
}

Money total_of(const HeldLines& lines) {
    Money total;
    for (const auto& line : lines) total += line.unit_price * line.units;
    return total;
}

// Units of one line of the drop may lie at several places: a buyer sees them as one.
void write_held_lines(JsonWriter& json, const State& state, const HeldLines& lines, const Words& words,
                      const std::vector<PersonalPrice>* own) {
    json.array();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        Quantity units;
        bool seen = false;
        for (std::size_t k = 0; k < lines.size(); ++k) {
            if (lines[k].line != lines[i].line || lines[k].unit_price != lines[i].unit_price) continue;
            if (k < i) seen = true;
            units += lines[k].units;
        }
        if (seen) continue;
        json.object().key("sku").text(sku_code(state, lines[i].sku)).key("units").integer(units.n);
        json.key("unit_price").money(lines[i].unit_price.n, words.currency);
        if (own)
            for (const auto& price : *own)
                if (price.line == lines[i].line) json.key("personal"), write_personal(json, state, price, words);
        json.end();
    }
    json.end();
}

void write_placed_hold(JsonWriter& json, const State& state, const UnitsHeld& fact, const Words& words) {
    json.object()
        .key("id")
        .text(words.ids.show(fact.hold))
        .key("secret")
        .text(words.ids.secret(HoldTag::prefix, fact.hold.n));
    json.key("status").text("held").key("drop").text(words.ids.show(fact.drop)).key("preorder").boolean(fact.preorder);
    json.key("lines"), write_held_lines(json, state, fact.lines, words, sell::personal_of(state.prices, fact.hold));
    json.key("total").money(total_of(fact.lines).n, words.currency).key("expires_at").instant(fact.expires_at.ms).end();
}

void write_hold(JsonWriter& json, const State& state, const Hold& hold, Instant now, const Words& words) {
    const auto status = hold.status == HoldStatus::held && hold.expires_at <= now ? HoldStatus::expired : hold.status;
    json.object().key("id").text(words.ids.show(hold.id)).key("status").text(word_of(status));
    json.key("drop").text(words.ids.show(hold.drop)).key("preorder").boolean(hold.preorder);
    json.key("lines"), write_held_lines(json, state, hold.lines, words, sell::personal_of(state.prices, hold.id));
    json.key("total").money(total_of(hold.lines).n, words.currency).key("placed_at").instant(hold.placed_at.ms);
    json.key("expires_at").instant(hold.expires_at.ms).key("server_time").instant(now.ms).key("order");
    hold.order ? json.text(words.ids.show(hold.order)) : json.null();
    json.end();
}

}  // namespace dropsmith::http
