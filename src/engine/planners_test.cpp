// Planners: the same results in the same order with any number of threads; a full queue drops.
#include "engine/planners.h"

#include <gtest/gtest.h>

#include <atomic>

#include "base/random.h"
#include "model/price.h"

namespace dropsmith::engine::planners_test {
namespace {

std::vector<std::uint64_t> results(unsigned threads) {
    std::vector<std::uint64_t> out;
    Planners planners(threads, [&](Command command) { out.push_back(command.as<ProposePrice>()->inputs.seed); });
    for (std::uint64_t job = 0; job < 200; ++job) {
        planners.offer([job]() -> std::optional<Command> {
            Random random(1, job);
            std::uint64_t sum = 0;
            for (auto left = random.below(2'000); left > 0; --left) sum ^= random.next();
            if (job % 7 == 0) return std::nullopt;  // nothing to propose
            ProposePrice propose;
            propose.inputs.seed = sum + job;
            return propose;
        });
    }
    planners.drain();
    EXPECT_EQ(planners.figures().dropped, 0u);
    return out;
}

TEST(Planners, SameResultsInJobOrderWithAnyNumberOfThreads) {
    const auto alone = results(0);
    EXPECT_EQ(alone.size(), 200u - 29u);
    EXPECT_EQ(results(1), alone);
    EXPECT_EQ(results(4), alone);
}

TEST(Planners, AFullQueueDropsAndTheLastPriceStands) {
    std::uint64_t submitted = 0, taken = 0;
    Planners planners(0, [&](Command) { ++submitted; }, 400);
    for (int job = 0; job < 1'000; ++job)
        taken += planners.offer([] { return std::optional<Command>(ProposePrice{}); }, job < 500 ? 100 : 0);
    EXPECT_EQ(taken, 400u) << "300 while a hundred places were kept, and these after it";
    EXPECT_EQ(planners.figures().waiting, 400u);
    planners.drain();
    EXPECT_EQ(submitted, 400u);
    EXPECT_EQ(planners.figures().dropped, 600u);
    EXPECT_EQ(planners.figures().submitted, 400u);
    EXPECT_EQ(planners.figures().waiting, 0u);
}

TEST(Planners, AreOfferedNothingOnceStopped) {
    int submitted = 0;
    Planners planners(1, [&](Command) { ++submitted; });
    planners.stop();
    EXPECT_FALSE(planners.offer([] { return std::optional<Command>(ProposePrice{}); }));
    EXPECT_EQ(submitted, 0);
}

TEST(Planners, ASubmitMayOfferTheNextJob) {
    std::atomic<int> submitted{0};
    Planners* self = nullptr;
    Planners planners(2, [&](Command) {
        if (++submitted < 10) self->offer([] { return std::optional<Command>(ProposePrice{}); });
    });
    self = &planners;
    planners.offer([] { return std::optional<Command>(ProposePrice{}); });
    planners.drain();
    EXPECT_EQ(submitted.load(), 10);
}

}  // namespace
}  // namespace dropsmith::engine::planners_test
