// Asked once, confirmed, ended; asking again says nothing new; who is erased is told nothing.
#include "flow/sell/subscriber.h"

#include <gtest/gtest.h>

#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::subscriber_test {
namespace {

struct SubscriberTest : testing::Test {
    TestShop shop;
    SkuId a = shop.sku("A");
    DropId drop;

    void SetUp() override {
        shop.receive(a, 5);
        drop = shop.scheduled({TestShop::line(a, 5)});
        shop.person = PersonId{77};
    }
    SubscriberStatus status(std::uint64_t n) const { return shop.state.subscribers.table.must(SubscriberId{n}).status; }
};

TEST_F(SubscriberTest, AsksOnceConfirmsAndEnds) {
    EXPECT_EQ(shop.must(Subscribe{drop}).size(), 1u);
    EXPECT_EQ(shop.must(Subscribe{drop}).size(), 0u) << "the same person again";
    EXPECT_EQ(status(1), SubscriberStatus::pending);
    shop.must(ConfirmSubscription{SubscriberId{1}});
    EXPECT_EQ(shop.must(ConfirmSubscription{SubscriberId{1}}).size(), 0u);
    EXPECT_EQ(status(1), SubscriberStatus::confirmed);
    EXPECT_EQ(shop.state.subscribers.count.at(drop).confirmed, 1u);
    EXPECT_EQ(shop.state.subscribers.count.at(drop).pending, 0u);
    shop.must(EndSubscription{SubscriberId{1}});
    EXPECT_TRUE(shop.state.subscribers.count.empty());
    EXPECT_EQ(shop.must(EndSubscription{SubscriberId{1}}).size(), 0u);
    EXPECT_EQ(shop.word(ConfirmSubscription{SubscriberId{1}}), "wrong_state") << "an old link brings nobody back";
    EXPECT_EQ(shop.must(Subscribe{drop}).size(), 1u);
    EXPECT_EQ(status(2), SubscriberStatus::pending);
}

TEST_F(SubscriberTest, OnlyBeforeTheOpening) {
    EXPECT_EQ(shop.word(Subscribe{DropId{9}}), "not_found");
    EXPECT_EQ(shop.word(Subscribe{shop.draft({TestShop::line(a, 1)})}), "not_found") << "a draft is nobody's business";
    shop.run_to(shop.drop(drop).terms.opens_at);
    EXPECT_EQ(shop.word(Subscribe{drop}), "wrong_state");
    EXPECT_EQ(shop.word(ConfirmSubscription{SubscriberId{4}}), "not_found");
    EXPECT_EQ(shop.word(EndSubscription{SubscriberId{4}}), "not_found");
    shop.person = {};
    EXPECT_EQ(shop.word(Subscribe{shop.scheduled({TestShop::line(a, 1)})}), "bad_value");
}

TEST_F(SubscriberTest, ErasureEndsWhatRuns) {
    shop.must(Subscribe{drop});
    shop.must(ConfirmSubscription{SubscriberId{1}});
    shop.must(ErasePerson{PersonId{77}, "asked"});
    EXPECT_EQ(status(1), SubscriberStatus::ended);
    EXPECT_EQ(shop.state.access.erased, std::vector<PersonId>{PersonId{77}});
    EXPECT_EQ(shop.word(ErasePerson{PersonId{77}, "again"}), "wrong_state");
    EXPECT_EQ(shop.word(ErasePerson{{}, ""}), "not_found");
}

}  // namespace
}  // namespace dropsmith::sell::subscriber_test
