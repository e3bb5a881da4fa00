// Covered by tests/http/routes.py.
#include "edge/http/drop_document.h"

#include "edge/http/resolve.h"

namespace dropsmith::http {
namespace {

using Refused = std::optional<Refusal>;

Refused lay_channels(const State& state, const PublicIds& ids, const std::vector<ChannelPricesBody>& body,
                     const std::string& at, std::vector<ChannelPricing>& channels) {
    channels.clear();
    for (std::size_t j = 0; j < body.size(); ++j) {
        const auto* channel = channel_of(state, ids, body[j].channel);
        if (!channel)
            return bad_field(at + "/" + std::to_string(j) + "/channel", "is not a channel of this shop").error;
        channels.push_back({channel->id, body[j].bands, body[j].list_price, body[j].floor});
    }
    return std::nullopt;
}

Refused lay_line(const State& state, const PublicIds& ids, const DropLineBody& body, const std::string& at,
                 LineTerms& terms) {
    const auto* sku = state.catalogue.find(body.sku);
    if (!sku)
        return bad_field(at + "/sku", "the shop has no SKU '" + body.sku + "'; add it with POST /v1/products first")
            .error;
    terms.sku = sku->id;
    if (body.cap) terms.cap = *body.cap;
    if (!body.bands.empty()) terms.bands = body.bands;
    if (body.floor) terms.floor = body.floor;
    if (body.min_margin) terms.min_margin = body.min_margin;
    if (body.list_price) terms.list_price = *body.list_price;
    if (body.per_person_limit) terms.per_person_limit = body.per_person_limit;
    if (body.preorder_share) terms.preorder_share = *body.preorder_share;
    if (body.below_cost_ok) terms.below_cost_ok = *body.below_cost_ok;
    if (body.max_discount) terms.max_discount = body.max_discount;
    if (body.return_share) terms.return_share = *body.return_share;
    if (body.return_cost) terms.return_cost = *body.return_cost;
    if (body.salvage) terms.salvage = body.salvage;
    if (body.substitute) {
        const auto* other = state.catalogue.find(*body.substitute);
        if (!other && !body.substitute->empty()) return bad_field(at + "/substitute", "is not a SKU of the shop").error;
        terms.substitute = other ? other->id : SkuId{};
    }
    if (body.backorder_cap) terms.backorder_cap = *body.backorder_cap;
    if (body.ship_by) terms.ship_by = body.ship_by;
    if (body.channels)
        if (auto refused = lay_channels(state, ids, *body.channels, at + "/channels", terms.channels)) return refused;
    if (!body.places.empty()) {
        terms.places.clear();
        for (const auto& allotment : body.places) {
            const auto place = ids.read<PlaceTag>(allotment.place);
            if (!place || !state.places.find(*place))
                return bad_field(at + "/places/" + allotment.place, "is not a place of this shop").error;
            terms.places.push_back({*place, allotment.units});
        }
    }
    return std::nullopt;
}

Refused lay_offers(const State& state, const std::vector<OfferRuleBody>& body, PricingTerms& terms) {
    terms.personal_offers.clear();
    for (std::size_t i = 0; i < body.size(); ++i) {
        OfferRule rule{body[i].feature, body[i].at_least, body[i].discount, {}};
        for (std::size_t k = 0; k < body[i].lines.size(); ++k) {
            const auto* sku = state.catalogue.find(body[i].lines[k]);
            if (!sku)
                return bad_field("/pricing/personal_offers/" + std::to_string(i) + "/lines/" + std::to_string(k),
                                 "the shop has no SKU '" + body[i].lines[k] + "'")
                    .error;
            rule.lines.push_back(sku->id);
        }
        terms.personal_offers.push_back(std::move(rule));
    }
    return std::nullopt;
}

Refused lay_document(const State& state, const PublicIds& ids, const DropBody& body, DropTerms& terms) {
    if (body.slug) terms.slug = *body.slug;
    if (body.title) terms.title = *body.title;
    if (body.story) terms.story = *body.story;
    if (body.kind) terms.kind = *body.kind;
    if (body.opens_at) terms.opens_at = *body.opens_at;
    if (body.closes_at) terms.closes_at = *body.closes_at;
    if (body.timezone) terms.time_zone = *body.timezone;
    if (!body.channels.empty()) terms.channels.clear();
    for (std::size_t i = 0; i < body.channels.size(); ++i) {
        const auto* channel = channel_of(state, ids, body.channels[i]);
        if (!channel) return bad_field("/channels/" + std::to_string(i), "is not a channel of this shop").error;
        terms.channels.push_back(channel->id);
    }
    if (body.pricing) lay_pricing(*body.pricing, terms.pricing);
    if (body.pricing && body.pricing->personal_offers)
        if (auto refused = lay_offers(state, *body.pricing->personal_offers, terms.pricing)) return refused;
    if (body.hold_seconds) terms.hold_for = *body.hold_seconds;
    if (body.preorder_release_seconds) terms.preorder_release = *body.preorder_release_seconds;
    if (body.preorder_grace_seconds) terms.preorder_grace = *body.preorder_grace_seconds;
    if (body.show) terms.show = *body.show;
    if (body.few_under) terms.few_under = *body.few_under;
    if (body.offer_seconds) terms.offer_for = *body.offer_seconds;
    if (body.room) {
        if (!terms.room) terms.room.emplace();
        if (body.room->kind) terms.room->kind = *body.room->kind;
        if (body.room->entry_before_seconds) terms.room->entry_before = *body.room->entry_before_seconds;
        if (body.room->draw_before_seconds) terms.room->draw_before = *body.room->draw_before_seconds;
        if (body.room->admission_seconds) terms.room->admission_for = *body.room->admission_seconds;
        if (body.room->per_second_max) terms.room->per_second_max = *body.room->per_second_max;
        if (body.room->by_person) terms.room->by_person = *body.room->by_person;
    }
    return std::nullopt;
}

std::string line_at(std::size_t i) { return "/lines/" + std::to_string(i); }

Refused all_lines(const State& state, const PublicIds& ids, const DropBody& body, std::vector<LineTerms>& lines) {
    lines.clear();
    for (std::size_t i = 0; i < body.lines.size(); ++i) {
        lines.emplace_back();
        if (auto refused = lay_line(state, ids, body.lines[i], line_at(i), lines.back())) return refused;
        // Without a list price of its own the line takes the SKU's; without bands, the one price.
        auto& terms = lines.back();
        if (!body.lines[i].list_price) {
            const auto* sku = state.catalogue.find(terms.sku);
            if (sku->terms.list_price)
                terms.list_price = *sku->terms.list_price;
            else
                return bad_field(line_at(i) + "/list_price", "is required: the SKU has no list price").error;
        }
        if (terms.bands.empty()) terms.bands.push_back(terms.list_price);
    }
    return std::nullopt;
}

}  // namespace

void lay_pricing(const PricingBody& body, PricingTerms& terms) {
    if (body.policy) terms.policy = *body.policy;
    if (body.objective) terms.objective = *body.objective;
    if (body.cadence_s) terms.cadence = *body.cadence_s;
    if (body.max_step) terms.max_step = body.max_step;
    if (body.explore_share) terms.explore_share = *body.explore_share;
    if (body.mode) terms.mode = body.mode;
    if (body.max_step_up) terms.max_step_up = body.max_step_up;
    if (body.min_dwell_s) terms.min_dwell = *body.min_dwell_s;
    if (body.revenue_at_risk) terms.revenue_at_risk = body.revenue_at_risk;
    if (body.confidence) terms.confidence = *body.confidence;
    if (body.cohort_share) terms.cohort_share = *body.cohort_share;
    if (body.cannibalisation_max) terms.cannibalisation_max = *body.cannibalisation_max;
    if (body.features) terms.features = *body.features;
    if (body.personal) terms.personal = *body.personal;
    if (body.arrival_curve) terms.arrival_curve = *body.arrival_curve;
    if (body.ladder) {
        terms.ladder.clear();
        for (const auto& stage : *body.ladder)
            terms.ladder.push_back({stage.after_s, stage.sold_below, stage.discount});
    }
}

std::vector<JsonError> missing_fields(const DropBody& body) {
    std::vector<JsonError> missing;
    const auto need = [&](bool there, std::string pointer) {
        if (!there) missing.push_back({std::move(pointer), "is required", false});
    };
    need(body.slug.has_value(), "/slug");
    need(body.title.has_value(), "/title");
    need(body.opens_at.has_value(), "/opens_at");
    need(body.closes_at.has_value(), "/closes_at");
    need(!body.channels.empty(), "/channels");
    need(!body.lines.empty(), "/lines");
    for (std::size_t i = 0; i < body.lines.size(); ++i) need(body.lines[i].cap.has_value(), line_at(i) + "/cap");
    if (body.reason) missing.push_back({"/reason", "belongs to changes of an open drop", false});
    return missing;
}

Result<DropTerms, Refusal> drafted_terms(const State& state, const PublicIds& ids, const DropBody& body) {
    DropTerms terms;
    terms.time_zone = state.shop.time_zone;
    if (auto refused = lay_document(state, ids, body, terms)) return Failure{std::move(*refused)};
    if (auto refused = all_lines(state, ids, body, terms.lines)) return Failure{std::move(*refused)};
    return terms;
}

Result<EditDrop, Refusal> edit_of(const State& state, const PublicIds& ids, const Drop& drop, const DropBody& body) {
    EditDrop edit;
    edit.drop = drop.id;
    edit.terms = drop.terms;
    edit.terms.lines.clear();
    for (const auto& line : drop.lines) edit.terms.lines.push_back(line.terms);
    edit.reason = body.reason.value_or("");
    if (auto refused = lay_document(state, ids, body, edit.terms)) return Failure{std::move(*refused)};
    if (body.lines.empty()) return edit;
    if (drop.status == DropStatus::draft) {
        if (auto refused = all_lines(state, ids, body, edit.terms.lines)) return Failure{std::move(*refused)};
        return edit;
    }
    for (std::size_t i = 0; i < body.lines.size(); ++i) {
        const auto& asked = body.lines[i];
        const auto* sku = state.catalogue.find(asked.sku);
        const auto line = sku ? line_of(drop, sku->id) : std::nullopt;
        if (line) {
            auto& terms = edit.terms.lines[*line];
            if (auto refused = lay_line(state, ids, asked, line_at(i), terms)) return Failure{std::move(*refused)};
            if (asked.ended) edit.end_lines.push_back(*line);
        } else {
            DropBody one;
            one.lines.push_back(asked);
            std::vector<LineTerms> added;
            if (auto refused = all_lines(state, ids, one, added)) return Failure{std::move(*refused)};
            edit.terms.lines.push_back(std::move(added[0]));
        }
    }
    return edit;
}

}  // namespace dropsmith::http
