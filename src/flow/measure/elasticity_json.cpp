// Elasticities as JSON and as sentences that a page can show. Covered by flow/measure/elasticity_test.cpp.
#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "flow/measure/elasticity.h"

namespace dropsmith::measure {
namespace {

std::string number(double value, int places = 3) {
    return format_decimal(std::llround(value * std::pow(10.0, places)), places);
}

std::string name_of(const State& state, SkuId id) {
    const auto* sku = state.catalogue.find(id);
    return sku ? sku->terms.sku : "";
}

const std::vector<BundlePart>& parts_of(const State& state, SkuId id) {
    static const std::vector<BundlePart> none;
    const auto* sku = state.catalogue.find(id);
    return sku ? sku->terms.components : none;
}

// The bundle of two SKUs of which the other is a component; none: neither is.
SkuId bundle_of(const State& state, SkuId a, SkuId b) {
    const auto holds = [&](SkuId bundle, SkuId part) {
        const auto& parts = parts_of(state, bundle);
        return std::any_of(parts.begin(), parts.end(), [&](const BundlePart& one) { return one.sku == part; });
    };
    return holds(a, b) ? a : holds(b, a) ? b : SkuId{};
}

void interval(JsonWriter& json, std::string_view key, const std::optional<Interval>& at) {
    json.key(key);
    if (!at) return (void)json.null();
    json.object().key("value").real_text(number(at->value));
    json.key("low").real_text(number(at->low)).key("high").real_text(number(at->high)).end();
}

void slope(JsonWriter& json, std::string_view key, const std::optional<Slope>& at) {
    interval(json, key, at ? std::optional(Interval{at->value, at->low(), at->high()}) : std::nullopt);
}

std::string sentence(const std::string& what, const Slope& at) {
    if (at.low() > 0)
        return what + ": dearer sold more (" + number(at.value, 1) + "; 95 %: " + number(at.low(), 1) + " … " +
               number(at.high(), 1) + "): look for something else that moved with the price";
    return what + ": 1 % dearer sells " + number(-at.value, 1) + " % less (95 %: " + number(-at.high(), 1) + " … " +
           number(-at.low(), 1) + ")" +
           (at.high() < -1  ? "; a lower price brings more revenue"
            : at.low() > -1 ? "; a higher price brings more revenue"
                            : "; whether a lower price brings more revenue cannot be told yet");
}

}  // namespace

std::string elasticity_json(const Elasticity& found, const State& state) {
    std::string out;
    JsonWriter json(out);
    json.object().key("definition").text("elasticity/2");
    json.key("periods").natural(found.periods).key("drawn").natural(found.drawn);
    json.key("unexplained").natural(found.unexplained);
    interval(json, "common", found.common);
    json.key("between_skus_sd");
    found.pooled ? json.real_text(number(found.pooled->between_sd)) : json.null();
    json.key("skus").array();
    for (const auto& at : found.own) {
        json.object().key("sku").text(name_of(state, at.sku)).key("units").integer(at.units);
        json.key("drawn").natural(at.drawn).key("drops").natural(at.drops);
        slope(json, "elasticity", at.pooled);
        interval(json, "alone", at.own);
        slope(json, "poisson_regression", at.poisson);
        slope(json, "least_squares", at.least);
        if (const auto& parts = parts_of(state, at.sku); !parts.empty()) {
            json.key("components").array();
            for (const auto& part : parts)
                json.object().key("sku").text(name_of(state, part.sku)).key("units").integer(part.units.n).end();
            json.end();
        }
        json.end();
    }
    json.end().key("cross").array();
    for (const auto& at : found.cross) {
        json.object().key("sku").text(name_of(state, at.sku)).key("price_of").text(name_of(state, at.price_of));
        slope(json, "elasticity", at.pooled);
        interval(json, "alone", at.own);
        if (const auto bundle = bundle_of(state, at.sku, at.price_of)) json.key("bundle").text(name_of(state, bundle));
        json.end();
    }
    json.end().key("summary").array();
    if (!found.common)
        json.text("too little was drawn to tell: " + std::to_string(found.drawn) + " of " +
                  std::to_string(found.periods) +
                  " periods had more than one possible price; give drops a larger explore_share or more decisions");
    else if (found.pooled)
        json.text(sentence("all SKUs", found.pooled->mean));
    for (const auto& at : found.own)
        if (at.own && at.pooled && found.own.size() > 1) json.text(sentence(name_of(state, at.sku), *at.pooled));
    for (const auto& at : found.cross)
        if (at.pooled.low() > 0 || at.pooled.high() < 0)
            json.text(name_of(state, at.sku) + (at.pooled.value > 0 ? " gains" : " loses") + " when " +
                      name_of(state, at.price_of) + " becomes dearer (" + number(at.pooled.value, 1) + " % for 1 %)" +
                      (bundle_of(state, at.sku, at.price_of) ? ": a bundle and what it is made of" : ""));
    if (found.unexplained > 0)
        json.text(std::to_string(found.unexplained) +
                  " decisions were left out: their logged chances do not add up to what the gate would make of them");
    json.end().end();
    return out;
}

}  // namespace dropsmith::measure
