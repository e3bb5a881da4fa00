// Where units come from: tables of places with the expected shares last.
#include "flow/sell/allocation.h"

#include <gtest/gtest.h>

namespace dropsmith::sell::allocation_test {
namespace {

DropLine line_with(std::int64_t cap, std::vector<PlaceUse> places) {
    DropLine line;
    line.terms.sku = SkuId{1};
    line.terms.cap = Quantity{cap};
    for (const auto& use : places) line.held += use.held, line.sold += use.sold;
    line.places = std::move(places);
    return line;
}

PlaceUse use(std::uint64_t place, std::int64_t allotted, std::int64_t held, std::int64_t sold) {
    return {PlaceId{place}, Quantity{allotted}, Quantity{held}, Quantity{sold}};
}

TEST(AllocationTest, FreeIsTheLeastOfCapAllotmentAndStock) {
    Stock stock;
    stock.rows[{SkuId{1}, PlaceId{1}}].free = Quantity{4};
    stock.rows[{SkuId{1}, PlaceId{2}}].free = Quantity{100};
    const auto line = line_with(20, {use(2, 10, 3, 2), use(1, 10, 0, 0), use(3, 5, 0, 0)});
    const auto free = free_by_place(stock, line, PlaceId{});
    EXPECT_EQ(free, (std::vector<PlaceShare>{{PlaceId{1}, Quantity{4}}, {PlaceId{2}, Quantity{5}}}));
    EXPECT_EQ(free_in_line(line, free), Quantity{9});
    EXPECT_EQ(free_by_place(stock, line, PlaceId{2}), (std::vector<PlaceShare>{{PlaceId{2}, Quantity{5}}}));
    EXPECT_TRUE(free_by_place(stock, line, PlaceId{3}).empty());
    EXPECT_EQ(free_in_line(line_with(6, {use(2, 10, 3, 2)}), free), Quantity{1});  // the cap binds
    EXPECT_EQ(free_in_line(line_with(4, {use(2, 10, 3, 2)}), free), Quantity{0});  // never below 0
}

TEST(AllocationTest, OnePlaceThatCanGiveAllElseInOrder) {
    const std::vector<PlaceShare> free = {
        {PlaceId{1}, Quantity{2}}, {PlaceId{2}, Quantity{5}}, {PlaceId{3}, Quantity{5}}};
    struct Case {
        std::int64_t wanted;
        std::vector<PlaceShare> expected;
    };
    const Case cases[] = {
        {1, {{PlaceId{2}, Quantity{1}}}},
        {5, {{PlaceId{2}, Quantity{5}}}},
        {6, {{PlaceId{1}, Quantity{2}}, {PlaceId{2}, Quantity{4}}}},
        {12, {{PlaceId{1}, Quantity{2}}, {PlaceId{2}, Quantity{5}}, {PlaceId{3}, Quantity{5}}}},
    };
    for (const auto& c : cases) EXPECT_EQ(allocate(free, Quantity{c.wanted}), c.expected) << c.wanted;
}

}  // namespace
}  // namespace dropsmith::sell::allocation_test
