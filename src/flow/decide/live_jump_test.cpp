// A live drop whose market doubles in mid-window: its prices follow within three decisions, through questions, gate and
// facts; a drop whose market stays does not move for it.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "base/sized_testing.h"
#include "flow/decide/propose.h"
#include "flow/decide/sample.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::live_jump_test {
namespace {

constexpr int jump_at = 24, decisions_after = 3;

// Units an hour at 24, 30 and 36: an elasticity of 2.2. 340 units for 72 hours are 4.7 an hour: 30 in this market, or a
// little dearer; all at 36 in one twice as large.
constexpr std::array<double, 3> rates{7.3, 4.5, 3.0};

struct Seen24 {
    double before = 0, after = 0;  // chance of the highest band when the jump begins, and three decisions later
};

Seen24 play(double jump, std::uint64_t run) {
    SampleShop shop;
    Random random(run);
    auto terms = shop.terms();
    terms.lines[0].cap = Quantity{340};
    shop.state.stock.rows[{shop.cup, shop.here}].free = Quantity{340};
    terms.lines[0].bands = {Money{2400}, Money{3000}, Money{3600}};
    const auto key = shop.open(terms);
    Seen24 out;
    for (int hour = 0; hour < jump_at + decisions_after; ++hour) {
        const double mean = rates[shop.price(key).arm.value_or(2)] * (hour < jump_at ? 1 : jump);
        shop.sell(key, Quantity{draw_poisson(random, mean)}, minutes(30));
        shop.now = shop.now + hours(1);
        EXPECT_TRUE(shop.ask(ReviewDue{key}).ok());
        const auto question = question_of(shop.state, key, shop.state.head, run * 1000 + static_cast<unsigned>(hour));
        if (!question) return out;
        const auto proposal = propose(*question);
        EXPECT_TRUE(shop.ask(proposal).ok());
        (hour < jump_at ? out.before : out.after) = static_cast<double>(proposal.inputs.arms[2].propensity.n) / 1e6;
    }
    return out;
}

TEST(LiveJump, IsFollowedWithinThreeDecisions) {
    const std::uint64_t runs = sized(60U, 10U);
    double before = 0, doubled = 0, stayed = 0;
    for (std::uint64_t run = 0; run < runs; ++run) {
        const auto jumped = play(2, run), still = play(1, run);
        EXPECT_EQ(jumped.before, still.before);
        before += jumped.before, doubled += jumped.after, stayed += still.after;
    }
    before /= static_cast<double>(runs), doubled /= static_cast<double>(runs), stayed /= static_cast<double>(runs);
    if (std::getenv("DROPSMITH_SHOW"))
        std::printf("highest band: before %.2f, after a jump %.2f, without %.2f\n", before, doubled, stayed);
    EXPECT_LT(before, sized(0.55, 0.65));
    EXPECT_GT(doubled, sized(0.62, 0.5));
    EXPECT_LT(stayed, sized(0.55, 0.65));
}

}  // namespace
}  // namespace dropsmith::decide::live_jump_test
