// Timers follow facts: armed, moved and disarmed; prices' timers by line and channel.
#include "flow/sell/timers.h"

#include <gtest/gtest.h>

namespace dropsmith::sell::timers_test {
namespace {

const LineKey key{DropId{3}, 1, ChannelId{2}};

PriceSet price(DecisionKind kind, std::int64_t review, std::optional<Instant> until = {}) {
    PriceSet out;
    out.key = key, out.kind = kind, out.next_review = Instant{review}, out.until = until;
    return out;
}

std::vector<std::pair<TimerKind, std::int64_t>> armed(const Timers& timers) {
    std::vector<std::pair<TimerKind, std::int64_t>> out;
    for (const auto& timer : timers.due) out.emplace_back(timer.kind, timer.due.ms);
    return out;
}
using Armed = std::vector<std::pair<TimerKind, std::int64_t>>;

TEST(TimersTest, OfADrop) {
    Timers timers;
    evolve(timers, DropScheduled{DropId{3}, Instant{1000}, Instant{9000}, Duration{200}}, {});
    EXPECT_EQ(armed(timers),
              (Armed{{TimerKind::release_reserve, 800}, {TimerKind::open_drop, 1000}, {TimerKind::close_drop, 9000}}));
    evolve(timers, PreorderReserveReleased{DropId{3}, {}}, {});
    DropEdited edited;
    edited.drop = DropId{3}, edited.terms.opens_at = Instant{2000}, edited.terms.closes_at = Instant{9500};
    evolve(timers, edited, {});
    EXPECT_EQ(armed(timers),
              (Armed{{TimerKind::open_drop, 2000}, {TimerKind::close_drop, 9500}}));  // released stays released
    evolve(timers, DropOpened{DropId{3}, Instant{9500}}, {});
    evolve(timers, price(DecisionKind::bandit, 3000), {});
    EXPECT_EQ(armed(timers), (Armed{{TimerKind::review, 3000}, {TimerKind::close_drop, 9500}}));
    evolve(timers, DropClosed{DropId{3}, "", Instant{9700}}, {});
    EXPECT_EQ(armed(timers), (Armed{{TimerKind::settle_drop, 9700}}));
    evolve(timers, DropSettled{DropId{3}}, {});
    const Armed tidying{{TimerKind::tidy, hold_kept_for.n}};
    EXPECT_EQ(armed(timers), tidying) << "what is over is tidied away a week later";
    evolve(timers, edited, {});  // a draft's edit arms nothing
    EXPECT_EQ(armed(timers), tidying);
}

TEST(TimersTest, OfTidying) {
    Timers timers;
    const auto at = [](Duration after) { return Stamp{Instant{} + after, 1, {}}; };
    evolve(timers, DropSettled{DropId{3}}, at(days(1)));
    evolve(timers, DropSettled{DropId{4}}, at(days(2)));
    evolve(timers, OrderMoved{OrderId{1}, {}, {}, {}}, at(days(3)));
    EXPECT_EQ(armed(timers), (Armed{{TimerKind::tidy, days(8).n}})) << "one for the whole shop, and it does not wait";
    ShopTidied tidied;
    tidied.next = Instant{} + days(9);
    evolve(timers, tidied, at(days(8)));
    EXPECT_EQ(armed(timers), (Armed{{TimerKind::tidy, days(9).n}}));
    tidied.next = {};
    evolve(timers, tidied, at(days(9)));
    EXPECT_TRUE(timers.due.empty());
    EXPECT_TRUE(timers.armed.empty());
}

TEST(TimersTest, OfPrices) {
    Timers timers;
    evolve(timers, price(DecisionKind::opening, 100), {});
    evolve(timers, PriceReviewed{key, Instant{200}}, {});
    EXPECT_EQ(armed(timers), (Armed{{TimerKind::review, 200}}));
    evolve(timers, price(DecisionKind::override_, 300, Instant{900}), {});
    EXPECT_EQ(armed(timers), (Armed{{TimerKind::review, 300}, {TimerKind::override_end, 900}}));
    evolve(timers, price(DecisionKind::override_ended, 400), {});
    EXPECT_EQ(armed(timers), (Armed{{TimerKind::review, 400}}));
    evolve(timers, price(DecisionKind::override_, 500, Instant{900}), {});
    evolve(timers, PricesKilled{DropId{4}, ""}, {});
    EXPECT_EQ(timers.due.size(), 2u);  // another drop's
    evolve(timers, PricesKilled{DropId{3}, ""}, {});
    EXPECT_TRUE(timers.due.empty());
    evolve(timers, price(DecisionKind::fixed, 0), {});
    EXPECT_TRUE(timers.due.empty());
}

TEST(TimersTest, OfHolds) {
    Timers timers;
    UnitsHeld held;
    held.hold = HoldId{1}, held.expires_at = Instant{50};
    evolve(timers, held, {});
    held.hold = HoldId{2};
    evolve(timers, held, {});
    EXPECT_EQ(timers.due.size(), 2u);
    HoldEnded ended;
    ended.hold = HoldId{1}, ended.expires_at = Instant{50};
    evolve(timers, ended, {});
    OrderPlaced placed;
    placed.hold = HoldId{2}, placed.hold_expires_at = Instant{50};
    evolve(timers, placed, {});
    EXPECT_TRUE(timers.due.empty());
}

}  // namespace
}  // namespace dropsmith::sell::timers_test
