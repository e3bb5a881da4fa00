// A draft as the body that POST /v1/drops takes, with its explanations. Covered by flow/decide/draft_test.cpp.
#include "base/json.h"
#include "flow/decide/draft.h"

namespace dropsmith::decide {
namespace {

void write_line(JsonWriter& json, const LineTerms& line, const State& state, const PublicIds* ids) {
    const auto currency = std::string_view(state.shop.currency);
    const auto* sku = state.catalogue.find(line.sku);
    json.object().key("sku").text(sku ? sku->terms.sku : "").key("cap").integer(line.cap.n).key("bands").array();
    for (const auto band : line.bands) json.money(band.n, currency);
    json.end();
    if (line.floor) json.key("floor").money(line.floor->n, currency);
    json.key("list_price").money(line.list_price.n, currency);
    if (!line.channels.empty()) {
        json.key("channels").array();
        for (const auto& own : line.channels) {
            const auto* channel = state.places.find(own.channel);
            json.object().key("channel").text(channel ? channel->name : "").key("bands").array();
            for (const auto band : own.bands) json.money(band.n, currency);
            json.end();
            if (own.list_price) json.key("list_price").money(own.list_price->n, currency);
            if (own.floor) json.key("floor").money(own.floor->n, currency);
            json.end();
        }
        json.end();
    }
    if (line.preorder_share > Rate{}) json.key("preorder_share").rate(line.preorder_share.n);
    if (line.max_discount) json.key("max_discount").rate(line.max_discount->n);
    if (line.per_person_limit) json.key("per_person_limit").integer(line.per_person_limit->n);
    if (!line.places.empty()) {
        json.key("places").object();
        for (const auto& share : line.places)
            json.key(ids ? ids->show(share.place) : std::to_string(share.place.n)).integer(share.units.n);
        json.end();
    }
    json.end();
}

// What a plain capsule leaves as it is.
void write_more(JsonWriter& json, const PricingTerms& pricing) {
    const auto rate = [&](std::string_view name, const std::optional<Rate>& value) {
        if (value) json.key(name).rate(value->n);
    };
    if (pricing.mode) json.key("mode").text(word_of(*pricing.mode));
    rate("max_step", pricing.max_step), rate("max_step_up", pricing.max_step_up);
    if (pricing.min_dwell > Duration{}) json.key("min_dwell_s").integer(pricing.min_dwell.n / 1000);
    if (pricing.revenue_at_risk) {
        rate("revenue_at_risk", pricing.revenue_at_risk);
        json.key("confidence").rate(pricing.confidence.n);
    }
    if (pricing.mode == PriceMode::cohort) json.key("cohort_share").rate(pricing.cohort_share.n);
    if (!pricing.ladder.empty()) {
        json.key("ladder").array();
        for (const auto& stage : pricing.ladder) {
            json.object().key("after_s").integer(stage.after.n / 1000).key("sold_below").rate(stage.sold_below.n);
            json.key("discount").rate(stage.discount.n).end();
        }
        json.end();
    }
    if (pricing.cannibalisation_max != PricingTerms{}.cannibalisation_max)
        json.key("cannibalisation_max").rate(pricing.cannibalisation_max.n);
    if (!pricing.arrival_curve.empty()) {
        json.key("arrival_curve").array();
        for (const auto part : pricing.arrival_curve) json.integer(part);
        json.end();
    }
}

}  // namespace

std::string draft_json(const Draft& draft, const State& state, const PublicIds* ids) {
    const auto& terms = draft.terms;
    std::string out;
    JsonWriter json(out);
    json.object()
        .key("drop")
        .object()
        .key("slug")
        .text(terms.slug)
        .key("title")
        .text(terms.title)
        .key("kind")
        .text(terms.kind);
    json.key("opens_at")
        .instant(terms.opens_at.ms)
        .key("closes_at")
        .instant(terms.closes_at.ms)
        .key("timezone")
        .text(terms.time_zone);
    json.key("channels").array();
    for (const auto id : terms.channels)
        if (const auto* channel = state.places.find(id)) json.text(channel->name);
    json.end().key("lines").array();
    for (const auto& line : terms.lines) write_line(json, line, state, ids);
    json.end().key("pricing").object().key("policy").text(word_of(terms.pricing.policy));
    json.key("objective")
        .text(word_of(terms.pricing.objective))
        .key("cadence_s")
        .integer(terms.pricing.cadence.n / 1000);
    json.key("explore_share").rate(terms.pricing.explore_share.n);
    write_more(json, terms.pricing);
    json.end();
    json.key("hold_seconds").integer(terms.hold_for.n / 1000).end();

    json.key("explanations").array();
    for (const auto& note : draft.notes)
        json.object().key("pointer").text(note.pointer).key("detail").text(note.detail).end();
    json.end().key("assumptions").array();
    for (const auto& assumption : draft.assumptions) {
        json.object()
            .key("sku")
            .text(assumption.sku)
            .key("unit_cost")
            .money(assumption.unit_cost.n, state.shop.currency);
        json.key("cost_assumed").boolean(true).key("detail").text(assumption.detail).end();
    }
    json.end().end();
    return out;
}

}  // namespace dropsmith::decide
