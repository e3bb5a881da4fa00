// Bank transfers: the reference names the order, the sum decides, the same line counts once, and what does not fit is
// an open item that a person settles. The order's law holds after each.
#include <gtest/gtest.h>

#include "base/creditor_reference.h"
#include "flow/sell/laws.h"
#include "flow/sell/payment.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::transfer_test {
namespace {

struct TransferTest : testing::Test {
    TestShop shop;
    SkuId a = shop.sku("A");
    DropId drop;
    std::uint64_t lines = 0;

    void SetUp() override {
        shop.receive(a, 100);
        drop = shop.opened({TestShop::line(a, 100)});
        shop.must(SetPaymentTerms{BankAccount{"Harbour Glass", "GB29NWBK60161331926819", "NWBKGB2L"}});
    }
    void TearDown() override { EXPECT_EQ(order_law(shop.state).breach, ""); }
    OrderId ordered(std::int64_t units = 1) {
        ConfirmHold confirm;
        confirm.hold = shop.hold(drop, a, units);
        confirm.payment = PaymentMethod::bank_transfer;
        shop.must(confirm);
        return OrderId{shop.state.orders.table.next().n - 1};
    }
    Transfer credit(OrderId order, std::int64_t amount) {
        const auto number = order ? shop.order(order).number : 0;
        return {++lines, "2026-11-22", Money{amount}, number ? creditor_reference(number) : "", number, "row 2"};
    }
    void take(Transfer line) { shop.must(TakeTransfers{{std::move(line)}}); }
    std::vector<const OpenItem*> open() const {
        std::vector<const OpenItem*> out;
        shop.state.payments.items.each([&](const OpenItem& item) {
            if (!item.settled_at) out.push_back(&item);
        });
        return out;
    }
};

TEST_F(TransferTest, TheRightSumPays) {
    const auto order = ordered(2);
    take(credit(order, 2'000));
    EXPECT_EQ(shop.order(order).status, OrderStatus::paid);
    EXPECT_EQ(shop.order(order).paid, Money{2'000});
    EXPECT_TRUE(open().empty());
}

TEST_F(TransferTest, PartsAddUpAndTheItemClosesByItself) {
    const auto order = ordered(2);
    take(credit(order, 1'500));
    EXPECT_EQ(shop.order(order).status, OrderStatus::awaiting_payment);
    ASSERT_EQ(open().size(), 1u);
    EXPECT_EQ(open()[0]->kind, OpenItemKind::underpaid);
    EXPECT_EQ(open()[0]->amount, Money{500}) << "what is missing";
    take(credit(order, 100));
    ASSERT_EQ(open().size(), 1u);
    EXPECT_EQ(open()[0]->amount, Money{400});
    take(credit(order, 400));
    EXPECT_EQ(shop.order(order).paid, Money{2'000});
    EXPECT_TRUE(open().empty());
}

TEST_F(TransferTest, TwoPartsInOneFileAreOneAfterTheOther) {
    const auto order = ordered(2);
    shop.must(TakeTransfers{{credit(order, 1'500), credit(order, 500), credit(order, 7)}});
    EXPECT_EQ(shop.order(order).paid, Money{2'000});
    ASSERT_EQ(open().size(), 1u) << "the 7 that came after; the missing 500 has come";
    EXPECT_EQ(open()[0]->kind, OpenItemKind::paid_again);
}

TEST_F(TransferTest, TooMuchPaysAndTheRestIsShown) {
    const auto order = ordered();
    take(credit(order, 1'250));
    EXPECT_EQ(shop.order(order).paid, Money{1'000});
    ASSERT_EQ(open().size(), 1u);
    EXPECT_EQ(open()[0]->kind, OpenItemKind::overpaid);
    EXPECT_EQ(open()[0]->amount, Money{250});
    take(credit(order, 1'000));
    EXPECT_EQ(open()[1]->kind, OpenItemKind::paid_again);
    EXPECT_EQ(open()[1]->amount, Money{1'000});
}

TEST_F(TransferTest, TheSameLineTwiceChangesNothing) {
    const auto order = ordered();
    const auto line = credit(order, 400);
    take(line);
    EXPECT_EQ(shop.word(TakeTransfers{{line, line}}), "already_exists");
    const auto next = credit(order, 600);
    shop.must(TakeTransfers{{line, next, next}});
    EXPECT_EQ(shop.order(order).paid, Money{1'000});
    EXPECT_TRUE(open().empty());
}

TEST_F(TransferTest, AnUnknownReferenceIsAssignedByAPerson) {
    const auto order = ordered();
    take(credit({}, 1'000));
    ASSERT_EQ(open().size(), 1u);
    const auto item = open()[0]->id;
    EXPECT_EQ(open()[0]->kind, OpenItemKind::unknown_reference);
    const auto by_hand = shop.confirm(shop.hold(drop, a, 1), false);
    EXPECT_EQ(shop.word(SettleOpenItem{item, by_hand, false, ""}), "bad_value") << "not paid by transfer";
    EXPECT_EQ(shop.word(SettleOpenItem{item, {}, true, ""}), "bad_value") << "nothing to ask again";
    shop.must(SettleOpenItem{item, order, false, "found by the name"});
    EXPECT_EQ(shop.order(order).paid, Money{1'000});
    EXPECT_TRUE(open().empty());
    EXPECT_EQ(shop.word(SettleOpenItem{item, {}, false, ""}), "wrong_state") << "once";
}

TEST_F(TransferTest, OnlyOrdersThatWaitForATransferAreMatched) {
    const auto by_hand = shop.confirm(shop.hold(drop, a, 1), false);
    take(credit(by_hand, 1'000));
    EXPECT_EQ(shop.order(by_hand).status, OrderStatus::awaiting_payment);
    EXPECT_EQ(open().at(0)->kind, OpenItemKind::unknown_reference);
}

TEST_F(TransferTest, MoneyOfACancelledOrderGoesBack) {
    const auto order = ordered(2);
    take(credit(order, 500));
    shop.must(CancelOrder{order, "changed their mind"});
    ASSERT_EQ(open().size(), 1u);
    EXPECT_EQ(open()[0]->kind, OpenItemKind::pay_back);
    EXPECT_EQ(open()[0]->amount, Money{500});
    take(credit(order, 1'500));
    EXPECT_EQ(open().at(1)->kind, OpenItemKind::order_cancelled);
    EXPECT_EQ(open().at(1)->amount, Money{1'500});
}

TEST_F(TransferTest, ARefundIsATransferThatStaffHasToMake) {
    const auto order = ordered(3);
    take(credit(order, 3'000));
    shop.must(RefundOrder{order, {{0, Quantity{1}, true}}, false, "chipped"});
    ASSERT_EQ(open().size(), 1u);
    EXPECT_EQ(open()[0]->kind, OpenItemKind::pay_back);
    EXPECT_EQ(open()[0]->amount, Money{1'000});
    shop.must(SettleOpenItem{open()[0]->id, {}, false, "paid back on 24 November"});
    EXPECT_TRUE(open().empty());
}

TEST_F(TransferTest, ARefusedWordSaysWhich) {
    EXPECT_EQ(shop.word(SetPaymentTerms{BankAccount{"H", "GB29NWBK60161331926818", ""}}), "bad_value");
    EXPECT_EQ(shop.word(SetPaymentTerms{BankAccount{"", "GB29NWBK60161331926819", ""}}), "bad_value");
    EXPECT_EQ(shop.word(TakeTransfers{{credit({}, 0)}}), "bad_value");
    shop.must(SetPaymentTerms{BankAccount{}});
    ConfirmHold confirm;
    confirm.hold = shop.hold(drop, a, 1);
    confirm.payment = PaymentMethod::bank_transfer;
    EXPECT_EQ(shop.word(confirm), "unknown_method") << "without an account there is none";
}

}  // namespace
}  // namespace dropsmith::sell::transfer_test
