// Field tables of product.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/product.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(BundlePart, SkuTerms, SkuRow, ProductAdded, ProductChanged, Product, Sku, Catalogue)

std::optional<Money> unit_cost_of(const Catalogue& catalogue, const SkuTerms& terms) {
    if (terms.unit_cost || terms.components.empty()) return terms.unit_cost;
    Money sum;
    for (const auto& part : terms.components) {
        const auto* sku = catalogue.find(part.sku);
        if (!sku || !sku->terms.unit_cost) return std::nullopt;
        sum += *sku->terms.unit_cost * part.units;
    }
    return sum;
}

}  // namespace dropsmith
