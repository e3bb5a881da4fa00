// Field tables of product.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/product.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(SkuTerms, SkuRow, ProductAdded, ProductChanged, Product, Sku, Catalogue)

}  // namespace dropsmith
