// The velocity audit on figures worked by hand: history and own orders, returns, the window, classes, the pick, CSV and
// JSON.
#include "flow/decide/audit.h"

#include <gtest/gtest.h>

#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::audit_test {
namespace {

constexpr std::int64_t day = 24;  // hours

struct Sold {
    std::uint32_t sku;
    std::int64_t hour, units, returned, revenue;
};
State with(const std::vector<Sold>& sales) {
    SampleShop shop;
    for (const auto& sale : sales)
        shop.state.history.hours[{sale.sku, sale.hour}].sum = {sale.units, sale.returned, Money{sale.revenue}};
    return std::move(shop.state);
}

TEST(Audit, WorkedByHand) {
    // CUP: 12 units over days 0 to 3; BARE: 6 units on day 3 only. The window ends with day 3.
    const auto state = with({{1, 5, 4, 0, 12'000}, {1, 3 * day, 8, 2, 20'000}, {2, 3 * day + 1, 6, 0, 3'000}});
    const auto audit = audit_velocity(state, {});
    ASSERT_EQ(audit.rows.size(), 2u);
    EXPECT_EQ(audit.since, Instant{5 * 3'600'000});
    EXPECT_EQ(audit.until, Instant{4 * day * 3'600'000});
    const auto &first = audit.rows[0], &second = audit.rows[1];
    EXPECT_EQ(first.code, "BARE");  // 6 a day in one day
    EXPECT_EQ(first.days_on_sale, 1);
    EXPECT_EQ(first.per_day_e4, 60'000);
    EXPECT_TRUE(first.picked);
    EXPECT_EQ(second.code, "CUP");  // 12 in four days
    EXPECT_EQ(second.per_day_e4, 30'000);
    EXPECT_EQ(second.returns, 2);
    EXPECT_EQ(second.revenue, Money{32'000});
    EXPECT_FALSE(second.picked);
    EXPECT_EQ(audit.picked, 1u) << "a tenth of two, rounded up";
    EXPECT_EQ(second.abc, 'A');
    EXPECT_EQ(first.abc, 'B');  // after 32,000 of 35,000: 91 %
}

TEST(Audit, WhatMostlyCameBackIsNotPicked) {
    const auto audit = audit_velocity(with({{1, 5, 4, 0, 4'000}, {2, 6, 1'000, 990, 9'000}}), {});
    ASSERT_EQ(audit.rows.size(), 2u);
    EXPECT_EQ(audit.rows[0].code, "BARE") << "it sold fastest";
    EXPECT_FALSE(audit.rows[0].picked);
    EXPECT_TRUE(audit.rows[1].picked) << "the next takes its place";
    EXPECT_EQ(audit.picked, 1u);
}

TEST(Audit, WindowAndOwnOrdersCount) {
    auto state = with({{1, 5, 4, 0, 12'000}, {1, 3 * day, 8, 2, 20'000}});
    Order order;
    order.id = state.orders.table.next();
    order.placed_at = Instant{3 * day * 3'600'000};
    order.lines.resize(1);
    order.lines[0].terms.sku = SkuId{1}, order.lines[0].terms.units = Quantity{3},
    order.lines[0].terms.unit_price = Money{2'000};
    order.lines[0].refunded_units = Quantity{1};
    state.orders.table.add(order.id, order);
    order.id = state.orders.table.next(), order.status = OrderStatus::cancelled;
    state.orders.table.add(order.id, order);
    AuditAsk ask;
    ask.since = Instant{day * 3'600'000}, ask.until = Instant{5 * day * 3'600'000}, ask.top = whole;
    const auto audit = audit_velocity(state, ask);
    ASSERT_EQ(audit.rows.size(), 1u);
    EXPECT_EQ(audit.rows[0].units, 11);
    EXPECT_EQ(audit.rows[0].returns, 3);
    EXPECT_EQ(audit.rows[0].revenue, Money{26'000});
    EXPECT_EQ(audit.rows[0].days_on_sale, 2);
    EXPECT_EQ(audit.rows[0].per_day_e4, 55'000);
    ask.until = ask.since;
    EXPECT_TRUE(audit_velocity(state, ask).rows.empty());
    EXPECT_TRUE(audit_velocity(State{}, {}).rows.empty());
}

TEST(Audit, JsonAndCsvSayTheSame) {
    auto state = with({{1, 5, 4, 1, 12'000}});
    state.catalogue.products[0].title = "=cup, \"blue\"";
    const auto audit = audit_velocity(state, {});
    EXPECT_EQ(audit_json(audit, "GBP"),
              R"({"since":"1970-01-01T05:00:00.000Z","until":"1970-01-02T00:00:00.000Z","skus":1,"picked":1,)"
              R"("definition":"velocity/1","data":[)"
              R"({"sku":"CUP","title":"=cup, \"blue\"","units":4,"revenue":{"amount":12000,"currency":"GBP"},)"
              R"("days_on_sale":1,)"
              R"("velocity_per_day":4.0000,"returns":1,"class":"A","picked":true}]})");
    EXPECT_EQ(audit_csv(audit, "GBP"),
              "sku,title,units,revenue,currency,days_on_sale,velocity_per_day,returns,class,picked\r\n"
              "CUP,\"'=cup, \"\"blue\"\"\",4,120.00,GBP,1,4.0000,1,A,yes\r\n");
}

}  // namespace
}  // namespace dropsmith::decide::audit_test
