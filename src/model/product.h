// What is sold: a product with its story, in SKUs (variants, sizes). A SKU known only from imported history has no list
// price yet and is not on sale. Codes 400-409. SKU codes never change, so replies may be rendered again at any time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/fact.h"
#include "model/ids.h"

namespace dropsmith {

struct BundlePart {
    SkuId sku;
    Quantity units;                  // in one bundle
    friend bool operator==(const BundlePart&, const BundlePart&) = default;
};
DROPSMITH_RECORD(BundlePart, sku, units)

struct SkuTerms {                    // as asked for
    std::string sku;                 // the merchant's own code, unique in the shop
    std::string size;                // "" when there is none
    std::optional<Money> unit_cost;  // net
    bool cost_assumed = false;       // the merchant was asked once and we wrote down an assumption
    std::optional<Money> list_price;
    std::uint32_t weight_g = 0;
    std::string gtin;
    // A bundle: what one unit is made up of. Stands for ever once a unit was made up (flow/sell/bundle.h)
    std::vector<BundlePart> components = {};
};
DROPSMITH_RECORD(SkuTerms, sku, size, unit_cost, cost_assumed, list_price, weight_g, gtin, components)

struct AddProduct {
    static constexpr CommandCode code{400};
    std::string title;
    std::string story;
    std::string brand;
    std::string tax_category = "standard";
    std::vector<SkuTerms> skus;
};
struct ChangeProduct {               // absent = keep; skus: known codes are changed, new ones added, none removed
    static constexpr CommandCode code{401};
    ProductId product;
    std::optional<std::uint64_t> if_version;
    std::optional<std::string> title;
    std::optional<std::string> story;
    std::optional<std::string> brand;
    std::optional<std::string> tax_category;
    std::vector<SkuTerms> skus;
};

struct SkuRow {
    SkuId id;
    SkuTerms terms;
};
DROPSMITH_RECORD(SkuRow, id, terms)

struct ProductAdded {
    static constexpr FactCode code{400};
    static constexpr std::uint8_t version = 1;
    ProductId product;
    std::string title;
    std::string story;
    std::string brand;
    std::string tax_category;
    std::vector<SkuRow> skus;
};
DROPSMITH_RECORD(ProductAdded, product, title, story, brand, tax_category, skus)

struct ProductChanged {              // the whole product as it now is
    static constexpr FactCode code{401};
    static constexpr std::uint8_t version = 1;
    ProductId product;
    std::string title;
    std::string story;
    std::string brand;
    std::string tax_category;
    std::vector<SkuRow> skus;        // changed and new ones
};
DROPSMITH_RECORD(ProductChanged, product, title, story, brand, tax_category, skus)

struct Product {
    ProductId id;
    std::uint64_t version = 1;       // the ETag
    std::string title;
    std::string story;
    std::string brand;
    std::string tax_category;
    std::vector<SkuId> skus;
};
DROPSMITH_RECORD(Product, id, version, title, story, brand, tax_category, skus)

struct Sku {
    SkuId id;
    ProductId product;
    SkuTerms terms;
};
DROPSMITH_RECORD(Sku, id, product, terms)

struct Catalogue {
    std::vector<Product> products;   // product id - 1 is the index
    std::vector<Sku> skus;           // sku id - 1 is the index
    std::unordered_map<std::string, SkuId> by_code;  // look-up only, never iterated; derived

    const Sku* find(SkuId id) const { return id.n >= 1 && id.n <= skus.size() ? &skus[id.n - 1] : nullptr; }
    const Sku* find(const std::string& code) const {
        auto it = by_code.find(code);
        return it == by_code.end() ? nullptr : find(it->second);
    }
    const Product* find(ProductId id) const {
        return id.n >= 1 && id.n <= products.size() ? &products[id.n - 1] : nullptr;
    }
};
DROPSMITH_RECORD(Catalogue, products, skus)

// A bundle without a cost of its own costs what its components do; nullopt: not known.
std::optional<Money> unit_cost_of(const Catalogue& catalogue, const SkuTerms& terms);

}  // namespace dropsmith
