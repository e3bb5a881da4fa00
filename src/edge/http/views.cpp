// Views of the catalogue, places, the shop, stock and decisions. Covered by tests/http/routes.py.
#include "edge/http/views.h"

#include "base/text.h"

namespace dropsmith::http {

std::string sku_code(const State& state, SkuId id) {
    const auto* sku = state.catalogue.find(id);
    return sku ? sku->terms.sku : std::string{};
}

void write_place(JsonWriter& json, const Place& place, const Words& words) {
    json.object().key("id").text(words.ids.show(place.id)).key("version").natural(place.version);
    json.key("name").text(place.name).key("kind").text(word_of(place.kind)).key("time_zone").text(place.time_zone);
    json.key("position");
    if (place.position) {
        json.object().key("lat").real_text(format_decimal(place.position->lat_micro, 6));
        json.key("lon").real_text(format_decimal(place.position->lon_micro, 6)).end();
    } else {
        json.null();
    }
    json.end();
}

void write_channel(JsonWriter& json, const Channel& channel, const Words& words) {
    json.object().key("id").text(words.ids.show(channel.id)).key("version").natural(channel.version);
    json.key("name").text(channel.name).key("mode").text(word_of(channel.mode)).key("currency").text(words.currency);
    json.key("prices_include_tax").boolean(channel.prices_include_tax);
    json.key("place");
    channel.place ? json.text(words.ids.show(channel.place)) : json.null();
    json.end();
}

void write_product(JsonWriter& json, const State& state, const Product& product, const std::vector<SkuRow>& skus,
                   const Words& words) {
    json.object().key("id").text(words.ids.show(product.id)).key("version").natural(product.version);
    json.key("title").text(product.title).key("story").text(product.story).key("brand").text(product.brand);
    json.key("tax_category").text(product.tax_category).key("skus").array();
    for (const auto& row : skus) {
        json.object()
            .key("id")
            .text(words.ids.show(row.id))
            .key("sku")
            .text(row.terms.sku)
            .key("size")
            .text(row.terms.size);
        json.key("unit_cost");
        row.terms.unit_cost ? json.money(row.terms.unit_cost->n, words.currency) : json.null();
        json.key("cost_assumed").boolean(row.terms.cost_assumed).key("list_price");
        row.terms.list_price ? json.money(row.terms.list_price->n, words.currency) : json.null();
        json.key("weight_g").natural(row.terms.weight_g).key("gtin").text(row.terms.gtin);
        if (!row.terms.components.empty()) {
            json.key("components").array();
            for (const auto& part : row.terms.components)
                json.object().key("sku").text(sku_code(state, part.sku)).key("units").integer(part.units.n).end();
            json.end();
        }
        json.end();
    }
    json.end().end();
}

void write_shop(JsonWriter& json, const Shop& shop, const Words& words) {
    json.object().key("name").text(shop.name).key("currency").text(shop.currency).key("time_zone").text(shop.time_zone);
    json.key("prices_include_tax").boolean(shop.prices_include_tax).key("simulated").boolean(shop.simulated);
    json.key("speed").integer(shop.speed).key("tax").array();
    for (const auto& row : shop.tax)
        json.object()
            .key("category")
            .text(row.category)
            .key("zone")
            .text(row.zone)
            .key("rate")
            .rate(row.rate.n)
            .key("valid_from")
            .instant(row.valid_from.ms)
            .end();
    json.end().key("delivery").array();
    for (const auto& row : shop.delivery)
        json.object()
            .key("code")
            .text(row.code)
            .key("title")
            .text(row.title)
            .key("charge")
            .money(row.charge.n, words.currency)
            .key("subsidy")
            .money(row.subsidy.n, words.currency)
            .key("tax_category")
            .text(row.tax_category)
            .end();
    json.end().key("payment_fee").object().key("share").rate(shop.payment_fee.share.n);
    json.key("fixed").money(shop.payment_fee.fixed.n, words.currency).end().end();
}

void write_grant(JsonWriter& json, const Grant& grant, const State& state, const Words& words) {
    json.object()
        .key("id")
        .text(words.ids.show(grant.id))
        .key("role")
        .text(word_of(grant.role))
        .key("name")
        .text(grant.name);
    json.key("scope").object().key("places").array();
    for (const auto place : grant.scope.places) json.text(words.ids.show(place));
    json.end().key("channels").array();
    for (const auto id : grant.scope.channels) {
        const auto* channel = state.places.find(id);
        json.text(channel ? channel->name : words.ids.show(id));
    }
    json.end().key("brands").array();
    for (const auto& brand : grant.scope.brands) json.text(brand);
    json.end().end();
    json.key("limits").value({&type_of<GrantLimits>(), &grant.limits}, words.json());
    json.key("expires_at");
    grant.expires_at ? json.instant(grant.expires_at->ms) : json.null();
    json.key("one_time").boolean(grant.one_time).key("ended").boolean(grant.ended).end();
}

void write_stock_row(JsonWriter& json, const State& state, const StockKey& key, const StockRow& row,
                     const Words& words) {
    json.object().key("sku").text(sku_code(state, key.sku)).key("place").text(words.ids.show(key.place));
    json.key("received")
        .integer(row.received.n)
        .key("returned")
        .integer(row.returned.n)
        .key("moved_in")
        .integer(row.moved_in.n);
    json.key("short").integer(row.short_units.n).key("free").integer(row.free.n).key("held").integer(row.held.n);
    json.key("sold")
        .integer(row.sold.n)
        .key("moved_out")
        .integer(row.moved_out.n)
        .key("written_off")
        .integer(row.written_off.n);
    json.end();
}

void write_decision(JsonWriter& json, const State& state, const PriceSet& fact, Instant at, std::uint64_t seq,
                    const Actor& who, const Words& words) {
    const auto* drop = state.drops.find(fact.key.drop);
    const auto* channel = state.places.find(fact.key.channel);
    const auto money = [&](Money amount) { json.money(amount.n, words.currency); };
    json.object().key("id").text(words.ids.show(fact.decision)).key("seq").natural(seq).key("at").instant(at.ms);
    json.key("kind").text(word_of(fact.kind)).key("drop").text(words.ids.show(fact.key.drop));
    json.key("sku").text(
        drop && fact.key.line < drop->lines.size() ? sku_code(state, drop->lines[fact.key.line].terms.sku) : "");
    json.key("channel").text(channel ? channel->name : "").key("price"), money(fact.price);
    json.key("wanted_price"), money(fact.wanted);
    json.key("floor"), money(fact.floor);
    json.key("arm");
    fact.arm ? json.natural(*fact.arm) : json.null();
    json.key("propensity").rate(fact.propensity.n).key("guardrails").array();
    for (const auto rail : fact.bound) json.text(word_of(rail));
    json.end().key("trail").array();
    for (const auto& clamp : fact.clamps) {
        json.object().key("by").text(word_of(clamp.by)).key("from"), money(clamp.from);
        json.key("to"), money(clamp.to), json.end();
    }
    json.end().key("list_price"), money(fact.list_price);
    json.key("prior_price");
    fact.prior_price ? json.money(fact.prior_price->n, words.currency) : json.null();
    json.key("cohort");
    if (fact.cohort) {
        json.object().key("price"), money(fact.cohort->price);
        json.key("share").rate(fact.cohort->share.n).end();
    } else {
        json.null();
    }
    json.key("costs");
    fact.cost ? json.money(fact.cost->n, words.currency) : json.null();
    json.key("inputs").value({&type_of<DecisionInputs>(), &fact.inputs}, words.json());
    json.key("until");
    fact.until ? json.instant(fact.until->ms) : json.null();
    json.key("reason").text(fact.reason).key("who");
    json.text(who.grant ? std::string(word_of(who.kind)) + " " + words.ids.show(who.grant)
                        : std::string(word_of(who.kind)))
        .end();
}

}  // namespace dropsmith::http
