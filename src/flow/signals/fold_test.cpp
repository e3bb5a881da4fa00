// Folds of raw rows to demand: what is refused, and, against a naive count, that late minutes, any order of keys, folds
// asked twice and folds that overlap change nothing but what they should.
#include "flow/signals/fold.h"

#include <gtest/gtest.h>

#include <map>

#include "base/limits.h"

namespace dropsmith::signals::fold_test {
namespace {

DemandKey key(std::int64_t minute, std::uint64_t sku = 1, Signal kind = Signal::page_viewed) {
    return {minute, DropId{1}, SkuId{sku}, PlaceId{}, ChannelId{1}, kind};
}

class Folding : public ::testing::Test {
  protected:
    Verdict ask(const FoldDemand& fold) { return handle(state, fold, Moment{Instant{0}, {}, random, {}}); }
    void happen(const Verdict& verdict) {
        ASSERT_TRUE(verdict.ok()) << verdict.error().detail;
        for (const auto& fact : *verdict) evolve(state.demand, *fact.as<DemandFolded>(), Stamp{});
    }
    std::string refused(const FoldDemand& fold) {
        const auto verdict = ask(fold);
        return verdict.ok() ? "" : std::string(verdict.error().code.word);
    }
    State state;
    Random random{1};
};

TEST_F(Folding, ARangeCountsOnceAndTheWatermarkMoves) {
    const FoldDemand first{1, 3, "d", {{key(10), 2}, {key(11), 1}}};
    happen(ask(first));
    EXPECT_EQ(state.demand.folded_to, 3u);
    EXPECT_EQ(refused(first), "wrong_state") << "asked twice";
    EXPECT_EQ(refused({3, 5, "d", {{key(10), 1}}}), "wrong_state") << "overlaps";
    happen(ask({7, 9, "d", {{key(10), 5}}}));  // rows that were forgotten leave a gap
    EXPECT_EQ(state.demand.minutes.at(key(10)), 7);
    EXPECT_EQ(state.demand.folded_to, 9u);
    EXPECT_EQ(refused({5, 6, "d", {{key(10), 1}}}), "wrong_state") << "below the watermark";
}

TEST_F(Folding, WhatCannotBeIsRefused) {
    EXPECT_EQ(refused({0, 3, "d", {}}), "bad_value");
    EXPECT_EQ(refused({4, 3, "d", {}}), "bad_value");
    EXPECT_EQ(refused({1, 1, "d", {{key(1), 0}}}), "bad_value");
    EXPECT_EQ(refused({1, 1, "d", {{key(1), -1}}}), "bad_value");
    EXPECT_EQ(refused({1, 2, "d", {{key(1), INT64_MAX}, {key(1), 1}}}), "bad_value");
    EXPECT_EQ(refused({1, 1, "d", std::vector<DemandRow>(limits::import_slice_rows + 1, {key(1), 1})}), "bad_value");
    EXPECT_EQ(state.demand.folded_to, 0u);
}

TEST_F(Folding, TheSameRowsInAnyOrderMakeTheSameFact) {
    auto there = ask({1, 3, "d", {{key(1), 1}, {key(2, 7), 2}, {key(1), 3}}});
    auto back = ask({1, 3, "d", {{key(1), 3}, {key(1), 1}, {key(2, 7), 2}}});
    ASSERT_TRUE(there.ok() && back.ok());
    const auto& one = *(*there)[0].as<DemandFolded>();
    const auto& other = *(*back)[0].as<DemandFolded>();
    ASSERT_EQ(one.rows.size(), 2u);
    ASSERT_EQ(other.rows.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(one.rows[i].key, other.rows[i].key);
        EXPECT_EQ(one.rows[i].count, other.rows[i].count);
    }
}

// Raw rows come with minutes of any age; they are folded in ranges of any length, some of them asked again.
TEST_F(Folding, EqualsANaiveCount) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        state = State{};
        Random chance{seed};
        std::map<DemandKey, std::int64_t> naive;
        std::vector<DemandRow> raw;
        for (int i = 0; i < 500; ++i)
            raw.push_back({key(static_cast<std::int64_t>(chance.below(20)), 1 + chance.below(3),
                               static_cast<Signal>(chance.below(4))),
                           1 + static_cast<std::int64_t>(chance.below(5))});
        for (const auto& row : raw) naive[row.key] += row.count;
        for (std::size_t at = 0; at < raw.size();) {
            const auto n = std::min<std::size_t>(1 + chance.below(60), raw.size() - at);
            FoldDemand fold{at + 1, at + n, "d", {}};
            for (std::size_t i = at; i < at + n; ++i) fold.rows.push_back(raw[i]);
            const auto verdict = ask(fold);
            if (chance.below(4) == 0) continue;  // its batch was lost: the watermark stands, the range is asked again
            happen(verdict);
            if (chance.below(4) == 0) { EXPECT_EQ(refused(fold), "wrong_state"); }
            at += n;
        }
        EXPECT_EQ(state.demand.minutes, naive) << "seed " << seed;
        EXPECT_EQ(state.demand.folded_to, raw.size());
    }
}

// A shop with a place, a stall in it, the web, and two drops: one open in both channels, one drafted for the web.
class Heard : public Folding {
  protected:
    Heard() {
        state.places.places = {{PlaceId{1}, 1, "Stall", PlaceKind::popup, "UTC", {}}};
        state.places.channels = {{ChannelId{1}, 1, "web", ChannelMode::own, true, {}},
                                 {ChannelId{2}, 1, "stall", ChannelMode::own, true, PlaceId{1}}};
        for (const auto status : {DropStatus::open, DropStatus::draft}) {
            Drop drop;
            drop.id = DropId{state.drops.drops.size() + 1}, drop.status = status;
            drop.terms.opens_at = Instant{}, drop.terms.closes_at = Instant{} + hours(72);
            drop.terms.channels = {ChannelId{1}};
            if (status == DropStatus::open) drop.terms.channels.push_back(ChannelId{2});
            drop.lines.emplace_back();
            drop.lines[0].terms.sku = SkuId{drop.id.n};
            state.drops.drops.push_back(std::move(drop));
        }
    }
    DemandFolded fold(const DemandKey& of) {
        auto verdict = ask({1, 1, "d", {{of, 5}}});
        EXPECT_TRUE(verdict.ok());
        return *(*verdict)[0].as<DemandFolded>();
    }
};

TEST_F(Heard, FootfallIsOfTheOpenDropsThatSellAtThePlace) {
    const auto at_place = fold({60, {}, {}, PlaceId{1}, {}, Signal::footfall_counted});
    EXPECT_EQ(at_place.hearing, (std::vector<Hearing>{{PlaceId{1}, DropId{1}, ChannelId{2}}}));
    const auto by_name = fold({60, {}, {}, {}, ChannelId{1}, Signal::footfall_counted});
    EXPECT_EQ(by_name.hearing, (std::vector<Hearing>{{PlaceId{}, DropId{1}, ChannelId{1}}}));
    EXPECT_TRUE(fold({60, DropId{2}, {}, PlaceId{1}, {}, Signal::footfall_counted}).hearing.empty()) << "not open";
    EXPECT_TRUE(fold({60, {}, {}, PlaceId{1}, {}, Signal::shelf_counted}).hearing.empty());
    EXPECT_TRUE(fold({60, {}, {}, {}, {}, Signal::footfall_counted}).hearing.empty()) << "of nowhere";
}

TEST_F(Heard, AnAnnouncementReachesTheChannelsThatItCanSendVisitorsTo) {
    const Instant at{60 * 60'000};
    const auto online = fold({60, DropId{1}, {}, {}, {}, Signal::creator_announced});
    EXPECT_EQ(online.announced, (std::vector<Announcement>{{DropId{1}, ChannelId{1}, SkuId{}, at}}));
    const auto there = fold({60, DropId{1}, {}, PlaceId{1}, {}, Signal::creator_announced});
    EXPECT_EQ(there.announced, (std::vector<Announcement>{{DropId{1}, ChannelId{2}, SkuId{}, at}}));
    const auto of_sku = fold({60, {}, SkuId{2}, {}, {}, Signal::creator_announced});
    EXPECT_EQ(of_sku.announced, (std::vector<Announcement>{{DropId{2}, ChannelId{1}, SkuId{2}, at}})) << "a draft too";
    EXPECT_TRUE(fold({60, {}, {}, {}, ChannelId{1}, Signal::creator_announced}).announced.empty()) << "of what?";
    EXPECT_TRUE(fold({72 * 60, DropId{1}, {}, {}, {}, Signal::creator_announced}).announced.empty()) << "closed then";
    EXPECT_TRUE(fold({-25 * 60, DropId{1}, {}, {}, {}, Signal::creator_announced}).announced.empty()) << "long over";
}

}  // namespace
}  // namespace dropsmith::signals::fold_test
