// The tables of the vocabulary: every code is found, and each row is about itself.
#include "engine/dispatch.h"

#include <gtest/gtest.h>

#include <set>

namespace dropsmith::engine::dispatch_test {
namespace {

TEST(Dispatch, EveryFactIsFoundByItsCode) {
    std::set<std::string_view> names;
    for (const auto& info : all_facts()) {
        EXPECT_EQ(fact_info(info.code), &info);
        EXPECT_EQ(info.type->kind, Kind::record);
        EXPECT_EQ(info.type->name, info.name);
        EXPECT_GE(info.version, 1);
        names.insert(info.name);
    }
    EXPECT_EQ(names.size(), all_facts().size());
    EXPECT_EQ(fact_info(UnitsHeld::code.n)->name, "UnitsHeld");
}

TEST(Dispatch, EveryCommandIsFoundByItsCode) {
    std::set<std::string_view> names;
    for (const auto& info : all_commands()) {
        EXPECT_EQ(command_info(info.code), &info);
        names.insert(info.name);
    }
    EXPECT_EQ(names.size(), all_commands().size());
    EXPECT_EQ(command_info(PlaceHold::code.n)->name, "PlaceHold");
}

TEST(Dispatch, CodesOutsideTheVocabularyAreNotFound) {
    for (const std::uint16_t code : std::initializer_list<std::uint16_t>{0, 99, 999, 1'000, 65'535}) {
        EXPECT_EQ(fact_info(code), nullptr) << code;
        EXPECT_EQ(command_info(code), nullptr) << code;
    }
}

TEST(Dispatch, AFactReachesEverySliceThatTakesIt) {
    State state;
    evolve_all(state, ShopOpened{"A", "GBP", "Europe/London", true, true, 60, 9}, Stamp{});
    evolve_all(state, PlaceSet{{PlaceId{1}, 1, "Hub", PlaceKind::hub, "UTC", {}}}, Stamp{});
    evolve_all(state, StockReceived{ReceiptId{1}, PlaceId{1}, {{SkuId{1}, Quantity{5}, {}}}, ""}, Stamp{});
    EXPECT_EQ(state.shop.currency, "GBP");
    EXPECT_EQ(state.places.places.at(0).name, "Hub");
    EXPECT_EQ(state.stock.rows.at({SkuId{1}, PlaceId{1}}).free, Quantity{5});
    UnitsHeld held;
    held.hold = HoldId{1};
    held.lines = {{0, SkuId{1}, PlaceId{1}, Quantity{2}, Money{10}, {}}};
    held.expires_at = Instant{100};
    state.drops.drops.push_back({});
    state.drops.drops.back().lines.resize(1);
    state.drops.drops.back().lines[0].places.push_back({PlaceId{1}, Quantity{5}, {}, {}});
    held.drop = DropId{1};
    evolve_all(state, held, Stamp{});
    EXPECT_EQ(state.stock.rows.at({SkuId{1}, PlaceId{1}}).held, Quantity{2});
    EXPECT_EQ(state.drops.drops[0].lines[0].held, Quantity{2});
    EXPECT_EQ(state.holds.table.size(), 1u);
    EXPECT_EQ(state.timers.due.size(), 1u);
}

struct Unheard {
    static constexpr CommandCode code{998};
};

TEST(DispatchDeathTest, ACommandOutsideTheVocabularyEndsTheProcess) {
    State state;
    Random random(1);
    EXPECT_DEATH((void)dispatch(state, Command(Unheard{}), Moment{{}, {}, random, {}}), "outside the vocabulary");
}

TEST(Dispatch, ScratchObjectsAreReusedAndBelongToOneKind) {
    FactScratch scratch;
    const auto& held = *fact_info(UnitsHeld::code.n);
    auto* first = scratch.object(held);
    static_cast<UnitsHeld*>(first)->lines.resize(3);
    EXPECT_EQ(scratch.object(held), first);
    EXPECT_NE(scratch.object(*fact_info(OrderPlaced::code.n)), first);
}

}  // namespace
}  // namespace dropsmith::engine::dispatch_test
