// Followers: each fact once and in order, again after a failure, anew when ahead of the journal; the thread does the
// same behind a loop.
#include "engine/follower.h"

#include <gtest/gtest.h>

#include <mutex>

#include "engine/shop_testing.h"

namespace dropsmith::engine::follower_test {
namespace {

class Counting final : public Follower {
public:
    Result<std::uint64_t, Fault> bookmark() override {
        std::scoped_lock lock(mutex);
        return last;
    }
    Status<Fault> take(std::span<const StoredBatch> batches) override {
        std::scoped_lock lock(mutex);
        if (fail > 0) return --fail, fault(FaultKind::refused_write, "no room");
        for (const auto& batch : batches) {
            EXPECT_EQ(batch.first, last + 1);
            last = batch.last;
            taken += batch.last - batch.first + 1;
        }
        return Nothing{};
    }
    Status<Fault> begin_anew() override {
        std::scoped_lock lock(mutex);
        last = taken = 0;
        return Nothing{};
    }
    std::mutex mutex;
    std::uint64_t last = 0, taken = 0;
    int fail = 0;
};

TEST(Follower, CatchesUpGoesOnAndStartsAnew) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(100);
    Counting follower;
    ASSERT_TRUE(catch_up(journal, follower).ok());
    EXPECT_EQ(follower.taken, shop.core.state().head);
    for (int i = 0; i < 20; ++i) shop.tell(hold_of(1));
    ASSERT_TRUE(catch_up(journal, follower).ok());
    EXPECT_EQ(follower.taken, shop.core.state().head) << "nothing twice";
    follower.last += 5;
    ASSERT_TRUE(catch_up(journal, follower).ok());
    EXPECT_EQ(follower.last, shop.core.state().head);
    EXPECT_EQ(follower.taken, shop.core.state().head);
    follower.fail = 1;
    shop.tell(hold_of(1));
    EXPECT_FALSE(catch_up(journal, follower).ok());
    ASSERT_TRUE(catch_up(journal, follower).ok());
    EXPECT_EQ(follower.taken, shop.core.state().head);
}

TEST(Follower, TheThreadTriesAgainAndTellsWhoWaits) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(100);
    Counting follower;
    follower.fail = 1;
    FollowerThread thread(journal, follower);
    thread.start();
    EXPECT_TRUE(thread.wait_for(shop.core.state().head, std::chrono::minutes(1)));
    EXPECT_FALSE(thread.wait_for(shop.core.state().head + 1, std::chrono::milliseconds(1)));
    thread.stop();
    EXPECT_FALSE(thread.trouble()) << "the second attempt succeeded";
    EXPECT_EQ(follower.taken, shop.core.state().head);
}

}  // namespace
}  // namespace dropsmith::engine::follower_test
