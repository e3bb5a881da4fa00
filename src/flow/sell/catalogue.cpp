// Rules of products and SKUs. A SKU's code is unique in the shop and never changes. A SKU that only imported history
// knows is taken over by the first product that names it, with its id, so that its history stays with it. Loop's
// thread. Covered by flow/sell/catalogue_test.cpp.
#include "flow/sell/catalogue.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "flow/sell/bundle.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

bool good_price(const std::optional<Money>& price, std::int64_t least) {
    return !price || (price->n >= least && price->n <= limits::money_max);
}

std::optional<Refusal> wrong_texts(const std::string& title, const std::string& story, const std::string& brand,
                                   const std::string& tax_category) {
    using namespace refusals;
    if (title.empty() || title.size() > limits::name_max)
        return refuse_field(bad_value, "title", "/title", "a title has 1 to 200 bytes").error;
    if (story.size() > limits::text_max)
        return refuse_field(bad_value, "story", "/story", "a story has at most 4000 bytes").error;
    if (brand.size() > limits::name_max)
        return refuse_field(bad_value, "brand", "/brand", "a brand has at most 200 bytes").error;
    if (tax_category.empty() || tax_category.size() > limits::name_max)
        return refuse_field(bad_value, "tax_category", "/tax_category", "name a tax category, like \"standard\"").error;
    return std::nullopt;
}

std::optional<Refusal> wrong_skus(const std::vector<SkuTerms>& skus) {
    using namespace refusals;
    std::set<std::string> seen;
    std::size_t i = 0;
    for (const auto& terms : skus) {
        const auto pointer = "/skus/" + std::to_string(i++);
        if (terms.sku.empty() || terms.sku.size() > limits::name_max)
            return refuse_field(bad_value, "sku", pointer + "/sku", "a SKU code has 1 to 200 bytes").error;
        if (!seen.insert(terms.sku).second)
            return refuse_field(already_exists, "sku", pointer + "/sku", "the SKU " + terms.sku + " is given twice")
                .error;
        if (!good_price(terms.unit_cost, 0))
            return refuse_field(bad_value, "unit_cost", pointer + "/unit_cost", "a unit cost is 0 or more").error;
        if (!good_price(terms.list_price, 1))
            return refuse_field(bad_value, "list_price", pointer + "/list_price", "a list price is above 0").error;
    }
    return std::nullopt;
}

std::optional<Refusal> wrong_bundles(const State& state, const std::vector<SkuTerms>& skus,
                                     const std::string& tax_category) {
    for (std::size_t i = 0; i < skus.size(); ++i)
        if (auto wrong = wrong_components(state, skus[i], tax_category, "/skus/" + std::to_string(i))) return wrong;
    return std::nullopt;
}

// Nothing is known of it but sales from before: no price, no cost, alone in a product that nobody has touched.
bool only_history(const State& state, const Sku& sku) {
    const auto& product = state.catalogue.products[sku.product.n - 1];
    const bool sold_before = !hours_of(state.history, static_cast<std::uint32_t>(sku.id.n)).empty();
    return sold_before && !sku.terms.list_price && !sku.terms.unit_cost && product.version == 1 &&
           product.story.empty() && product.brand.empty() && product.skus.size() == 1;
}

void set_sku(Catalogue& catalogue, ProductId product, const SkuRow& row) {
    if (const auto* known = catalogue.find(row.id)) {
        auto& sku = catalogue.skus[known->id.n - 1];
        if (sku.product != product) {
            std::erase(catalogue.products[sku.product.n - 1].skus, row.id);
            catalogue.products[product.n - 1].skus.push_back(row.id);
            sku.product = product;
        }
        sku.terms = row.terms;
        return;
    }
    CHECK_BECAUSE(row.id.n == catalogue.skus.size() + 1, "SKUs are numbered in order");
    catalogue.skus.push_back({row.id, product, row.terms});
    catalogue.by_code[row.terms.sku] = row.id;
    catalogue.products[product.n - 1].skus.push_back(row.id);
}

}  // namespace

Verdict handle(const State& state, const AddProduct& command, const Moment&) {
    using namespace refusals;
    if (auto wrong = wrong_texts(command.title, command.story, command.brand, command.tax_category))
        return Failure<Refusal>{std::move(*wrong)};
    if (command.skus.empty()) return refuse_field(bad_value, "skus", "/skus", "a product has at least one SKU");
    if (auto wrong = wrong_skus(command.skus)) return Failure<Refusal>{std::move(*wrong)};
    if (auto wrong = wrong_bundles(state, command.skus, command.tax_category))
        return Failure<Refusal>{std::move(*wrong)};
    ProductAdded fact{ProductId{state.catalogue.products.size() + 1},
                      command.title,
                      command.story,
                      command.brand,
                      command.tax_category,
                      {}};
    std::uint64_t next = state.catalogue.skus.size();
    for (const auto& terms : command.skus) {
        const auto* known = state.catalogue.find(terms.sku);
        if (known && !only_history(state, *known))
            return refuse_line(already_exists, "the SKU " + terms.sku + " belongs to another product: change that one",
                               terms.sku);
        fact.skus.push_back({known ? known->id : SkuId{++next}, terms});
    }
    return bounded_facts(std::move(fact));
}

Verdict handle(const State& state, const ChangeProduct& command, const Moment&) {
    using namespace refusals;
    const auto* product = state.catalogue.find(command.product);
    if (!product) return refuse(not_found, "no such product");
    if (command.if_version && *command.if_version != product->version)
        return refuse(version_conflict,
                      "the product is at version " + std::to_string(product->version) + ": read it again");
    ProductChanged fact{product->id,
                        command.title.value_or(product->title),
                        command.story.value_or(product->story),
                        command.brand.value_or(product->brand),
                        command.tax_category.value_or(product->tax_category),
                        {}};
    if (auto wrong = wrong_texts(fact.title, fact.story, fact.brand, fact.tax_category))
        return Failure<Refusal>{std::move(*wrong)};
    if (auto wrong = wrong_skus(command.skus)) return Failure<Refusal>{std::move(*wrong)};
    auto skus = command.skus;
    for (auto& terms : skus)  // left out: as it was
        if (const auto* known = state.catalogue.find(terms.sku); known && terms.components.empty())
            terms.components = known->terms.components;
    if (auto wrong = wrong_bundles(state, skus, fact.tax_category)) return Failure<Refusal>{std::move(*wrong)};
    std::uint64_t next = state.catalogue.skus.size();
    for (const auto& terms : skus) {
        const auto* known = state.catalogue.find(terms.sku);
        if (known && known->product != product->id && !only_history(state, *known))
            return refuse_line(already_exists, "the SKU " + terms.sku + " belongs to another product", terms.sku);
        fact.skus.push_back({known ? known->id : SkuId{++next}, terms});
    }
    return bounded_facts(std::move(fact));
}

void evolve(Catalogue& catalogue, const ProductAdded& fact, const Stamp&) {
    CHECK_BECAUSE(fact.product.n == catalogue.products.size() + 1, "products are numbered in order");
    catalogue.products.push_back({fact.product, 1, fact.title, fact.story, fact.brand, fact.tax_category, {}});
    for (const auto& row : fact.skus) set_sku(catalogue, fact.product, row);
}

void evolve(Catalogue& catalogue, const ProductChanged& fact, const Stamp&) {
    auto& product = catalogue.products.at(fact.product.n - 1);
    ++product.version;
    product.title = fact.title;
    product.story = fact.story;
    product.brand = fact.brand;
    product.tax_category = fact.tax_category;
    for (const auto& row : fact.skus) set_sku(catalogue, fact.product, row);
}

void evolve(Catalogue& catalogue, const HistoryStaged& fact, const Stamp&) {
    std::uint64_t product = fact.first_product.n, sku = fact.first_sku.n;
    for (const auto& row : fact.new_skus) {
        CHECK_BECAUSE(product == catalogue.products.size() + 1, "products are numbered in order");
        catalogue.products.push_back(
            {ProductId{product}, 1, row.title.empty() ? row.sku : row.title, "", "", "standard", {}});
        SkuTerms terms;
        terms.sku = row.sku;
        set_sku(catalogue, ProductId{product++}, {SkuId{sku++}, std::move(terms)});
    }
}

}  // namespace dropsmith::sell
