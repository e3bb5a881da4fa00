// Bundles: a SKU with components is made up of free units at a place, all of them or none, and taken apart again. What
// is made up is stock like any other: a hold takes a bundle in one step, and knows nothing of components
// (docs/decisions/0272). Loop's thread. Covered by flow/sell/bundle_test.cpp.
#include "flow/sell/bundle.h"

#include <algorithm>

#include "base/limits.h"
#include "flow/sell/catalogue.h"
#include "flow/sell/refusing.h"
#include "flow/sell/stock.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

constexpr std::size_t parts_max = 16;
constexpr std::int64_t part_units_max = 1'000;

Quantity left_at(const State& state, SkuId sku, PlaceId place) {  // free, and promised to no drop
    const auto* row = state.stock.find(sku, place);
    return row ? std::max(Quantity{0}, row->free - promised_units_at(state, sku, place)) : Quantity{0};
}

bool is_part(const Catalogue& catalogue, SkuId sku) {
    return std::any_of(catalogue.skus.begin(), catalogue.skus.end(), [&](const Sku& other) {
        const auto& parts = other.terms.components;
        return std::any_of(parts.begin(), parts.end(), [&](const BundlePart& part) { return part.sku == sku; });
    });
}

std::string why_not_part(const State& state, const SkuTerms& terms, const BundlePart& part,
                         const std::string& tax_category) {
    const auto* sku = state.catalogue.find(part.sku);
    if (!sku) return "no such SKU: a component is there before its bundle";
    if (sku->terms.sku == terms.sku) return "a bundle is no part of itself";
    if (!sku->terms.components.empty()) return "a bundle is no part of another: name what it is made of";
    if (state.catalogue.find(sku->product)->tax_category != tax_category)
        return "another tax category than the bundle's: one price has one rate here, sell it on a line of its own";
    if (part.units.n < 1 || part.units.n > part_units_max) return "a bundle has 1 to 1000 units of a component";
    return {};
}

}  // namespace

Quantity bundles_possible(const State& state, const SkuTerms& terms, PlaceId place) {
    if (terms.components.empty()) return Quantity{0};
    Quantity most{limits::units_max};
    for (const auto& part : terms.components)
        most = std::min(most, Quantity{left_at(state, part.sku, place).n / part.units.n});
    return most;
}

std::optional<Refusal> wrong_components(const State& state, const SkuTerms& terms, const std::string& tax_category,
                                        const std::string& at) {
    using namespace refusals;
    const auto* known = state.catalogue.find(terms.sku);
    if (known && terms.components != known->terms.components && state.stock.bundled.contains({known->id, known->id}))
        return refuse_field(breaks_promise, "components", at + "/components",
                            "units of it were made up: what it is made of stands; sell another mixture as a new SKU")
            .error;
    if (terms.components.empty()) return std::nullopt;
    if (terms.components.size() > parts_max)
        return refuse_field(bad_value, "components", at + "/components", "a bundle has at most 16 components").error;
    if (known && is_part(state.catalogue, known->id))
        return refuse_field(bad_value, "components", at + "/components", "a part of a bundle is no bundle itself")
            .error;
    for (std::size_t i = 0; i < terms.components.size(); ++i) {
        const auto& part = terms.components[i];
        const auto pointer = at + "/components/" + std::to_string(i);
        if (auto why = why_not_part(state, terms, part, tax_category); !why.empty())
            return refuse_field(bad_value, "components", pointer, std::move(why)).error;
        for (std::size_t j = 0; j < i; ++j)
            if (terms.components[j].sku == part.sku)
                return refuse_field(bad_value, "components", pointer, "the component is named twice: add its units up")
                    .error;
    }
    return std::nullopt;
}

Verdict handle(const State& state, const MakeBundles& command, const Moment&) {
    using namespace refusals;
    if (!state.places.find(command.place)) return refuse_field(not_found, "place", "/place", "no such place");
    const auto* sku = state.catalogue.find(command.sku);
    if (!sku) return refuse_field(not_found, "sku", "/sku", "no such SKU");
    const auto& parts = sku->terms.components;
    if (parts.empty())
        return refuse_field(bad_value, "sku", "/sku", "it is no bundle: give its components with the product first");
    if (command.units.n < 1 || command.units.n > limits::units_max / part_units_max)
        return refuse_field(bad_value, "units", "/units", "units are above 0");
    if (command.apart) {
        const auto left = left_at(state, command.sku, command.place);
        if (command.units > left)
            return refuse_units(insufficient_free,
                                count_of(left) + " made up lie there, free and promised to no drop, " +
                                    count_of(command.units) + " asked",
                                sku->terms.sku, left);
    } else if (const auto possible = bundles_possible(state, sku->terms, command.place); command.units > possible) {
        std::string short_of;
        for (const auto& part : parts)
            if (const auto left = left_at(state, part.sku, command.place); left < in_bundles(part, command.units))
                short_of += (short_of.empty() ? "" : ", ") + code_of(state, part.sku) + " (" + count_of(left) + " of " +
                            count_of(in_bundles(part, command.units)) + ")";
        return refuse_units(insufficient_free,
                            count_of(possible) + " can be made up there of what is free and promised to no drop, " +
                                count_of(command.units) + " asked; short of " + short_of,
                            sku->terms.sku, possible);
    }
    return bounded_facts(BundlesMade{command.place, command.sku, command.units, command.apart, parts, command.note});
}

}  // namespace dropsmith::sell
