// Payment pages and the outbox: every way that money, hold and answers can meet, in every order, ends in one order that
// is paid once, or in money that goes back; and the stock, order and payment laws hold after each.
#include "flow/sell/payment.h"

#include <optional>
#include <set>

#include <gtest/gtest.h>

#include "flow/sell/laws.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::payment_test {
namespace {

struct PaymentTest : testing::Test {
    TestShop shop;
    SkuId a = shop.sku("A");
    DropId drop;
    HoldId hold;

    void SetUp() override {
        shop.receive(a, 5);
        auto line = TestShop::line(a, 5);
        line.per_person_limit = Quantity{3};
        drop = shop.opened({line});
        hold = shop.hold(drop, a, 2);
        shop.person = PersonId{7};
    }
    void TearDown() override {
        for (const auto& law :
             {stock_law(shop.state), cap_law(shop.state), order_law(shop.state), payment_law(shop.state)})
            EXPECT_EQ(law.breach, "");
    }
    BeginCheckout wish(HoldId of) const { return {of, FulfilmentMethod::pickup, {}, "", "", "https://shop.example"}; }
    CheckoutId begun(HoldId of) {
        shop.must(wish(of));
        return CheckoutId{shop.state.payments.checkouts.next().n - 1};
    }
    const Checkout& page(CheckoutId id) const { return shop.state.payments.checkouts.must(id); }
    const PaymentTask* task(PaymentTaskKind kind) const {
        for (const auto& [id, task] : shop.state.payments.tasks)
            if (task.kind == kind) return &task;
        return nullptr;
    }
    CheckoutId opened(HoldId of) {
        const auto id = begun(of);
        shop.must(OpenCheckout{task(PaymentTaskKind::open)->id, "cs_" + std::to_string(id.n), "https://pay.example"});
        return id;
    }
    SeePayment money(CheckoutId id, std::int64_t amount) const { return {id, {}, false, "pi_1", Money{amount}}; }
    void captured(std::int64_t amount) {
        shop.must(FinishPaymentTask{task(PaymentTaskKind::capture)->id, Money{amount}, "pi_1"});
    }
    std::size_t items() const {
        std::size_t n = 0;
        shop.state.payments.items.each([&](const OpenItem& item) { n += item.settled_at ? 0u : 1u; });
        return n;
    }
    void expire() { shop.run_to(shop.hold(hold).expires_at); }
};

TEST_F(PaymentTest, PaidInTime) {
    const auto id = begun(hold);
    EXPECT_EQ(page(id).amount, Money{2'000});
    EXPECT_EQ(page(id).status, CheckoutStatus::asked);
    EXPECT_EQ(page(id).items.at(0).amount, Money{2'000});
    EXPECT_EQ(shop.word(wish(hold)), "already_exists") << "the same wish has its page";
    shop.must(OpenCheckout{task(PaymentTaskKind::open)->id, "cs_1", "https://pay.example"});
    EXPECT_EQ(page(id).status, CheckoutStatus::open);
    shop.must(money(id, 2'000));
    EXPECT_EQ(shop.hold(hold).status, HoldStatus::confirmed);
    EXPECT_EQ(shop.order(OrderId{1}).status, OrderStatus::awaiting_payment) << "not paid before it is captured";
    EXPECT_EQ(shop.order(OrderId{1}).person, PersonId{7});
    captured(2'000);
    EXPECT_EQ(shop.order(OrderId{1}).status, OrderStatus::paid);
    EXPECT_EQ(page(id).status, CheckoutStatus::paid);
    EXPECT_TRUE(shop.state.payments.tasks.empty());
}

TEST_F(PaymentTest, AFallPassesToTheBuyerAndLessIsCaptured) {
    const auto id = opened(hold);
    shop.set_price(drop, 0, Money{900});
    shop.must(money(id, 2'000));
    EXPECT_EQ(task(PaymentTaskKind::capture)->amount, Money{1'800});
    captured(1'800);
    EXPECT_EQ(shop.order(OrderId{1}).paid, Money{1'800});
}

TEST_F(PaymentTest, TheHoldLapsesAndThePageCloses) {
    const auto id = opened(hold);
    expire();
    ASSERT_TRUE(task(PaymentTaskKind::expire));
    shop.must(FinishPaymentTask{task(PaymentTaskKind::expire)->id, {}, ""});
    EXPECT_EQ(page(id).status, CheckoutStatus::over);
    EXPECT_EQ(shop.row(a).free, Quantity{5});
}

TEST_F(PaymentTest, TheHoldIsReleasedWhileThePageIsMade) {
    const auto id = begun(hold);
    shop.must(ReleaseHold{hold});
    EXPECT_FALSE(task(PaymentTaskKind::expire)) << "there is no page yet";
    shop.must(OpenCheckout{task(PaymentTaskKind::open)->id, "cs_1", "https://pay.example"});
    EXPECT_TRUE(task(PaymentTaskKind::expire)) << "now there is one, and nobody holds anything for it";
    shop.must(FinishPaymentTask{task(PaymentTaskKind::expire)->id, {}, ""});
    EXPECT_EQ(page(id).status, CheckoutStatus::over);
}

TEST_F(PaymentTest, LateMoneyHoldsTheUnitsAgain) {
    const auto id = opened(hold);
    expire();
    shop.set_price(drop, 0, Money{1'500});  // the held price stands
    shop.must(money(id, 2'000));
    EXPECT_EQ(shop.state.orders.table.size(), 1u);
    EXPECT_FALSE(task(PaymentTaskKind::expire)) << "the page is done with";
    captured(2'000);
    EXPECT_EQ(shop.order(OrderId{1}).paid, Money{2'000});
    EXPECT_EQ(shop.row(a).sold, Quantity{2});
    shop.must(RecordPayment{{}, hold, Money{2'000}, ""});
    EXPECT_EQ(shop.state.orders.table.size(), 1u) << "one hold makes one order, whatever more comes";
    EXPECT_EQ(shop.state.orders.late_to_give_back, Money{2'000});
}

TEST_F(PaymentTest, LateMoneyIsLetGoWhenTheUnitsAreGone) {
    const auto id = opened(hold);
    expire();
    shop.hold(drop, a, 3), shop.hold(drop, a, 1);
    shop.must(money(id, 2'000));
    EXPECT_EQ(page(id).status, CheckoutStatus::refused);
    EXPECT_EQ(shop.state.orders.table.size(), 0u);
    EXPECT_EQ(items(), 1u) << "shown";
    shop.must(FinishPaymentTask{task(PaymentTaskKind::cancel)->id, {}, ""});
    EXPECT_EQ(page(id).captured, Money{0});
    EXPECT_EQ(shop.word(money(id, 2'000)), "wrong_state") << "told again: nothing is new";
}

TEST_F(PaymentTest, MoneyThatSomebodyCapturedElsewhereGoesBack) {
    const auto id = opened(hold);
    expire();
    shop.hold(drop, a, 3), shop.hold(drop, a, 2);
    shop.must(money(id, 2'000));
    shop.must(FinishPaymentTask{task(PaymentTaskKind::cancel)->id, Money{2'000}, "pi_1"});
    ASSERT_TRUE(task(PaymentTaskKind::refund));
    EXPECT_EQ(task(PaymentTaskKind::refund)->amount, Money{2'000});
}

TEST_F(PaymentTest, TheSameMoneyToldTwiceIsOneOrder) {
    const auto id = opened(hold);
    shop.must(money(id, 2'000));
    EXPECT_EQ(shop.word(money(id, 2'000)), "wrong_state");
    captured(2'000);
    EXPECT_EQ(shop.word(money(id, 2'000)), "wrong_state");
    EXPECT_EQ(shop.state.orders.table.size(), 1u);
}

TEST_F(PaymentTest, AnEventIsTakenOnceAndOnlyAsksForALook) {
    const auto id = opened(hold);
    shop.must(TakePaymentEvent{11, id, false});
    const auto first = task(PaymentTaskKind::look)->id;
    EXPECT_EQ(shop.word(TakePaymentEvent{11, id, false}), "already_exists");
    shop.must(TakePaymentEvent{12, id, false});
    EXPECT_NE(task(PaymentTaskKind::look)->id, first) << "a look under way may have been too early";
    EXPECT_EQ(shop.word(SeePayment{id, first, false, "", {}}), "wrong_state");
    EXPECT_TRUE(task(PaymentTaskKind::look)) << "its answer does not settle the later question";
    EXPECT_EQ(shop.word(TakePaymentEvent{13, CheckoutId{99}, false}), "not_found");
    expire();
    shop.must(SeePayment{id, {}, true, "", {}});
    EXPECT_EQ(page(id).status, CheckoutStatus::over);
    EXPECT_TRUE(shop.state.payments.tasks.empty());
    EXPECT_EQ(shop.word(TakePaymentEvent{14, id, true}), "wrong_state");
}

TEST_F(PaymentTest, ThePayerPaysInAnotherWayMeanwhile) {
    const auto id = opened(hold);
    shop.confirm(hold, false);
    ASSERT_TRUE(task(PaymentTaskKind::expire));
    shop.must(money(id, 2'000));  // they were at the page already
    EXPECT_EQ(page(id).status, CheckoutStatus::refused);
    EXPECT_EQ(shop.state.orders.table.size(), 1u);
}

TEST_F(PaymentTest, AnotherWishGetsAnotherPageAndTheFirstCloses) {
    const auto first = opened(hold);
    auto other = wish(hold);
    other.fulfilment = FulfilmentMethod::ship;
    shop.must(other);
    EXPECT_TRUE(page(first).hold_over);
    ASSERT_TRUE(task(PaymentTaskKind::expire));
    EXPECT_EQ(task(PaymentTaskKind::expire)->checkout, first);
    shop.must(OpenCheckout{task(PaymentTaskKind::open)->id, "cs_2", "https://pay.example"});
    shop.must(money(CheckoutId{2}, 2'000));
    EXPECT_EQ(shop.order(OrderId{1}).fulfilment, FulfilmentMethod::ship);
    shop.must(money(first, 2'000));
    EXPECT_EQ(page(first).status, CheckoutStatus::refused) << "two authorisations, one charge";
}

TEST_F(PaymentTest, CancelledBeforeTheCapture) {
    const auto id = opened(hold);
    shop.must(money(id, 2'000));
    const auto capture = task(PaymentTaskKind::capture)->id;
    shop.must(CancelOrder{OrderId{1}, "mistake"});
    EXPECT_EQ(shop.word(FinishPaymentTask{capture, Money{2'000}, "pi_1"}), "not_found");
    // The capture was under way all the same: the cancelling finds the money taken.
    shop.must(FinishPaymentTask{task(PaymentTaskKind::cancel)->id, Money{2'000}, "pi_1"});
    ASSERT_TRUE(task(PaymentTaskKind::refund));
    shop.must(FinishPaymentTask{task(PaymentTaskKind::refund)->id, {}, "re_1"});
    EXPECT_EQ(page(id).refunded, Money{2'000});
    EXPECT_EQ(shop.order(OrderId{1}).paid, Money{0});
}

// Staff would ask again for a capture that failed; after the order was cancelled that would give its money back twice.
TEST_F(PaymentTest, ACaptureThatFailedIsNotAskedForAgainOnceItsOrderIsCancelled) {
    const auto id = opened(hold);
    shop.must(money(id, 2'000));
    shop.must(FailPaymentTask{task(PaymentTaskKind::capture)->id, "no_answer"});
    ASSERT_EQ(items(), 1u);
    shop.must(CancelOrder{OrderId{1}, "changed mind"});
    EXPECT_EQ(items(), 0u) << "settled by the cancelling";
    EXPECT_EQ(shop.word(SettleOpenItem{OpenItemId{1}, {}, true, ""}), "wrong_state");
    shop.must(FinishPaymentTask{task(PaymentTaskKind::cancel)->id, Money{2'000}, "pi_1"});  // it had gone through
    shop.must(FinishPaymentTask{task(PaymentTaskKind::refund)->id, {}, "re_1"});
    EXPECT_EQ(page(id).refunds_asked, Money{2'000});
    EXPECT_TRUE(shop.state.payments.tasks.empty());
}

TEST_F(PaymentTest, RefundsGoOutByTheStoredShares) {
    const auto id = opened(hold);
    shop.must(money(id, 2'000)), captured(2'000);
    shop.must(RefundOrder{OrderId{1}, {{0, Quantity{1}, true}}, false, "chipped"});
    ASSERT_TRUE(task(PaymentTaskKind::refund));
    EXPECT_EQ(task(PaymentTaskKind::refund)->amount, Money{1'000});
    EXPECT_EQ(task(PaymentTaskKind::refund)->refund, RefundId{1});
    shop.must(FinishPaymentTask{task(PaymentTaskKind::refund)->id, {}, "re_1"});
    shop.must(CancelOrder{OrderId{1}, "the rest too"});
    EXPECT_EQ(task(PaymentTaskKind::refund)->amount, Money{1'000});
    shop.must(FinishPaymentTask{task(PaymentTaskKind::refund)->id, {}, "re_2"});
    EXPECT_EQ(page(id).refunded, Money{2'000});
}

TEST_F(PaymentTest, TriesAreSpacedAndEnd) {
    const auto id = begun(hold);
    const auto open = task(PaymentTaskKind::open)->id;
    auto last = shop.now;
    for (std::uint32_t i = 1; i <= 5; ++i) {
        shop.must(DelayPaymentTask{open, "no_answer"});
        const auto& waiting = shop.state.payments.tasks.at(open);
        EXPECT_EQ(waiting.tries, i);
        EXPECT_GT(waiting.not_before, last);
        EXPECT_GE(waiting.not_before - shop.now, Duration{500 << i});
        EXPECT_LT(waiting.not_before - shop.now, Duration{750 << i}) << "up to half longer, by chance";
        last = waiting.not_before;
    }
    expire();
    shop.must(DelayPaymentTask{open, "no_answer"});
    EXPECT_EQ(page(id).status, CheckoutStatus::failed) << "a page for nobody is not tried for ever";
    EXPECT_TRUE(shop.state.payments.tasks.empty());
}

TEST_F(PaymentTest, WhatTheProviderRefusesIsShownAndCanBeAskedAgain) {
    const auto id = opened(hold);
    shop.must(money(id, 2'000)), captured(2'000);
    shop.must(RefundOrder{OrderId{1}, {{0, Quantity{2}, true}}, false, "broken"});
    const auto refund = *task(PaymentTaskKind::refund);
    shop.run_to(shop.now + minutes(1));
    shop.must(FailPaymentTask{refund.id, "insufficient_funds"});
    EXPECT_EQ(items(), 1u);
    shop.must(SettleOpenItem{OpenItemId{1}, {}, true, "topped up"});
    ASSERT_TRUE(task(PaymentTaskKind::refund));
    EXPECT_EQ(task(PaymentTaskKind::refund)->asked_at, refund.asked_at) << "the same key at the provider";
    EXPECT_EQ(task(PaymentTaskKind::refund)->amount, refund.amount);
}

TEST_F(PaymentTest, MoneyThatDidNotGoBackIsShownAndSentAgain) {
    const auto id = opened(hold);
    shop.must(money(id, 2'000)), captured(2'000);
    EXPECT_EQ(shop.word(TakePaymentEvent{20, id, false, true}), "wrong_state") << "nothing was given back";
    shop.must(RefundOrder{OrderId{1}, {{0, Quantity{1}, true}}, false, "chipped"});
    shop.must(TakePaymentEvent{21, id, false, true});
    const auto early = task(PaymentTaskKind::look_at_refunds)->id;
    const std::vector<LostRefund> lost{{"re_1", Money{1'000}, "lost_or_stolen_card"}};
    shop.must(SeeRefunds{early, lost});
    EXPECT_EQ(items(), 0u) << "the shop has not heard yet that it went out: it looks again";
    EXPECT_EQ(task(PaymentTaskKind::look_at_refunds)->tries, 1u);
    shop.must(FinishPaymentTask{task(PaymentTaskKind::refund)->id, {}, "re_1"});
    EXPECT_EQ(page(id).refunded, Money{1'000});
    shop.must(SeeRefunds{early, lost});
    EXPECT_EQ(page(id).refunded, Money{0});
    EXPECT_EQ(items(), 1u);
    EXPECT_EQ(shop.state.payments.items.must(OpenItemId{1}).kind, OpenItemKind::refund_failed);
    EXPECT_EQ(shop.state.payments.items.must(OpenItemId{1}).order, OrderId{1});
    EXPECT_EQ(shop.order(OrderId{1}).refunded, Money{1'000}) << "the shop owes it all the same";
    EXPECT_EQ(shop.word(SeeRefunds{early, lost}), "not_found");
    shop.must(TakePaymentEvent{22, id, false, true});
    shop.must(SeeRefunds{task(PaymentTaskKind::look_at_refunds)->id, lost});
    EXPECT_EQ(items(), 1u) << "the same one again is not another";
    shop.must(SettleOpenItem{OpenItemId{1}, {}, true, "a new card"});
    EXPECT_EQ(task(PaymentTaskKind::refund)->amount, Money{1'000});
    EXPECT_EQ(task(PaymentTaskKind::refund)->lost, 1u) << "a key of its own";
    shop.must(FinishPaymentTask{task(PaymentTaskKind::refund)->id, {}, "re_2"});
    EXPECT_EQ(page(id).refunded, Money{1'000});
}

TEST_F(PaymentTest, ALostRefundThatIsMoreThanWentOutIsNotBelieved) {
    const auto id = opened(hold);
    shop.must(money(id, 2'000)), captured(2'000);
    shop.must(RefundOrder{OrderId{1}, {{0, Quantity{1}, true}}, false, "chipped"});
    shop.must(FinishPaymentTask{task(PaymentTaskKind::refund)->id, {}, "re_1"});
    shop.must(TakePaymentEvent{21, id, false, true});
    shop.must(SeeRefunds{task(PaymentTaskKind::look_at_refunds)->id,
                         {{"re_a", Money{1'001}, ""}, {"re_b", Money{-5}, ""}, {"re_c", Money{700}, ""},
                          {"re_d", Money{301}, ""}}});
    EXPECT_EQ(page(id).refunded, Money{300});
    EXPECT_EQ(items(), 1u);
}

TEST_F(PaymentTest, AnotherSumThanAskedIsShown) {
    const auto id = opened(hold);
    shop.must(money(id, 2'000));
    captured(1'999);
    EXPECT_EQ(shop.order(OrderId{1}).status, OrderStatus::awaiting_payment);
    EXPECT_EQ(items(), 1u);
    EXPECT_EQ(page(id).trouble, "captured_another_amount");
}

TEST_F(PaymentTest, OverThePersonsLimitNothingIsTaken) {
    const auto id = opened(hold);
    shop.confirm(shop.hold(drop, a, 2), false);  // the same person meanwhile
    shop.must(money(id, 2'000));
    EXPECT_EQ(page(id).status, CheckoutStatus::refused);
}

TEST_F(PaymentTest, AConfirmCannotSkipThePage) {
    ConfirmHold confirm;
    confirm.hold = hold, confirm.payment = PaymentMethod::stripe;
    EXPECT_EQ(shop.word(confirm), "unknown_method");
}

TEST_F(PaymentTest, WhatFailedTogetherDoesNotComeAgainTogether) {
    std::set<Duration> waits;
    for (int i = 0; i < 30; ++i) {
        (void)begun(hold);
        auto other = wish(hold);
        other.fulfilment = FulfilmentMethod::ship;  // another wish, another page
        shop.must(other);
        const auto id = shop.state.payments.tasks.rbegin()->first;
        shop.must(DelayPaymentTask{id, "no_answer"});
        waits.insert(shop.state.payments.tasks.at(id).not_before - shop.now);
    }
    EXPECT_GT(waits.size(), 10u);
}

TEST_F(PaymentTest, APaidPageGoesWithItsOrderAndComesBackWithIt) {
    const auto id = opened(hold);
    shop.must(money(id, 2'000)), captured(2'000);
    shop.must(RefundOrder{OrderId{1}, {{0, Quantity{1}, true}}, false, "chipped"});
    shop.must(FinishPaymentTask{task(PaymentTaskKind::refund)->id, {}, "re_1"});
    shop.take(OrderMoved{OrderId{1}, OrderStatus::paid, OrderStatus::delivered, {}});
    shop.run_to(shop.drop(drop).terms.closes_at);
    shop.run_to(shop.now + minutes(30));
    const auto before = page(id);
    std::optional<Order> gone;
    shop.seen = [&](const Fact& fact) {
        if (const auto* archived = fact.as<OrderArchived>()) gone = archived->order;
    };
    shop.run_to(shop.now + days(88));
    EXPECT_TRUE(shop.state.payments.checkouts.find(id));
    shop.run_to(shop.now + days(4));
    ASSERT_TRUE(gone);
    EXPECT_FALSE(shop.state.payments.checkouts.find(id));
    EXPECT_EQ(shop.state.payments.by_order.size(), 0u);
    shop.must(RecallOrder{*gone});
    EXPECT_EQ(page(id).captured, before.captured);
    EXPECT_EQ(page(id).refunded, before.refunded);
    EXPECT_EQ(page(id).intent, before.intent);
    EXPECT_TRUE(shop.order(OrderId{1}).card.empty());
    shop.must(RefundOrder{OrderId{1}, {{0, Quantity{1}, true}}, false, "late"});
    EXPECT_EQ(task(PaymentTaskKind::refund)->amount, Money{1'000});
    shop.run_to(shop.now + days(95));
    EXPECT_TRUE(shop.state.payments.checkouts.find(id)) << "the provider is still to be asked";
    shop.must(FinishPaymentTask{task(PaymentTaskKind::refund)->id, {}, "re_2"});
    shop.run_to(shop.now + days(2));
    EXPECT_FALSE(shop.state.payments.checkouts.find(id));
}

TEST_F(PaymentTest, MoneyThatCameForNothingIsForgottenWhenItWentBackLongAgo) {
    const auto id = opened(hold);
    expire();
    shop.hold(drop, a, 3), shop.hold(drop, a, 2);
    shop.must(money(id, 2'000));
    shop.must(FinishPaymentTask{task(PaymentTaskKind::cancel)->id, Money{2'000}, "pi_1"});
    shop.run_to(shop.drop(drop).terms.closes_at);
    shop.run_to(shop.now + days(95));
    EXPECT_TRUE(shop.state.payments.checkouts.find(id)) << "it has not gone back yet";
    shop.must(FinishPaymentTask{task(PaymentTaskKind::refund)->id, {}, "re_1"});
    const auto b = shop.sku("B");
    shop.receive(b, 1);
    shop.hold(shop.opened({TestShop::line(b, 1)}), b, 1);  // something that is over one day, so that the shop tidies
    shop.run_to(shop.now + days(9));
    EXPECT_FALSE(shop.state.payments.checkouts.find(id));
}

TEST_F(PaymentTest, WhatIsOverIsForgottenAndWhatIsPaidStays) {
    const auto paid = opened(hold);
    shop.must(money(paid, 2'000)), captured(2'000);
    const auto lapsed = opened(shop.hold(drop, a, 1));
    shop.run_to(shop.drop(drop).terms.closes_at);
    shop.must(FinishPaymentTask{task(PaymentTaskKind::expire)->id, {}, ""});
    shop.run_to(shop.now + minutes(30));
    shop.run_to(shop.now + days(9));
    EXPECT_FALSE(shop.state.payments.checkouts.find(lapsed));
    EXPECT_EQ(page(paid).captured, Money{2'000});
    shop.must(RefundOrder{OrderId{1}, {{0, Quantity{1}, true}}, false, "late"});
    EXPECT_TRUE(task(PaymentTaskKind::refund));
}

TEST(PaymentLaw, Rings) {
    TestShop shop;
    const auto a = shop.sku("A");
    shop.receive(a, 5);
    const auto drop = shop.opened({TestShop::line(a, 5)});
    shop.must(BeginCheckout{shop.hold(drop, a, 1), FulfilmentMethod::pickup, {}, "", "", ""});
    shop.must(OpenCheckout{PaymentTaskId{1}, "cs", "https://pay.example"});
    shop.must(SeePayment{CheckoutId{1}, {}, false, "pi", Money{1'000}});
    shop.must(FinishPaymentTask{PaymentTaskId{2}, Money{1'000}, "pi"});
    ASSERT_EQ(payment_law(shop.state).breach, "");
    const auto rings = [&](auto change) {
        auto state = shop.state;
        change(state);
        EXPECT_NE(payment_law(state).breach, "");
    };
    rings([](State& s) { s.payments.checkouts.must(CheckoutId{1}).captured = Money{999}; });
    rings([](State& s) { s.payments.checkouts.must(CheckoutId{1}).authorised = Money{999}; });
    rings([](State& s) { s.payments.checkouts.must(CheckoutId{1}).refunds_asked = Money{1}; });
    rings([](State& s) { s.payments.checkouts.must(CheckoutId{1}).status = CheckoutStatus::authorised; });
    rings([](State& s) { s.payments.by_order.clear(); });
    rings([](State& s) { s.payments.add_task({PaymentTaskId{9}, {}, CheckoutId{8}, {}, {}, {}, 0, {}, {}}); });
}

}  // namespace
}  // namespace dropsmith::sell::payment_test
