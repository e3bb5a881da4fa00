// Pieces that go round between threads: never two owners of one, and what a spare object had room for it still has.
#include "base/recycled.h"

#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dropsmith::recycled_test {
namespace {

struct Parcel : Recycled<Parcel> {
    explicit Parcel(std::uint64_t n) : first(n), last(n) {}
    std::uint64_t first, between[6] = {}, last;
};

TEST(Recycled, WhatOneThreadMakesAnotherEnds) {
    std::mutex mutex;
    std::vector<std::unique_ptr<Parcel>> on_the_way;
    std::atomic<std::uint64_t> ended{0}, broken{0};
    constexpr std::uint64_t each = 20'000;
    std::vector<std::thread> threads;
    for (std::uint64_t maker = 0; maker < 2; ++maker)
        threads.emplace_back([&, maker] {
            for (std::uint64_t i = 0; i < each; ++i) {
                auto parcel = std::make_unique<Parcel>(maker * each + i);
                const std::scoped_lock lock(mutex);
                on_the_way.push_back(std::move(parcel));
            }
        });
    for (int ender = 0; ender < 2; ++ender)
        threads.emplace_back([&] {
            while (ended.load() < 2 * each) {
                std::vector<std::unique_ptr<Parcel>> some;
                {
                    const std::scoped_lock lock(mutex);
                    some.swap(on_the_way);
                }
                for (auto& parcel : some) {
                    broken += parcel->first != parcel->last;
                    parcel.reset();
                    ++ended;
                }
            }
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(broken.load(), 0u);
}

TEST(Recycled, OfAnotherSizeIsLeftToTheHeap) {
    struct Larger : Parcel {
        Larger() : Parcel(1) {}
        std::string more = "more than its base";
    };
    const auto larger = std::make_unique<Larger>();
    EXPECT_EQ(larger->more.size(), 18u);
}

TEST(Spare, KeepsItsRoomAndHasOneOwner) {
    struct Text {
        std::string words;
        bool taken = false;
    };
    std::vector<Spare<Text>> some;
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 100; ++i) {
            some.push_back(Spare<Text>::take());
            ASSERT_FALSE(some.back()->taken);
            some.back()->taken = true;
            some.back()->words.assign(1'000, 'x');
        }
        for (auto& one : some) one->taken = false, one->words.clear();
        some.clear();
    }
    EXPECT_TRUE(!recycles || Spare<Text>::take()->words.capacity() >= 1'000u);
}

}  // namespace
}  // namespace dropsmith::recycled_test
