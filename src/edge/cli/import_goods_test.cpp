// Products and stock files of Shopify and Square, by their sample files.
#include "edge/cli/import_goods.h"

#include <cstring>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace dropsmith::cli::import_goods_test {
namespace {

Table table_of(std::string text) {
    auto rest = std::make_shared<std::string>(std::move(text));
    Stream out;
    out.read = [rest](char* to, std::size_t room) {
        const std::size_t n = std::min(room, rest->size());
        std::memcpy(to, rest->data(), n);
        rest->erase(0, n);
        return n;
    };
    return Table(std::move(out));
}
Table sample(const std::string& name) {
    std::ifstream in("tests/data/imports/" + name, std::ios::binary);
    EXPECT_TRUE(in) << name << ": tests run from the source folder";
    std::stringstream text;
    text << in.rdbuf();
    return table_of(text.str());
}

// "title (brand): sku size cost price weight gtin | ..." a line a product
std::string shown(const Goods& goods) {
    std::string out;
    for (const auto& p : goods.products) {
        out += p.title + " (" + p.brand + "):";
        for (const auto& s : p.skus)
            out += " " + s.sku + " [" + s.size + "] " + (s.unit_cost ? std::to_string(s.unit_cost->n) : "-") + " " +
                   (s.list_price ? std::to_string(s.list_price->n) : "-") + " " + std::to_string(s.weight_g) + "g" +
                   (s.gtin.empty() ? "" : " " + s.gtin) + ";";
        out += "\n";
    }
    for (const auto& c : goods.counts) out += c.place + ": " + c.sku + " " + std::to_string(c.units) + "\n";
    for (const auto& p : goods.problems) out += std::to_string(p.row) + " " + p.column + ": " + p.detail + "\n";
    return out;
}

TEST(ImportGoods, ProductsOfEveryGeneration) {
    struct Case {
        const char* file;
        FileKind kind;
        const char* expected;
    };
    for (const auto& c :
         {Case{"shopify_products_old.csv", FileKind::shopify_products,
               "Mug (Kiln & Co): MUG-RED-L [Red / Large] 410 1250 420g 5012345678900; MUG-BLUE-L [Blue / Large] 410 "
               "1250 420g;\n"
               "Plate (Kiln & Co): PLATE [] - 3000 800g;\n"},
          {"shopify_products_new.csv", FileKind::shopify_products,
           "Bowl (Kiln & Co): BOWL-S [Small] 600 1800 500g; BOWL-M [Medium] 750 2200 700g;\n"},
          {"square_library.csv", FileKind::square_library,
           "Flat white (): FW-1 [] 90 450 0g;\nScone (): SC-C [Cheese] - 350 227g; SC-F [Fruit] - - 0g;\n"}}) {
        Table table = sample(c.file);
        EXPECT_EQ(sniff(table), c.kind) << c.file;
        Goods goods;
        goods.currency = "GBP";
        read_products(table, c.kind, nullptr, goods);
        EXPECT_EQ(shown(goods), c.expected) << c.file;
    }
    Table table = sample("shopify_products_old.csv");
    Goods goods;
    goods.currency = "GBP";
    read_products(table, FileKind::shopify_products, nullptr, goods);
    EXPECT_EQ(goods.products.at(0).story, "Stoneware, fired twice");
}

TEST(ImportGoods, StockOfEveryLayout) {
    struct Case {
        const char* file;
        FileKind kind;
        const char* expected;
    };
    for (const auto& c : {Case{"shopify_inventory.csv", FileKind::shopify_stock,
                               "High Street: MUG-RED-L 10\nWarehouse: MUG-RED-L 30\nHigh Street: MUG-BLUE-L 3\n"},
                          {"shopify_inventory_wide.csv", FileKind::shopify_stock,
                           "High Street: MUG-RED-L 10\nWarehouse: MUG-RED-L 25\nHigh Street: MUG-BLUE-L 3\n"},
                          {"square_library.csv", FileKind::square_library,
                           "High Street: FW-1 12\nHigh Street: SC-C 6\nMarket: SC-C 4\nHigh Street: SC-F 0\n"}}) {
        Table table = sample(c.file);
        EXPECT_EQ(sniff(table), c.kind) << c.file;
        Goods goods;
        read_stock(table, c.kind, nullptr, goods);
        EXPECT_EQ(shown(goods), c.expected) << c.file;
    }
}

TEST(ImportGoods, ByAMapping) {
    const auto mapping = parse_mapping(
        "[columns]\nsku = \"code\"\ntitle = \"name\"\nunit_cost = \"cost\"\nlist_price = \"price\"\nunits = \"n\"\n"
        "[constants]\nplace = \"Shed\"\n");
    ASSERT_TRUE(mapping.ok()) << mapping.error();
    Goods goods;
    goods.currency = "JPY";
    Table table = table_of("code,name,cost,price,n\nA,Apple,100,250,7\nB,Bread,x,9,-1\nA,Again,1,1,1\n");
    read_products(table, FileKind::unknown, &*mapping, goods);
    EXPECT_EQ(shown(goods),
              "Apple (): A [] 100 250 0g;\n3 cost: 'x' is not an amount\n4 SKU: 'A' stands in an earlier row\n");
    Goods stock;
    Table again = table_of("code,name,cost,price,n\nA,Apple,100,250,7\nB,Bread,x,9,-1\nA,Again,1,1,1\n");
    read_stock(again, FileKind::unknown, &*mapping, stock);
    EXPECT_EQ(
        shown(stock),
        "Shed: A 7\n3 n: '-1' is not a number of units, 0 or above\n4 SKU: 'A' at 'Shed' stands in row 2 already\n");
}

TEST(ImportGoods, WhatIsNoSuchFileIsSaid) {
    Table table = table_of("a,b\n1,2\n");
    EXPECT_EQ(sniff(table), FileKind::unknown);
    Goods goods;
    read_products(table, FileKind::shopify_products, nullptr, goods);
    EXPECT_TRUE(goods.fatal());
    Goods stock;
    Table again = table_of("a,b\n1,2\n");
    read_stock(again, FileKind::shopify_stock, nullptr, stock);
    EXPECT_TRUE(stock.fatal());
}

}  // namespace
}  // namespace dropsmith::cli::import_goods_test
