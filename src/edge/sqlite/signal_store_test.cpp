// Raw events: each once, folded by what they count for, with a digest over the raw rows; also after a restart and
// after forgetting.
#include "edge/sqlite/signal_store.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <map>
#include <set>

#include "base/limits.h"
#include "flow/signals/fold.h"
#include "model/state.h"

namespace dropsmith::sqlite::signal_store_test {
namespace {

using engine::SignalEvent;

class SignalStoreTest : public testing::Test {
protected:
    SignalStoreTest() {
        path = (std::filesystem::temp_directory_path() / ("dropsmith-signals-" + std::to_string(::getpid()))).string();
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
        open();
    }
    ~SignalStoreTest() override { std::filesystem::remove_all(path); }
    void open() {
        store.reset();
        auto opened = SignalStore::open(path);
        ASSERT_TRUE(opened.ok()) << opened.error().what;
        store = std::move(opened).value();
    }
    static SignalEvent event(int id, std::int64_t minute = 5, Signal kind = Signal::page_viewed) {
        return {
            "page", std::to_string(id), Instant{1'000 + id}, {minute, DropId{1}, SkuId{2}, {}, ChannelId{1}, kind}, 1,
            "{}"};
    }
    std::string path;
    std::unique_ptr<SignalStore> store;
};

TEST_F(SignalStoreTest, AnEventIsTakenOnce) {
    const std::vector<SignalEvent> events{event(1), event(2), event(1)};
    EXPECT_EQ(store->append(events)->accepted, 2u);
    open();
    const auto again = store->append(events);
    EXPECT_EQ(again->accepted, 0u);
    EXPECT_EQ(again->duplicates, 3u);
    auto other = event(1);
    other.source = "till";
    EXPECT_EQ(store->append(std::vector{other})->accepted, 1u) << "the same id of another source is another event";
}

TEST_F(SignalStoreTest, FoldsCountByKeyAndTakeARangeOnce) {
    EXPECT_FALSE(store->next_fold(0)->has_value());
    ASSERT_TRUE(store->append(std::vector{event(1), event(2), event(3, 6), event(4, 5, Signal::cart_added)}).ok());
    const auto fold = *store->next_fold(0);
    ASSERT_TRUE(fold);
    EXPECT_EQ(fold->first, 1u);
    EXPECT_EQ(fold->last, 4u);
    ASSERT_EQ(fold->rows.size(), 3u);
    EXPECT_EQ(fold->rows[0].count, 2);
    EXPECT_EQ(fold->segment_digest.size(), 64u);
    EXPECT_EQ((*store->next_fold(0))->segment_digest, fold->segment_digest);
    EXPECT_NE((*store->next_fold(1))->segment_digest, fold->segment_digest);
    EXPECT_FALSE(store->next_fold(fold->last)->has_value());
}

TEST_F(SignalStoreTest, AFoldFitsOneFact) {
    std::vector<SignalEvent> events;
    for (int i = 0; i < 1'500; ++i) events.push_back(event(i, i));
    ASSERT_TRUE(store->append(events).ok());
    const auto first = *store->next_fold(0);
    EXPECT_EQ(first->rows.size(), limits::import_slice_rows);
    const auto second = *store->next_fold(first->last);
    EXPECT_EQ(second->first, first->last + 1);
    EXPECT_EQ(second->rows.size(), 500u);
}

// Three devices send events out of order, late, twice and over restarts, while folds are taken, lost and taken again:
// what the shop counts is what a naive count of the events says, each by source and id once.
TEST_F(SignalStoreTest, FoldsEqualANaiveCountWhateverTheOrder) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Random chance{seed};
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
        open();
        State state;
        Random rules{1};
        std::map<DemandKey, std::int64_t> naive;
        std::set<std::pair<std::string, std::string>> known;
        std::vector<SignalEvent> sent;
        const auto fold = [&] {
            for (bool lost = chance.below(3) == 0;; lost = false) {
                const auto next = *store->next_fold(state.demand.folded_to);
                if (!next) return;
                const auto verdict = signals::handle(state, *next, Moment{Instant{0}, {}, rules, {}});
                ASSERT_TRUE(verdict.ok()) << verdict.error().detail;
                if (lost) continue;  // the batch was not stored: the same rows are folded again
                for (const auto& fact : *verdict) signals::evolve(state.demand, *fact.as<DemandFolded>(), Stamp{});
            }
        };
        for (int batch = 0; batch < 60; ++batch) {
            std::vector<SignalEvent> events;
            for (auto n = 1 + chance.below(20); n > 0; --n) {
                if (!sent.empty() && chance.below(3) == 0) {
                    events.push_back(sent[chance.below(sent.size())]);  // once more
                    continue;
                }
                auto one = event(static_cast<int>(chance.below(400)));
                one.source = "device-" + std::to_string(chance.below(3));
                // what an id says stands: a device that sends it again sends the same
                one.key.minute = static_cast<std::int64_t>(std::hash<std::string>{}(one.source + one.id) % 40);
                one.count = 1 + one.key.minute % 3;
                events.push_back(one);
            }
            ASSERT_TRUE(store->append(events).ok());
            for (const auto& one : events) {
                sent.push_back(one);
                if (known.insert({one.source, one.id}).second) naive[one.key] += one.count;
            }
            if (chance.below(5) == 0) fold();
            if (chance.below(10) == 0) {
                ASSERT_TRUE(store->forget(state.demand.folded_to, Instant{0}).ok());
            }
            if (chance.below(10) == 0) open();
        }
        fold();
        EXPECT_EQ(state.demand.minutes, naive) << "seed " << seed;
    }
}

TEST_F(SignalStoreTest, RowsKeepTheirNumbersAfterForgetting) {
    ASSERT_TRUE(store->append(std::vector{event(1), event(2), event(3)}).ok());
    EXPECT_EQ(*store->forget(2, Instant{1'000'000}), 2u) << "only what is folded";
    EXPECT_EQ(*store->forget(3, Instant{1'000}), 0u) << "only what is old";
    EXPECT_EQ(*store->forget(3, Instant{1'000'000}), 1u);
    ASSERT_TRUE(store->append(std::vector{event(9)}).ok());
    EXPECT_EQ((*store->next_fold(3))->first, 4u);
}

}  // namespace
}  // namespace dropsmith::sqlite::signal_store_test
