// Orders: figures at the confirmation, falls that pass, limits by person, payment, cancel, refund, grants.
#include "flow/sell/order.h"

#include <gtest/gtest.h>

#include "flow/sell/laws.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::order_test {
namespace {

struct OrderTest : testing::Test {
    TestShop shop;
    SkuId a = shop.sku("A"), b = shop.sku("B", "reduced");
    DropId drop;

    void SetUp() override {
        SetTerms terms;
        terms.tax =
            std::vector<TaxRate>{{"standard", "", Rate{200'000}, Instant{}}, {"reduced", "", Rate{50'000}, Instant{}}};
        terms.delivery = std::vector<DeliveryMethod>{{"pickup", "Pick-up", Money{0}, Money{0}, "standard"},
                                                     {"ship", "Post", Money{490}, Money{0}, "standard"}};
        terms.payment_fee = PaymentFee{Rate{14'000}, Money{20}};
        shop.must(terms);
        shop.receive(a, 10), shop.receive(b, 10);
        auto line = TestShop::line(a, 8, 1000);
        line.per_person_limit = Quantity{4};
        drop = shop.opened({line, TestShop::line(b, 8, 500)});
    }
    void TearDown() override {
        for (const auto& law : {stock_law(shop.state), cap_law(shop.state), order_law(shop.state)})
            EXPECT_EQ(law.breach, "");
    }
    ConfirmHold shipped(HoldId hold) {
        ConfirmHold out;
        out.hold = hold, out.fulfilment = FulfilmentMethod::ship, out.paid = true;
        return out;
    }
    OrderId both(std::int64_t of_a, std::int64_t of_b) {
        shop.must(PlaceHold{drop, ChannelId{1}, {{a, Quantity{of_a}, {}}, {b, Quantity{of_b}, {}}}, {}, 9, {}});
        shop.must(shipped(HoldId{shop.state.holds.table.next().n - 1}));
        return OrderId{shop.state.orders.table.next().n - 1};
    }
};

TEST_F(OrderTest, EveryFigureIsThere) {
    const auto id = both(3, 1);
    const auto& order = shop.order(id);
    EXPECT_EQ(order.number, 1001u);
    EXPECT_EQ(order.lines[0].terms.gross, Money{3000});
    EXPECT_EQ(order.lines[0].terms.tax, Money{500});
    EXPECT_EQ(order.lines[1].terms.tax, Money{24});  // 23.81
    EXPECT_EQ(order.delivery_charge, Money{490});
    EXPECT_EQ(order.delivery_tax, Money{82});  // 81.67; the pool of 20 %: 581.67 is 582
    EXPECT_EQ(order.total, Money{3990});
    ASSERT_EQ(order.tax.size(), 2u);
    EXPECT_EQ(order.tax[0].amount, Money{24});
    EXPECT_EQ(order.tax[1].base, Money{2908});
    EXPECT_EQ(order.payment_fee, Money{76});  // 55.86 and 20
    EXPECT_EQ(order.lines[0].terms.unit_cost, Money{100});
    EXPECT_EQ(order.paid, order.total);
    EXPECT_EQ(shop.hold(HoldId{1}).order, id);
}

TEST_F(OrderTest, AFallPassesWhileTheDropSellsARiseNever) {
    const auto first = shop.hold(drop, a, 1), second = shop.hold(drop, a, 1);
    shop.set_price(drop, 0, Money{1200});
    EXPECT_EQ(shop.order(shop.confirm(first)).lines[0].terms.unit_price, Money{1000});
    shop.set_price(drop, 0, Money{800});
    EXPECT_EQ(shop.order(shop.confirm(second)).lines[0].terms.unit_price, Money{800});
    shop.set_price(drop, 0, Money{1000});
    const auto third = shop.hold(drop, a, 1);
    shop.set_price(drop, 0, Money{700});
    shop.must(CloseDrop{drop, ""});
    EXPECT_EQ(shop.order(shop.confirm(third)).lines[0].terms.unit_price, Money{1000});  // a live hold outlives the drop
}

TEST_F(OrderTest, TheLimitCountsByPerson) {
    shop.person = PersonId{77};
    shop.confirm(shop.hold(drop, a, 3, 1));
    shop.person = {};
    const auto second = shop.hold(drop, a, 2, 2);  // another session
    shop.person = PersonId{77};
    ConfirmHold confirm;
    confirm.hold = second;
    const auto verdict = shop.ask(confirm);
    ASSERT_FALSE(verdict.ok());
    EXPECT_EQ(verdict.error().code.word, "over_limit");
    EXPECT_EQ(verdict.error().available, Quantity{1});
    shop.must(ReduceHold{second, {{a, Quantity{1}, {}}}});
    EXPECT_EQ(shop.word(confirm), "");
    shop.must(CancelOrder{OrderId{1}, ""});  // what is cancelled no longer counts
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 3, 1)), "");
}

TEST_F(OrderTest, MethodsThatDoNotFit) {
    const auto hold = shop.hold(drop, a, 1);
    auto command = shipped(hold);
    command.delivery = "drone";
    EXPECT_EQ(shop.word(command), "unknown_method");
    command.delivery = "pickup";
    EXPECT_EQ(shop.word(command), "unknown_method");
    command = shipped(hold);
    command.payment = PaymentMethod::pay_at_pickup;
    EXPECT_EQ(shop.word(command), "unknown_method");
    command.fulfilment = FulfilmentMethod::pickup;
    EXPECT_EQ(shop.word(command), "bad_value");  // paid already?
    command.paid = false, command.place = shop.place("Far");
    EXPECT_EQ(shop.word(command), "bad_value");  // nothing is held there
    command.place = PlaceId{};
    EXPECT_EQ(shop.word(command), "");
    EXPECT_EQ(shop.order(OrderId{1}).place, PlaceId{1});
    EXPECT_EQ(shop.word(command), "hold_confirmed");
    EXPECT_EQ(shop.word(shipped(HoldId{9})), "not_found");
}

TEST_F(OrderTest, PaymentIsExactlyTheTotalAndOnce) {
    const auto id = shop.confirm(shop.hold(drop, a, 2), false);
    EXPECT_EQ(shop.order(id).status, OrderStatus::awaiting_payment);
    const auto wrong = shop.ask(RecordPayment{id, {}, Money{1999}, ""});
    ASSERT_FALSE(wrong.ok());
    EXPECT_NE(wrong.error().detail.find("2000"), std::string::npos);
    EXPECT_EQ(shop.word(RefundOrder{id, {{0, Quantity{1}, true}}, false, ""}), "not_paid");
    EXPECT_EQ(shop.word(RecordPayment{id, {}, Money{2000}, ""}), "");
    EXPECT_EQ(shop.order(id).status, OrderStatus::paid);
    EXPECT_EQ(shop.word(RecordPayment{id, {}, Money{2000}, ""}), "wrong_state");
    EXPECT_EQ(shop.word(RecordPayment{OrderId{9}, {}, Money{1}, ""}), "not_found");
}

TEST_F(OrderTest, RefundsOfWholeUnitsNeverMoreThanAreLeft) {
    const auto id = both(3, 1);
    shop.must(RefundOrder{id, {{0, Quantity{1}, true}}, false, "torn"});
    EXPECT_EQ(shop.order(id).refunded, Money{1000});
    EXPECT_EQ(shop.order(id).lines[0].refunded_tax, Money{166});
    EXPECT_EQ(shop.order(id).refund_state, RefundState::partly);
    EXPECT_EQ(shop.row(a).returned, Quantity{1});
    const auto over = shop.ask(RefundOrder{id, {{0, Quantity{2}, true}, {0, Quantity{1}, true}}, false, ""});
    ASSERT_FALSE(over.ok());
    EXPECT_EQ(over.error().code.word, "over_refund");
    EXPECT_EQ(over.error().available, Quantity{2});
    EXPECT_EQ(shop.word(RefundOrder{id, {{5, Quantity{1}, true}}, false, ""}), "bad_value");
    EXPECT_EQ(shop.word(RefundOrder{id, {}, false, ""}), "bad_value");
    shop.must(RefundOrder{id, {{0, Quantity{2}, false}, {1, Quantity{1}, true}}, true, ""});
    EXPECT_EQ(shop.order(id).refunded, shop.order(id).total);
    EXPECT_EQ(shop.order(id).refund_state, RefundState::fully);
    EXPECT_EQ(shop.order(id).lines[0].refunded_tax, Money{500});
    EXPECT_EQ(shop.row(a).returned, Quantity{1});  // the other two did not come back
    EXPECT_EQ(shop.drop(drop).lines[0].refunded, Quantity{3});
    EXPECT_EQ(shop.drop(drop).lines[0].sold, Quantity{3});
    EXPECT_EQ(shop.word(RefundOrder{id, {}, true, ""}), "over_refund");
}

TEST_F(OrderTest, CancelGivesBackUnitsCapAndMoney) {
    const auto id = both(3, 2);
    shop.must(RefundOrder{id, {{0, Quantity{1}, true}}, false, ""});
    const auto facts = shop.must(CancelOrder{id, "changed their mind"});
    EXPECT_EQ(facts[0].as<OrderCancelled>()->refund, Money{3000 + 1000 + 490 - 1000});
    EXPECT_EQ(shop.order(id).refunded, shop.order(id).total);
    EXPECT_EQ(shop.order(id).status, OrderStatus::cancelled);
    EXPECT_EQ(shop.row(a).free, Quantity{10});
    EXPECT_EQ(shop.drop(drop).lines[0].sold, Quantity{1});  // refunded before: stays sold, and refunded
    EXPECT_EQ(shop.drop(drop).lines[1].sold, Quantity{0});
    EXPECT_EQ(shop.word(CancelOrder{id, ""}), "wrong_state");
    EXPECT_EQ(shop.word(RefundOrder{id, {{0, Quantity{1}, true}}, false, ""}), "wrong_state");
    const auto unpaid = shop.confirm(shop.hold(drop, a, 1), false);
    shop.must(CancelOrder{unpaid, ""});
    EXPECT_EQ(shop.order(unpaid).refunded, Money{0});
    EXPECT_EQ(shop.order(unpaid).refund_state, RefundState::none);
    shop.must(RecordPayment{unpaid, {}, Money{1000}, ""});  // too late: it must go back
    EXPECT_EQ(shop.state.orders.late_to_give_back, Money{1000});
    EXPECT_EQ(shop.order(unpaid).paid, Money{0});
}

TEST_F(OrderTest, AReasonThatTheJournalCannotHoldIsRefused) {
    const auto id = both(1, 1);
    EXPECT_EQ(shop.word(CancelOrder{id, std::string(70'000, 'x')}), "bad_value");
    EXPECT_EQ(shop.word(RefundOrder{id, {{0, Quantity{1}, true}}, false, std::string(70'000, 'x')}), "bad_value");
    EXPECT_EQ(shop.word(PauseDrop{drop, std::string(70'000, 'x')}), "bad_value");
    const std::vector<StockLine> many(30'000, {a, Quantity{1}, {}});
    EXPECT_EQ(shop.word(ReceiveStock{PlaceId{1}, many, ""}), "bad_value");
}

TEST_F(OrderTest, GrantsBindStaff) {
    const auto grant = [&](Role role, std::optional<Money> limit, char digit) {
        IssueGrant issue;
        issue.role = role, issue.limits.refund_max = limit, issue.token_digest = std::string(64, digit);
        shop.must(issue);
        return Actor{ActorKind::staff, GrantId{shop.state.access.grants.size()}};
    };
    const auto id = both(3, 1);
    const RefundOrder one{id, {{0, Quantity{1}, true}}, false, ""};
    shop.who = grant(Role::finance, Money{999}, 'a');
    EXPECT_EQ(shop.word(one), "over_grant");
    EXPECT_EQ(shop.word(CancelOrder{id, ""}), "over_grant");
    shop.who = grant(Role::till, std::nullopt, 'b');
    EXPECT_EQ(shop.word(one), "over_grant");
    shop.who = grant(Role::finance, Money{1000}, 'c');
    EXPECT_EQ(shop.word(one), "");
    shop.who = grant(Role::operator_, std::nullopt, 'd');
    EXPECT_EQ(shop.word(one), "");
    shop.who = Actor{ActorKind::buyer, {}};
    EXPECT_EQ(shop.word(CancelOrder{id, ""}), "");
}

// --- what buyers may choose, and until when they must have paid
struct DeadlineTest : OrderTest {
    OrderId take(PaymentMethod method, Actor who = {ActorKind::buyer, {}}) {
        const auto hold = shop.hold(drop, a, 1);
        shop.who = who;
        ConfirmHold confirm;
        confirm.hold = hold, confirm.payment = method;
        shop.must(confirm);
        shop.who = {};
        return OrderId{shop.state.orders.table.next().n - 1};
    }
    bool armed(OrderId order) const { return shop.state.timers.armed.contains({TimerKind::payment, order.n, {}}); }
    void set(const std::function<void(PaymentWays&)>& change) {
        auto ways = shop.state.payments.ways;
        change(ways);
        shop.must(SetPaymentTerms{{}, ways});
    }
};

TEST_F(DeadlineTest, EachMethodHasItsOwn) {
    shop.must(SetPaymentTerms{BankAccount{"Harbour Glass", "GB29NWBK60161331926819", ""}});
    const auto manual = take(PaymentMethod::manual), transfer = take(PaymentMethod::bank_transfer),
               counter = take(PaymentMethod::pay_at_pickup), staff = take(PaymentMethod::manual, {});
    EXPECT_EQ(shop.order(manual).pay_by, shop.now + hours(72));
    EXPECT_EQ(shop.order(transfer).pay_by, shop.now + hours(72));
    EXPECT_EQ(shop.order(counter).pay_by, shop.drop(drop).terms.closes_at + days(7)) << "the window to pick up";
    EXPECT_FALSE(shop.order(staff).pay_by) << "arranged by whoever answers for it";
    EXPECT_FALSE(armed(staff));
    set([](PaymentWays& ways) { ways.manual_within = Duration{0}, ways.pickup_within = hours(1); });
    EXPECT_FALSE(shop.order(take(PaymentMethod::manual)).pay_by) << "the shop waits for ever";
    const auto short_one = take(PaymentMethod::pay_at_pickup);
    EXPECT_EQ(shop.order(short_one).pay_by, shop.drop(drop).terms.closes_at + hours(1));
    EXPECT_EQ(shop.order(counter).pay_by, shop.drop(drop).terms.closes_at + days(7)) << "what was said stays";
    const auto wrong = [&](Duration within) {
        PaymentWays ways;
        ways.transfer_within = within;
        return shop.word(SetPaymentTerms{{}, ways});
    };
    EXPECT_EQ(wrong(Duration{999}), "bad_value");
    EXPECT_EQ(wrong(days(366)), "bad_value");
    EXPECT_EQ(wrong(seconds(1)), "");
    EXPECT_FALSE(shop.state.payments.bank.iban.empty()) << "what was not said stays";
}

TEST_F(DeadlineTest, WhatIsNotPaidInTimeGoesBackAndToWhoWaits) {
    const auto unpaid = take(PaymentMethod::manual), paid = take(PaymentMethod::manual);
    shop.must(RecordPayment{paid, {}, shop.order(paid).total, ""});
    EXPECT_FALSE(armed(paid));
    set([](PaymentWays& ways) { ways.manual_within = hours(2); });
    const auto soon = take(PaymentMethod::manual);
    shop.must(PlaceHold{drop, ChannelId{1}, {{a, Quantity{4}, {}}}, {}, 77, {}});
    shop.must(shipped(HoldId{shop.state.holds.table.next().n - 1}));
    shop.must(PlaceHold{drop, ChannelId{1}, {{a, Quantity{1}, {}}}, {}, 78, {}});
    shop.must(shipped(HoldId{shop.state.holds.table.next().n - 1}));
    shop.must(JoinWaitingList{drop, ChannelId{1}, {{a, Quantity{1}, {}}}, 79, false});
    EXPECT_EQ(shop.word(PaymentDue{soon}), "wrong_state") << "not yet";
    const auto by = *shop.order(soon).pay_by;
    shop.run_to(by - Duration{1});
    EXPECT_EQ(shop.order(soon).status, OrderStatus::awaiting_payment);
    std::string why;
    shop.seen = [&](const Fact& fact) {
        if (const auto* cancelled = fact.as<OrderCancelled>()) why = cancelled->reason;
    };
    shop.run_to(by);
    EXPECT_EQ(shop.order(soon).status, OrderStatus::cancelled);
    EXPECT_EQ(why, "not paid in time");
    EXPECT_EQ(shop.state.waiting_list.table.must(WaitId{1}).status, WaitStatus::offered);
    EXPECT_EQ(shop.order(unpaid).status, OrderStatus::awaiting_payment) << "it has until its own time";
    shop.run_to(*shop.order(unpaid).pay_by);
    EXPECT_EQ(shop.order(unpaid).status, OrderStatus::cancelled);
    EXPECT_EQ(shop.order(paid).status, OrderStatus::paid);
    EXPECT_EQ(shop.word(PaymentDue{unpaid}), "wrong_state");
}

TEST_F(DeadlineTest, ReadyAtTheCounterEndsTooAndTheCounterStopsTheClock) {
    const auto stays = take(PaymentMethod::pay_at_pickup), fetched = take(PaymentMethod::pay_at_pickup);
    for (const auto order : {stays, fetched}) shop.take(OrderMoved{order, OrderStatus::awaiting_payment,
                                                                   OrderStatus::ready, ""});
    shop.take(PaymentRecorded{fetched, {}, shop.order(fetched).total, false, false, {}});
    EXPECT_FALSE(armed(fetched));
    shop.run_to(*shop.order(stays).pay_by);
    EXPECT_EQ(shop.order(stays).status, OrderStatus::cancelled);
    EXPECT_EQ(shop.order(fetched).status, OrderStatus::ready);
}

TEST_F(DeadlineTest, APartOfTheMoneyLiftsItForAPersonToDecide) {
    shop.must(SetPaymentTerms{BankAccount{"Harbour Glass", "GB29NWBK60161331926819", ""}});
    const auto order = take(PaymentMethod::bank_transfer);
    shop.must(TakeTransfers{{{5, "2026-11-22", Money{1}, "RF", shop.order(order).number, "row 1"}}});
    shop.run_to(*shop.order(order).pay_by);
    EXPECT_EQ(shop.order(order).status, OrderStatus::awaiting_payment);
    EXPECT_FALSE(shop.order(order).pay_by);
    EXPECT_FALSE(armed(order));
}

TEST_F(DeadlineTest, BuyersChooseFromWhatTheShopAllows) {
    const auto asks = [&](PaymentMethod method, ActorKind who) {
        const auto hold = shop.hold(drop, b, 1);
        shop.who = {who, {}};
        ConfirmHold confirm;
        confirm.hold = hold, confirm.payment = method;
        const auto word = shop.word(confirm);
        shop.who = {};
        return word;
    };
    EXPECT_EQ(asks(PaymentMethod::manual, ActorKind::buyer), "");
    set([](PaymentWays& ways) { ways.chosen = true, ways.methods = {PaymentMethod::pay_at_pickup}; });
    EXPECT_EQ(asks(PaymentMethod::manual, ActorKind::buyer), "unknown_method");
    EXPECT_EQ(asks(PaymentMethod::manual, ActorKind::staff), "") << "staff may arrange what it likes";
    EXPECT_EQ(asks(PaymentMethod::pay_at_pickup, ActorKind::buyer), "");
    set([](PaymentWays& ways) { ways.methods.clear(); });
    EXPECT_EQ(asks(PaymentMethod::pay_at_pickup, ActorKind::buyer), "unknown_method");
}

}  // namespace
}  // namespace dropsmith::sell::order_test
