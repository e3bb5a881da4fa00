// The report's figures on a drop worked by hand: two orders, one refund, one expired hold, signals, refusals and the
// price path.
#include "flow/measure/report.h"

#include <gtest/gtest.h>

#include "flow/measure/refusal_words.h"

namespace dropsmith::measure::report_test {
namespace {

const Instant opened{1'795'000'000'000};

Order order(State& state, Instant at, std::int64_t units, std::int64_t gross, std::int64_t tax) {
    Order order;
    order.id = state.orders.table.next();
    order.drop = DropId{1}, order.placed_at = at, order.delivery_code = "ship", order.payment_fee = Money{50};
    order.lines.resize(1);
    auto& terms = order.lines[0].terms;
    terms.sku = SkuId{1}, terms.units = Quantity{units}, terms.gross = Money{gross}, terms.tax = Money{tax},
    terms.unit_cost = Money{500};
    terms.unit_price = Money{gross / units};
    return order;
}

State sample() {
    State state;
    state.at = opened + hours(80);
    state.shop.currency = "GBP";
    state.shop.delivery = {{"ship", "Post", Money{395}, Money{60}, "standard"}};
    state.catalogue.skus.resize(1);
    state.catalogue.skus[0].id = SkuId{1}, state.catalogue.skus[0].terms.sku = "CUP";
    state.places.channels.resize(1);
    state.places.channels[0].name = "web";
    Drop drop;
    drop.id = DropId{1}, drop.status = DropStatus::settled, drop.terms.slug = "cups";
    drop.terms.opens_at = opened, drop.terms.closes_at = opened + hours(72);
    drop.opened_at = opened, drop.closed_at = opened + hours(72), drop.settled_at = opened + hours(73);
    drop.holds = 1, drop.holds_expired = 1;
    drop.lines.resize(1);
    drop.lines[0].terms.sku = SkuId{1}, drop.lines[0].terms.cap = Quantity{10},
    drop.lines[0].terms.list_price = Money{1300};
    state.drops.drops.push_back(drop);
    state.drops.refused[{DropId{1}, refusals::sold_out.number}] = 7;

    auto first = order(state, opened + hours(1), 3, 3600, 600);
    first.lines[0].refunded_units = Quantity{1}, first.lines[0].refunded = Money{1200},
    first.lines[0].refunded_tax = Money{200};
    first.refunded = Money{1200};
    state.orders.table.add(first.id, first);
    const auto second = order(state, opened + hours(50), 2, 2640, 440);
    state.orders.table.add(second.id, second);
    auto gone = order(state, opened + hours(51), 4, 4800, 800);
    gone.status = OrderStatus::cancelled;
    state.orders.table.add(gone.id, gone);
    state.demand.minutes[{1, DropId{1}, {}, {}, ChannelId{1}, Signal::session_started}] = 40;
    state.demand.minutes[{1, DropId{2}, {}, {}, ChannelId{1}, Signal::session_started}] = 1'000;
    return state;
}

TEST(Report, FiguresWorkedByHand) {
    const auto state = sample();
    const auto f = figures_of(state, state.drops.drops[0]);
    EXPECT_EQ(f.units_sold, 4);  // 3 - 1 + 2
    EXPECT_EQ(f.first_48h_units, 2);
    EXPECT_EQ(f.first_48h_skus, 1);
    EXPECT_EQ(f.orders, 2u);
    EXPECT_EQ(f.cancelled, 1u);
    EXPECT_EQ(f.revenue, Money{3600 - 1200 + 2640});
    EXPECT_EQ(f.revenue_net, Money{3600 - 600 - 1000 + 2640 - 440});
    EXPECT_EQ(f.fees, Money{100});
    EXPECT_EQ(f.subsidy, Money{120});
    EXPECT_EQ(f.cost, Money{2000});
    EXPECT_EQ(f.margin, Money{4200 - 100 - 120 - 2000});
    EXPECT_EQ(f.sessions, 40u);
    EXPECT_EQ(f.holds_expired, 1u);
    EXPECT_EQ(f.below_list, 2);  // at 1200, list 1300; those at 1320 are no markdown
    EXPECT_EQ(f.below_list_at - f.below_list_paid, Money{200});
}

// Full price is what the channel calls so; where a channel adds tax, so do its list prices, as its revenue does.
TEST(Report, FullPriceIsTheChannels) {
    auto state = sample();
    auto& line = state.drops.drops[0].lines[0].terms;
    EXPECT_EQ(figures_of(state, state.drops.drops[0]).lines[0].at_list, Money{4 * 1300});
    auto trade = order(state, opened + hours(2), 2, 2400, 400);  // 10.00 and tax
    trade.channel = ChannelId{2}, trade.prices_include_tax = false;
    trade.lines[0].terms.unit_price = Money{1000}, trade.lines[0].terms.tax_rate = Rate{200'000};
    state.orders.table.add(trade.id, trade);
    line.channels = {{ChannelId{2}, {Money{1000}, Money{1100}}, Money{1100}, {}}};
    auto f = figures_of(state, state.drops.drops[0]);
    EXPECT_EQ(f.lines[0].at_list, Money{4 * 1300 + 2 * 1320});
    EXPECT_EQ(f.below_list, 4);
    EXPECT_EQ(f.below_list_at - f.below_list_paid, Money{200 + 2 * 120});
    line.channels[0].list_price = Money{1000};  // then it was no markdown
    f = figures_of(state, state.drops.drops[0]);
    EXPECT_EQ(f.below_list, 2);
    EXPECT_EQ(f.lines[0].at_list, Money{4 * 1300 + 2 * 1200});
}

TEST(Report, SaysWhatItKnowsAndWhatItDoesNot) {
    auto state = sample();
    PriceSet set;
    set.decision = DecisionId{1}, set.key = {DropId{1}, 0, ChannelId{1}}, set.price = Money{1300},
    set.wanted = Money{1000};
    set.bound = {Guardrail::floor}, set.propensity = Rate{250'000}, set.reason = "test";
    const auto json = report_json(state, DropId{1}, {{17, opened, set}}, nullptr);
    for (const auto* part :
         {R"("units_sold":4)", R"("sell_through":0.4)", R"("first_48h":{"units":2,"skus":1})",
          R"("revenue":{"amount":5040,"currency":"GBP"})", R"("margin":{"amount":1980,"currency":"GBP"})",
          R"("per":"session","of":40)", R"("code":"sold_out","times":7)", R"("bound":["floor"])", R"("mature":true)",
          R"("leftovers":6)", R"("markdown":{"units":2,"cost":{"amount":200,"currency":"GBP"},"depth":0.076923)",
          R"("depth":0.076923,"by_hand":0})",
          R"("fact":17)", R"("status":"settled")"})
        EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
    state.demand.minutes.clear();
    EXPECT_NE(report_json(state, DropId{1}, {}, nullptr).find(R"("conversion":{"value":null,"per":"unknown")"),
              std::string::npos);
    state.orders.table.must(OrderId{1}).lines[0].terms.unit_cost.reset();
    EXPECT_NE(report_json(state, DropId{1}, {}, nullptr).find(R"("margin":null)"), std::string::npos);
    EXPECT_EQ(report_json(state, DropId{9}, {}, nullptr), "");
}

TEST(Report, TellsWhatStoppedThePricesAndUntilWhen) {
    const auto state = sample();
    const PricesHalted cascade{DropId{1}, std::nullopt, Guardrail::cascade, "5 moves in a row"};
    const PricesHalted line{DropId{1}, LineKey{DropId{1}, 0, ChannelId{1}}, Guardrail::cannibalisation, "2 of 9 units"};
    const auto json = report_json(state, DropId{1}, {}, nullptr, {}, {}, {},
                                  {{opened, cascade, opened + hours(1), "looked at it"}, {opened, line, {}, ""}});
    for (const auto* part :
         {R"("by":"cascade","sku":null,"channel":null,"detail":"5 moves in a row","resumed_at":")",
          R"("why":"looked at it"})", R"("by":"cannibalisation","sku":")",
          R"("detail":"2 of 9 units","resumed_at":null,"why":""})",
          R"("what":"prices stopped by cascade: all lines, 5 moves in a row")",
          R"("what":"prices go on: all lines, looked at it")"})
        EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
}

TEST(Report, RefusalsHaveTheirWords) {
    EXPECT_EQ(refusal_word(refusals::over_limit.number), "over_limit");
    EXPECT_EQ(refusal_word(9'999), "refusal_9999");
}

TEST(Report, AnOrderThatWasPutAwayCountsAsBeforeAndOnce) {
    auto state = sample();
    const auto before = figures_of(state, state.drops.drops[0]);
    const auto put_away = *state.orders.table.find(OrderId{1});
    state.orders.table.forget(OrderId{1});
    EXPECT_LT(figures_of(state, state.drops.drops[0]).orders, before.orders);
    const auto f = figures_of(state, state.drops.drops[0], {put_away});
    EXPECT_EQ(f.orders, before.orders);
    EXPECT_EQ(f.revenue, before.revenue);
    EXPECT_EQ(f.units_sold, before.units_sold);
    state.orders.table.restore(OrderId{1}, put_away);  // recalled: the list of old ones may still have it
    EXPECT_EQ(figures_of(state, state.drops.drops[0], {put_away}).revenue, before.revenue);
}

TEST(ReportTest, PromisesOfOrdersAheadAreKeptMissedOrOpen) {
    auto state = sample();
    const auto by = state.at - hours(1), later = state.at + hours(1);
    const auto wish = [&](WaitStatus status, Instant promised, WaitEnd why = WaitEnd::none) {
        WaitEntry entry;
        entry.id = state.waiting_list.table.next(), entry.drop = DropId{1}, entry.status = status, entry.why = why;
        entry.preorder = true, entry.lines = {{0, SkuId{1}, Quantity{2}, Money{1200}, promised}};
        state.waiting_list.add(entry.id, entry);
    };
    wish(WaitStatus::waiting, later), wish(WaitStatus::waiting, by), wish(WaitStatus::offered, later);
    wish(WaitStatus::over, by, WaitEnd::ship_by_passed), wish(WaitStatus::over, later, WaitEnd::drop_cancelled);
    wish(WaitStatus::left, later), wish(WaitStatus::bought, by);
    const auto ahead = [&](auto change) {
        auto one = order(state, opened, 1, 1200, 200);
        one.fulfilment = FulfilmentMethod::ship, one.ship_by = by;
        change(one);
        state.orders.table.add(one.id, one);
    };
    ahead([&](Order& one) { one.shipped_at = by; });                                       // kept
    ahead([&](Order& one) { one.shipped_at = by + Duration{1}; });                         // missed
    ahead([&](Order&) {});                                                                 // missed
    ahead([&](Order& one) { one.ship_by = later; });                                       // open
    ahead([&](Order& one) { one.fulfilment = FulfilmentMethod::pickup, one.ready_at = by; });  // kept
    ahead([&](Order& one) { one.status = OrderStatus::cancelled; });
    const auto found = orders_ahead_of(state, DropId{1});
    EXPECT_EQ(found.wishes, 7u);
    EXPECT_EQ(found.units, 14);
    EXPECT_EQ(found.waiting, 2u);
    EXPECT_EQ(found.offered, 1u);
    EXPECT_EQ(found.ended, 2u);
    EXPECT_EQ(found.gave_up, 1u);
    EXPECT_EQ(found.orders, 6u);
    EXPECT_EQ(found.kept, 2u);
    EXPECT_EQ(found.missed, 4u);
    EXPECT_EQ(found.open, 3u);
    EXPECT_EQ(orders_ahead_of(state, DropId{2}).wishes, 0u);
    state.waiting_list.past[DropId{2}] = {9, 3, 2, 3, Quantity{17}};
    const auto past = orders_ahead_of(state, DropId{2});
    EXPECT_EQ(past.wishes, 9u);
    EXPECT_EQ(past.units, 17);
    EXPECT_EQ(past.ended, 3u);
    EXPECT_EQ(past.gave_up, 2u);
    EXPECT_EQ(past.missed, 3u);
}

TEST(Report, NamesWhatTestsDidToFullPriceSales) {
    const auto state = sample();
    EXPECT_NE(report_json(state, DropId{1}, {}, nullptr).find(R"("neighbours_at_full_price":[])"), std::string::npos);
    FullPriceTest test;
    test.key = {DropId{1}, 0, ChannelId{1}}, test.borne = Rate{200'000};
    test.units_before = 40, test.hours_before = 10, test.units_during = 3, test.hours_during = 1;
    const auto json = report_json(state, DropId{1}, {}, nullptr, {}, {}, {}, {}, {test});
    EXPECT_NE(json.find(R"("neighbours_at_full_price":[{"sku":"CUP","channel":"web")"), std::string::npos) << json;
    EXPECT_NE(json.find(R"("during":{"units":3,"hours":1},"fall":0.25,"borne":0.2)"), std::string::npos) << json;
    EXPECT_NE(json.find("the lower price of CUP in web ended: in 1 hours its neighbours sold 3 units at full price, "
                        "25.0 % less an hour than before\""),
              std::string::npos)
        << json;
    test.units_during = 6, test.running = true;
    const auto more = report_json(state, DropId{1}, {}, nullptr, {}, {}, {}, {}, {test});
    EXPECT_NE(more.find("in web so far: in 1 hours its neighbours sold 6 units at full price, 50.0 % more an hour"),
              std::string::npos)
        << more;
    test.hours_before = 0;
    EXPECT_EQ(report_json(state, DropId{1}, {}, nullptr, {}, {}, {}, {}, {test}).find("the lower price of"),
              std::string::npos)
        << "nothing to compare with: nothing is said";
}

}  // namespace
}  // namespace dropsmith::measure::report_test
