// The laws of selling: first each must ring on a broken state, then they must hold after every one of thousands of
// random commands; and a naive twin, which looks at the stock and takes it later, must break them under the same
// wishes.
#include "flow/sell/laws.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/sized_testing.h"
#include "flow/sell/fair_laws.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::laws_test {
namespace {

struct Market {  // two drops over two SKUs and two places, sharing stock
    TestShop shop;
    SkuId a = shop.sku("A"), b = shop.sku("B");
    PlaceId hub = shop.place("Hub");
    DropId first, second;
    std::uint64_t sold_elsewhere = 0;

    Market() {
        shop.receive(a, 12), shop.receive(a, 6, hub), shop.receive(b, 9);
        auto split = TestShop::line(a, 10);
        split.places = {{PlaceId{1}, Quantity{7}}, {hub, Quantity{3}}};
        split.per_person_limit = Quantity{4};
        auto other = TestShop::line(a, 8);
        other.places = {{PlaceId{1}, Quantity{4}}, {hub, Quantity{4}}};
        other.preorder_share = Rate{500'000};
        other.backorder_cap = Quantity{4}, other.ship_by = shop.now + days(4);
        auto of_b = TestShop::line(b, 9);
        of_b.substitute = a;
        of_b.places = {{PlaceId{1}, Quantity{9}}};
        second = shop.scheduled({other});  // opens while the first one sells
        auto later = shop.drop(second).terms;
        later.lines = {shop.drop(second).lines[0].terms};
        later.opens_at = shop.now + hours(9), later.closes_at = shop.now + hours(20);
        shop.must(EditDrop{second, {}, later, {}, ""});
        split.backorder_cap = Quantity{5}, split.ship_by = shop.now + days(9);
        first = shop.opened({split, of_b});
        shop.must(IssuePasses{{"Friends", {}, shop.now, shop.now + hours(30), Quantity{2}, hours(2)}, 3});
    }
};

using Roll = std::function<std::int64_t(std::int64_t)>;  // 0 … n-1

HoldId some_hold(const Market& m, const Roll& roll) {
    return HoldId{1 + static_cast<std::uint64_t>(roll(static_cast<std::int64_t>(m.shop.state.holds.table.next().n)))};
}
OrderId some_order(const Market& m, const Roll& roll) {
    return OrderId{1 + static_cast<std::uint64_t>(roll(static_cast<std::int64_t>(m.shop.state.orders.table.next().n)))};
}

void wish(Market& m, const Roll& roll) {
    PlaceHold command{roll(4) == 0 ? m.second : m.first, ChannelId{1}, {}, {}, static_cast<std::uint64_t>(roll(4)), {}};
    if (roll(4) == 0) command.pass = PassId{static_cast<std::uint64_t>(roll(4))};
    if (roll(3) == 0) command.pickup_at = roll(2) ? m.hub : PlaceId{1};
    for (auto n = 1 + roll(2); n > 0; --n) command.lines.push_back({roll(3) ? m.a : m.b, Quantity{1 + roll(5)}, {}});
    if (roll(4) == 0) command.lines[0].instead_of = m.b;
    (void)m.shop.ask(command);
}

void list(Market& m, const Roll& roll) {
    const auto& table = m.shop.state.waiting_list.table;
    JoinWaitingList join{roll(4) == 0 ? m.second : m.first, ChannelId{1}, {}, static_cast<std::uint64_t>(roll(9)),
                         roll(3) == 0};
    for (auto n = 1 + roll(2); n > 0; --n) join.lines.push_back({roll(3) ? m.a : m.b, Quantity{1 + roll(5)}, {}});
    if (roll(4))
        (void)m.shop.ask(join);
    else
        (void)m.shop.ask(LeaveWaitingList{WaitId{1 + static_cast<std::uint64_t>(roll(
            static_cast<std::int64_t>(table.next().n)))}});
}

void confirm(Market& m, const Roll& roll) {
    ConfirmHold command;
    command.hold = some_hold(m, roll), command.paid = roll(3) != 0;
    m.shop.person = PersonId{static_cast<std::uint64_t>(roll(3))};
    m.shop.who = {roll(2) ? ActorKind::buyer : ActorKind::staff, {}};  // a buyer who does not pay has 72 hours
    (void)m.shop.ask(command);
    m.shop.person = {}, m.shop.who = {};
}

void refund(Market& m, const Roll& roll) {
    RefundOrder command{some_order(m, roll), {}, roll(3) == 0, ""};
    command.lines.push_back({static_cast<std::uint32_t>(roll(2)), Quantity{1 + roll(3)}, roll(2) == 0});
    (void)m.shop.ask(command);
}

void edit(Market& m, const Roll& roll) {
    const auto& drop = m.shop.drop(m.first);
    EditDrop command{m.first, {}, drop.terms, {}, "random"};
    for (const auto& line : drop.lines) command.terms.lines.push_back(line.terms);
    auto& line = command.terms.lines[0];
    line.places = {{PlaceId{1}, Quantity{roll(10)}}, {m.hub, Quantity{roll(8)}}};
    line.cap = line.places[0].units + line.places[1].units;
    (void)m.shop.ask(command);
    const auto& next = m.shop.drop(m.second);  // while it is only announced, what may be ordered ahead can change
    EditDrop announced{m.second, {}, next.terms, {}, "random"};
    for (const auto& had : next.lines) announced.terms.lines.push_back(had.terms);
    announced.terms.lines[0].backorder_cap = Quantity{roll(6)};
    if (announced.terms.lines[0].ship_by)
        announced.terms.lines[0].ship_by = *announced.terms.lines[0].ship_by + hours(roll(5) - 2);
    if (roll(30) == 0) announced.end_lines = {0};
    (void)m.shop.ask(announced);
}

void move_stock(Market& m, const Roll& roll) {
    const auto from = roll(2) ? m.hub : PlaceId{1};
    const auto to = from == m.hub ? PlaceId{1} : m.hub;
    const std::vector<StockLine> lines = {{roll(2) ? m.a : m.b, Quantity{1 + roll(4)}, {}}};
    switch (roll(4)) {
        case 0:
            (void)m.shop.ask(MoveStock{from, to, lines, ""});
            break;
        case 1:
            (void)m.shop.ask(CountStock{from, {{lines[0].sku, Quantity{roll(15)}, {}}}, ""});
            break;
        case 2:
            (void)m.shop.ask(ReceiveStock{to, lines, ""});
            break;
        default:
            (void)m.shop.ask(ReportSale{"till",
                                        std::to_string(m.sold_elsewhere++ / 2),
                                        from,
                                        {},
                                        m.shop.now,
                                        {{lines[0].sku, roll(3) ? lines[0].units : -lines[0].units, {}}},
                                        {}});
    }
}

void step(Market& m, const Roll& roll) {
    switch (roll(14)) {
        case 0:
        case 1:
        case 2:
        case 3:
            wish(m, roll);
            break;
        case 4:
        case 5:
            confirm(m, roll);
            break;
        case 6:
            (void)m.shop.ask(ReleaseHold{some_hold(m, roll)});
            break;
        case 7:
            (void)m.shop.ask(ReduceHold{some_hold(m, roll), {{m.a, Quantity{roll(3)}, {}}}});
            break;
        case 8:
            roll(2) ? refund(m, roll) : (void)m.shop.ask(CancelOrder{some_order(m, roll), ""});
            break;
        case 9:
            move_stock(m, roll);
            break;
        case 10:
            roll(3) ? edit(m, roll)
                    : (void)m.shop.ask(RecordPayment{{}, some_hold(m, roll), Money{1000 * (1 + roll(5))}, ""});
            break;
        case 11:
        case 12:
            list(m, roll);
            break;
        default:
            m.shop.run_to(m.shop.now + seconds(roll(4) ? roll(900) : roll(20'000)));
            break;
    }
}

std::string breach(const State& state) {
    for (const auto& law : {stock_law(state), cap_law(state), order_law(state), offer_law(state), pass_law(state)})
        if (!law.holds()) return law.breach;
    return {};
}

// All that is left ends by itself: holds, pre-orders at their dates, unpaid orders, and then the drops.
std::string comes_to_rest(Market& m, const Roll& roll) {
    for (int day = 0; day < 14; ++day) {
        m.shop.run_to(m.shop.now + days(1));
        if (roll(3) == 0) move_stock(m, roll);
        if (roll(2) == 0) confirm(m, roll);
        if (const auto broken = breach(m.shop.state); !broken.empty()) return broken;
    }
    for (const auto id : {m.first, m.second})
        if (m.shop.drop(id).status != DropStatus::settled) return "a drop does not settle";
    std::string found;
    m.shop.state.waiting_list.table.each([&](const WaitEntry& entry) {
        if (entry.status == WaitStatus::waiting || entry.status == WaitStatus::offered) found = "a wish never ends";
        if (entry.status == WaitStatus::over && entry.why == WaitEnd::none) found = "a wish ended for no reason";
    });
    m.shop.state.orders.table.each([&](const Order& order) {
        if (order.pay_by && *order.pay_by <= m.shop.now) found = "an unpaid order keeps its units";
    });
    return found;
}

TEST(LawsTest, EachLawRings) {
    const auto broken = [](auto change) {
        Market m;
        m.shop.hold(m.first, m.b, 2);
        m.shop.confirm(m.shop.hold(m.first, m.b, 3));
        EXPECT_EQ(breach(m.shop.state), "");
        change(m.shop.state);
        return breach(m.shop.state);
    };
    const auto row = [](State& s) -> StockRow& { return s.stock.rows[{SkuId{2}, PlaceId{1}}]; };
    EXPECT_NE(broken([&](State& s) { row(s).free += Quantity{1}; }), "");
    EXPECT_NE(broken([&](State& s) {
                  row(s).sold -= Quantity{1}, row(s).free += Quantity{1};
                  row(s).held = Quantity{};
              }),
              "");
    EXPECT_NE(broken([&](State& s) { row(s).written_off = Quantity{-1}, row(s).free += Quantity{1}; }), "");
    EXPECT_NE(broken([&](State& s) { row(s).held += Quantity{1}, row(s).free -= Quantity{1}; }), "");
    EXPECT_NE(broken([](State& s) { s.drops.drops[1].lines[1].terms.cap = Quantity{4}; }), "");
    EXPECT_NE(broken([](State& s) { s.drops.drops[1].lines[1].places[0].allotted = Quantity{4}; }), "");
    EXPECT_NE(broken([](State& s) { s.drops.drops[1].lines[1].sold += Quantity{1}; }), "");
    EXPECT_NE(broken([](State& s) { s.drops.drops[1].lines[1].places[0].held += Quantity{1}; }), "");
    EXPECT_NE(broken([](State& s) { s.orders.table.must(OrderId{1}).total += Money{1}; }), "");
    EXPECT_NE(broken([](State& s) { s.orders.table.must(OrderId{1}).lines[0].terms.gross += Money{1}; }), "");
    EXPECT_NE(broken([](State& s) { s.orders.table.must(OrderId{1}).refunded = Money{1'000'000}; }), "");
    EXPECT_NE(broken([](State& s) {
                  s.orders.table.must(OrderId{1}).tax.push_back({Rate{1}, Money{0}, Money{1}});
              }),
              "");
}

RC_GTEST_PROP(LawsTest, HoldAfterEveryCommand, ()) {
    Market m;
    Random random(*rc::gen::arbitrary<std::uint64_t>());
    const Roll roll = [&](std::int64_t n) {
        return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(n)));
    };
    for (int i = 0; i < sized(200, 60); ++i) {
        step(m, roll);
        const auto broken = breach(m.shop.state);
        if (!broken.empty()) RC_FAIL("after command " + std::to_string(i) + ": " + broken);
    }
    const auto broken = comes_to_rest(m, roll);
    if (!broken.empty()) RC_FAIL("at the end: " + broken);
}

TEST(LawsTest, RandomCommandsReachEveryCorner) {
    std::map<std::string, int> seen;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Market m;
        Random random(seed);
        const Roll roll = [&](std::int64_t n) {
            return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(n)));
        };
        for (int i = 0; i < 300; ++i) step(m, roll);
        m.shop.state.holds.table.each([&](const Hold& hold) { ++seen["hold " + std::string(word_of(hold.status))]; });
        m.shop.state.orders.table.each([&](const Order& order) {
            ++seen["order " + std::string(word_of(order.status))];
            ++seen["refund " + std::string(word_of(order.refund_state))];
            if (order.preorder) ++seen["pre-order"];
        });
        for (const auto& [key, row] : m.shop.state.stock.rows) {
            if (row.short_units > Quantity{0}) ++seen["short"];
            if (row.written_off > Quantity{0}) ++seen["written off"];
        }
        if (m.shop.drop(m.first).version > 1) ++seen["edited"];
        if (m.shop.state.orders.late_to_give_back > Money{0}) ++seen["late"];
        ++seen["drop " + std::string(word_of(m.shop.drop(m.first).status))];
    }
    for (const char* corner :
         {"hold confirmed", "hold released", "hold expired", "order paid", "order cancelled", "refund partly",
          "refund fully", "pre-order", "short", "written off", "edited", "late", "drop settled"})
        EXPECT_GT(seen[corner], 0) << corner;
}

TEST(LawsTest, TheNaiveTwinOversells) {
    // It answers from what it saw when the wish came, and takes the units afterwards, as a shop without one writer
    // does.
    Market m;
    std::vector<UnitsHeld> promised;
    for (std::uint64_t i = 0; i < 8; ++i) {
        auto verdict = handle(m.shop.state, TestShop::wish(m.first, m.b, 3, i + 1), m.shop.moment());
        ASSERT_TRUE(verdict.ok());
        promised.push_back(*(*verdict)[0].as<UnitsHeld>());
        promised.back().hold = HoldId{i + 1};
    }
    for (const auto& fact : promised) m.shop.take(fact);
    EXPECT_NE(breach(m.shop.state), "");
}

}  // namespace
}  // namespace dropsmith::sell::laws_test
