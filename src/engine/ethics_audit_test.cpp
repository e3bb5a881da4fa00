// The ethics audit reads a month from the journal: orders that the shop has put away since are in it (the state has
// forgotten them: the alarm that the audit of before did not hear), orders of other months are not, and the head that
// it names is that of the period's end, which moves no more.
#include "engine/ethics_audit.h"

#include <gtest/gtest.h>

#include "engine/shop_testing.h"

namespace dropsmith::engine::ethics_audit_test {
namespace {

struct Year {
    MemoryJournal journal;
    ShopOnTest shop{journal};
    Instant opened;

    Year() {
        shop.open_drop(200);
        opened = shop.now;
        for (int hour = 0; hour < 6; ++hour) {
            for (const std::int64_t units : {2, 3}) {
                ConfirmHold confirm;
                confirm.hold = shop.tell(hold_of(units)).hold;
                confirm.paid = true;
                const auto placed = shop.tell(confirm, {}, PersonData{"a@example.org", "", ""});
                EXPECT_FALSE(placed.refusal.has_value());
                shop.must(HandOverOrder{placed.order, false});
            }
            shop.pass(hours(1));
        }
    }
    std::size_t kept() const {
        std::size_t orders = 0;
        shop.core.state().orders.table.each([&](const Order&) { ++orders; });
        return orders;
    }
    EthicsAudit audit(Instant since, Instant until) const {
        auto audited = audit_ethics(journal, since, until);
        EXPECT_TRUE(audited.ok()) << (audited.ok() ? "" : audited.error().what);
        return std::move(audited).value();
    }
};

TEST(EthicsAudit, OrdersThatWerePutAwayAreInIt) {
    Year year;
    const auto then = year.audit(year.opened, year.opened + days(30));
    EXPECT_EQ(then.result.orders, 12u);
    EXPECT_EQ(then.result.units, Quantity{30});
    EXPECT_EQ(year.kept(), 12u);
    for (int day = 0; day < 130; day += 10) year.shop.pass(days(10));
    ASSERT_EQ(year.kept(), 0u) << "the state has put them away: what reads it alone says that nobody bought";
    const auto later = year.audit(year.opened, year.opened + days(30));
    EXPECT_EQ(later.result.orders, 12u);
    EXPECT_EQ(later.result.units, Quantity{30});
    ASSERT_EQ(later.told.channels.size(), 1u);
    EXPECT_EQ(later.told.channels[0].index, whole);
    EXPECT_EQ(later.told.regions.size(), 1u);
    EXPECT_EQ(later.told.regions[0].name, "Hackney");
}

TEST(EthicsAudit, ItsHeadIsThatOfThePeriodsEnd) {
    Year year;
    const auto until = year.opened + hours(3);
    const auto half = year.audit(Instant{}, until);
    EXPECT_GT(half.result.orders, 0u);
    EXPECT_LT(half.result.orders, 12u);
    EXPECT_LT(half.result.head, year.shop.core.state().head);
    year.shop.pass(days(100));
    EXPECT_EQ(year.audit(Instant{}, until).result.head_hash, half.result.head_hash);
    const auto all = year.audit(Instant{}, Instant{4'000'000'000'000});
    EXPECT_EQ(all.result.head, year.shop.core.state().head);
    EXPECT_EQ(all.result.head_hash, hex(year.shop.core.head_hash()));
    EXPECT_EQ(year.audit(year.opened + days(2), year.opened + days(3)).result.orders, 0u);
}

TEST(EthicsAudit, ASignOffNeedsAWordWhenGroupsAreFlagged) {
    Year year;
    auto result = year.audit(Instant{}, year.opened + hours(3)).result;
    result.flagged = 1;
    EXPECT_EQ(year.shop.tell(SignEthics{result, ""}).refusal->code, refusals::bad_value);
    year.shop.must(SignEthics{result, "the stall sold damaged ones"});
    ASSERT_EQ(year.shop.core.state().prices.ethics_sign_offs.size(), 1u);
    EXPECT_EQ(year.shop.core.state().prices.ethics_sign_offs[0].result.head_hash, result.head_hash);
    auto ahead = result;
    ahead.head += 1'000'000;
    EXPECT_EQ(year.shop.tell(SignEthics{ahead, "x"}).refusal->code, refusals::bad_value);
    result.until = year.shop.now + hours(1);
    const auto early = year.shop.tell(SignEthics{result, "x"});
    ASSERT_TRUE(early.refusal);
    EXPECT_NE(early.refusal->detail.find("not over"), std::string::npos) << early.refusal->detail;
}

TEST(EthicsAudit, AChangedJournalIsNotRead) {
    Year year;
    auto& stored = year.journal.batches().at(5);
    stored.bytes.back() ^= 1;
    EXPECT_FALSE(audit_ethics(year.journal, Instant{}, Instant{4'000'000'000'000}).ok());
}

}  // namespace
}  // namespace dropsmith::engine::ethics_audit_test
