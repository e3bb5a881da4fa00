// Planners: the same results in the same order with any number of threads; a full queue drops.
#include "engine/planners.h"

#include <gtest/gtest.h>

#include <atomic>

#include "base/random.h"
#include "model/price.h"

namespace dropsmith::engine {
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
    EXPECT_EQ(planners.dropped(), 0u);
    return out;
}

TEST(Planners, SameResultsInJobOrderWithAnyNumberOfThreads) {
    const auto alone = results(0);
    EXPECT_EQ(alone.size(), 200u - 29u);
    EXPECT_EQ(results(1), alone);
    EXPECT_EQ(results(4), alone);
}

TEST(Planners, AFullQueueDropsAndTheLastPriceStands) {
    int submitted = 0;
    Planners planners(0, [&](Command) { ++submitted; });
    for (int job = 0; job < 1'000; ++job) planners.offer([] { return std::optional<Command>(ProposePrice{}); });
    planners.drain();
    EXPECT_GT(planners.dropped(), 0u);
    EXPECT_EQ(static_cast<std::uint64_t>(submitted) + planners.dropped(), 1'000u);
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
}  // namespace dropsmith::engine
