// A market that jumps is followed within three decisions; one that does not is left alone.
#include "flow/decide/engine_line.h"

#include <gtest/gtest.h>

#include "base/sized_testing.h"
#include "flow/decide/sample.h"

namespace dropsmith::decide::engine_line_test {
namespace {

EngineLine line(bool follows) {
    DemandPrior prior;
    prior.model = DemandModel::counts, prior.arms = 3, prior.expected = 4;
    return {Prepared::of(prior, std::vector<double>{24, 30, 36}), follows};
}

TEST(EngineLine, FollowsAJumpWithinThreeDecisions) {
    const double rates[] = {16, 12, 8};
    for (const double jump : {2.0, 0.5}) {
        double watched = 0, blind = 0;
        const int runs = sized(60, 8);
        for (std::uint64_t run = 0; run < runs; ++run) {
            Random random(run);
            auto with = line(true), without = line(false);
            for (std::size_t t = 0; t < 27; ++t) {
                const std::size_t arm = t % 3;
                const double mean = rates[arm] * (t < 24 ? 1 : jump);
                const auto sales = static_cast<double>(draw_poisson(random, mean));
                with.saw(arm, {1}, sales), without.saw(arm, {1}, sales);
            }
            watched += with.expected(0, {1}) / 16, blind += without.expected(0, {1}) / 16;
        }
        watched /= runs, blind /= runs;  // the level believed three decisions after the jump; it is `jump`
        if (jump > 1) {
            EXPECT_GT(watched, sized(1.75, 1.5));
            EXPECT_LT(blind, sized(1.35, 1.45));
        } else {
            EXPECT_LT(watched, sized(0.78, 0.85));  // half as many sales are weaker evidence than twice as many
            EXPECT_GT(blind, sized(0.85, 0.8));
        }
    }
}

TEST(EngineLine, OrdinaryMarketsRingNoAlarm) {
    const double rates[] = {16, 12, 8};
    int rung = 0, periods = 0;
    for (std::uint64_t run = 0; run < sized(40U, 10U); ++run) {
        Random random(run);
        auto with = line(true);
        for (std::size_t t = 0; t < 48; ++t, ++periods) {
            with.saw(t % 3, {1}, static_cast<double>(draw_poisson(random, rates[t % 3])));
            rung += with.jumped() > 0.5;
        }
    }
    EXPECT_LT(rung, periods / 100);
}

}  // namespace
}  // namespace dropsmith::decide::engine_line_test
