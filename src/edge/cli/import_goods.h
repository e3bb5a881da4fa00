// Products and stock from a merchant's export: Shopify's products (both generations of its header) and inventory (long
// and wide), Square's item library, any CSV by a mapping. Rows are checked first; nothing is sent from here. One
// thread. Covered by edge/cli/import_goods_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "edge/cli/import_mapping.h"
#include "edge/cli/import_table.h"

namespace dropsmith::cli {

struct GoodsSku {
    std::uint64_t row = 0;
    std::string sku, size, gtin;
    std::optional<Money> unit_cost, list_price;
    std::uint32_t weight_g = 0;
};
struct GoodsProduct {
    std::string handle;  // what tells products apart in the file
    std::string title, story, brand;
    std::vector<GoodsSku> skus;
};
struct GoodsCount {
    std::uint64_t row = 0;
    std::string place, sku;
    std::int64_t units = 0;
};

struct Goods {
    std::string currency;
    std::uint64_t rows = 0, skipped = 0;
    std::vector<GoodsProduct> products;
    std::vector<GoodsCount> counts;
    std::vector<Problem> problems;

    void problem(std::uint64_t row, std::string_view column, std::string detail) {
        problems.push_back({row, std::string(column), std::move(detail)});
        if (row != 0) ++skipped;
    }
    bool fatal() const {
        for (const auto& problem : problems)
            if (problem.row == 0) return true;
        return false;
    }
};

enum class FileKind : unsigned char {
    unknown,
    shopify_orders,
    shopify_products,
    shopify_stock,
    square_items,
    square_library,
    known
};
FileKind sniff(const Table& table);

// mapping: null for a kind that is known by its header.
void read_products(Table& table, FileKind kind, const Mapping* mapping, Goods& goods);
void read_stock(Table& table, FileKind kind, const Mapping* mapping, Goods& goods);

}  // namespace dropsmith::cli
