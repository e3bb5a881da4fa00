// What is taken is empty and has room, whatever was given back; threads that give and take lose and mix nothing.
#include "edge/http/spare_bodies.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace dropsmith::http::spare_bodies_test {
namespace {

TEST(SpareBodies, AreEmptyAndHaveRoom) {
    std::vector<std::string> used;
    for (const std::size_t room : {std::size_t{0}, std::size_t{10}, spare_room, spare_room + 100, std::size_t{100'000}})
        used.emplace_back("what was said before").reserve(room);
    give_back_bodies(used);
    EXPECT_TRUE(used.empty());
    for (int i = 0; i < 10; ++i) {
        const auto body = spare_body();
        EXPECT_TRUE(body.empty());
        EXPECT_GE(body.capacity(), spare_room);
        EXPECT_LT(body.capacity(), 100'000u);
    }
}

TEST(SpareBodies, GoRoundBetweenThreads) {
    std::atomic<int> wrong{0};
    const auto work = [&](char letter) {
        std::vector<std::string> used;
        for (int i = 0; i < 20'000; ++i) {
            auto body = spare_body();
            if (!body.empty()) ++wrong;
            body.assign(300, letter);
            if (body.find_first_not_of(letter) != std::string::npos) ++wrong;
            used.push_back(std::move(body));
            if (i % 17 == 0) give_back_bodies(used);
        }
    };
    std::thread other(work, 'b');
    work('a');
    other.join();
    EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace dropsmith::http::spare_bodies_test
