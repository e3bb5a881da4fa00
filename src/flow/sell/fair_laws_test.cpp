// Each law of fairness rings on a broken state. That they hold after random steps is for laws_test.cpp and
// room_test.cpp.
#include "flow/sell/fair_laws.h"

#include <gtest/gtest.h>

#include "flow/sell/draw.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::fair_laws_test {
namespace {

State listed(auto change) {
    TestShop shop;
    const auto a = shop.sku("A");
    shop.receive(a, 2);
    const auto drop = shop.opened({TestShop::line(a, 2)});
    const auto hold = shop.hold(drop, a, 2, 1);
    for (std::uint64_t s = 2; s <= 4; ++s)
        shop.must(JoinWaitingList{drop, ChannelId{1}, {{a, Quantity{1}, {}}}, s, false});
    shop.must(ReleaseHold{hold});
    shop.run_to(shop.now);
    EXPECT_EQ(offer_law(shop.state).breach, "");
    EXPECT_EQ(offer_law(shop.state).checked, 3u);
    change(shop.state);
    return shop.state;
}

TEST(FairLawsTest, OffersRing) {
    const auto breach = [](auto change) { return offer_law(listed(change)).breach; };
    const auto entry = [](State& s, std::uint64_t id) -> WaitEntry& { return s.waiting_list.table.must(WaitId{id}); };
    EXPECT_NE(breach([&](State& s) { entry(s, 2).hold = entry(s, 1).hold; }), "");
    EXPECT_NE(breach([&](State& s) { s.holds.table.must(entry(s, 1).hold).lines[0].units = Quantity{2}; }), "");
    EXPECT_NE(breach([&](State& s) { s.holds.table.must(entry(s, 1).hold).status = HoldStatus::expired; }), "");
    EXPECT_NE(breach([&](State& s) { entry(s, 1).status = WaitStatus::bought; }), "");
    EXPECT_NE(breach([&](State& s) { entry(s, 3).status = WaitStatus::left; }), "");
    EXPECT_NE(breach([&](State& s) { entry(s, 3).preorder = true; }), "") << "nothing may be ordered ahead here";
    EXPECT_NE(breach([&](State& s) { entry(s, 1).hold = HoldId{99}; }), "");
    EXPECT_NE(breach([&](State& s) { s.drops.drops[0].status = DropStatus::closed; }), "") << "one waits for nothing";
    EXPECT_NE(breach([&](State& s) { entry(s, 3).until = s.at; }), "") << "no timer";
    EXPECT_EQ(breach([&](State& s) {
                  entry(s, 1).status = WaitStatus::lapsed;
                  s.holds.table.forget(entry(s, 1).hold);
              }),
              "")
        << "a hold that ended long ago is tidied away, and its wish with its offer stands";
}

TEST(FairLawsTest, PassesRing) {
    TestShop shop;
    const auto a = shop.sku("A");
    shop.receive(a, 2);
    const auto drop = shop.opened({TestShop::line(a, 2)});
    shop.must(IssuePasses{{"Friends", {}, shop.now, shop.now + days(1), Quantity{1}, {}}, 1});
    auto wish = TestShop::wish(drop, a, 1);
    wish.pass = PassId{1};
    shop.must(wish);
    EXPECT_EQ(pass_law(shop.state).breach, "");
    auto broken = shop.state;
    broken.passes.table.must(PassId{1}).used = Quantity{2};
    EXPECT_NE(pass_law(broken).breach, "");
    broken = shop.state, broken.passes.table.must(PassId{1}).used = Quantity{0};
    EXPECT_NE(pass_law(broken).breach, "");
    broken = shop.state, broken.passes.live[HoldId{7}] = PassId{1};
    EXPECT_NE(pass_law(broken).breach, "");
}

TEST(FairLawsTest, RoomsRing) {
    State state;
    const std::string seed(64, '1');
    evolve(state.rooms, RoomCommitted{DropId{1}, RoomKind::ballot, seed, commitment_of(seed), {}, {}}, {});
    for (std::uint32_t n = 1; n <= 5; ++n) evolve(state.rooms, RoomEntered{DropId{1}, n, n * 77, n, {}, {}}, {});
    evolve(state.rooms, RoomDrawn{DropId{1}, seed, 5}, {});
    evolve(state.rooms, RoomAdmitted{DropId{1}, 2, {}, false}, {Instant{5'000}, 1, {}});
    evolve(state.rooms, RoomAdmitted{DropId{1}, 5, {}, false}, {Instant{6'000}, 1, {}});
    EXPECT_EQ(room_law(state).breach, "");
    const auto rings = [&](auto change) {
        auto broken = state;
        change(broken.rooms.rooms.at(DropId{1}));
        return !room_law(broken).holds();
    };
    EXPECT_TRUE(rings([](Room& r) { r.seed[0] = '2'; }));
    EXPECT_TRUE(rings([](Room& r) { std::swap(r.ranks[0], r.ranks[1]); }));
    EXPECT_TRUE(rings([](Room& r) { r.entrants[1].ticket = r.entrants[0].ticket; }));
    EXPECT_TRUE(rings([](Room& r) { r.entrants[1].ticket = 99; }));
    EXPECT_TRUE(rings([](Room& r) { r.upto = 6; }));
    EXPECT_TRUE(rings([](Room& r) { r.steps[1].at = Instant{5'500}; }));
    EXPECT_TRUE(rings([](Room& r) { r.steps[1].upto = 2; }));
}

}  // namespace
}  // namespace dropsmith::sell::fair_laws_test
