// Each law of prices holds on an honest journal and rings on one that was changed so that it breaks; the changed
// journals are chained anew.
#include "engine/price_laws.h"

#include <gtest/gtest.h>

#include <functional>

#include "engine/shop_testing.h"

namespace dropsmith::engine::price_laws_test {
namespace {

struct Days {
    MemoryJournal journal;
    ShopOnTest shop{journal};
    LineKey key{DropId{1}, 0, ChannelId{1}};

    Days() {
        shop.start();
        shop.must(OpenShop{"Test", "GBP", "Europe/London"});
        shop.must(AddPlace{"Hackney", PlaceKind::store, "Europe/London", {}});
        shop.must(AddProduct{"Vase", "", "", "standard", {{"VASE-S", "", Money{1'000}, false, Money{2'990}, 0, ""}}});
        shop.must(ReceiveStock{PlaceId{1}, {{SkuId{1}, Quantity{90}, Money{1'000}}}, ""});
        auto terms = shop.terms(40);
        terms.closes_at = shop.now + days(50);
        terms.pricing.policy = PricePolicy::bandit, terms.pricing.cadence = hours(12);
        terms.pricing.max_step = Rate{200'000}, terms.pricing.max_step_up = Rate{250'000};
        terms.pricing.min_dwell = hours(6);
        terms.lines[0].bands = {Money{2'400}, Money{3'000}, Money{3'600}};
        shop.must(DraftDrop{terms});
        shop.must(ScheduleDrop{DropId{1}});
        shop.must(SetPriceRules{{}, Rate{100'000}, false, {}});
        shop.pass(minutes(1));
        for (int i = 0; i < 70; ++i) {
            shop.pass(hours(12));
            propose(i % 4 == 1 ? 1 : 2);
        }
        shop.must(OverridePrice{key, Money{2'500}, shop.now + hours(1), "a promise"});
        auto [ask, told] = told_ask(AnswerOverride{OverrideId{1}, true, "seen"});
        ask.who = {ActorKind::staff, GrantId{9}};
        shop.core.run({&ask, 1}, shop.now);
        EXPECT_FALSE(told->refusal.has_value());
        shop.pass(hours(2));
    }
    void propose(std::uint32_t arm) {
        ProposePrice proposal;
        proposal.key = key, proposal.arm = arm;
        proposal.inputs.based_on = shop.core.state().head, proposal.inputs.policy = "t/1";
        for (const auto price : {2'400, 3'000, 3'600}) proposal.inputs.arms.push_back({Money{price}, 0, 0, Rate{}});
        proposal.inputs.arms[arm].propensity = whole;
        shop.must(proposal);
    }
};

const LawResult& law_of(const VerifyReport& report, std::string_view words) {
    for (const auto& law : report.laws)
        if (law.law.find(words) != std::string::npos) return law;
    ADD_FAILURE() << "no law of " << words;
    return report.laws.front();
}

// Changes decisions and chains everything anew; `edit` says whether it has changed this one.
void falsify(MemoryJournal& journal, const std::function<bool(PriceSet&)>& edit) {
    Digest256 previous{};
    bool changed = false;
    for (auto& stored : journal.batches()) {
        auto batch = std::move(decode_batch(stored)).value();
        batch.previous = previous;
        for (auto& entry : batch.entries)
            for (auto& fact : entry.facts)
                if (const auto* set = fact.as<PriceSet>(); set && !changed) {
                    PriceSet copy = *set;
                    changed = edit(copy);
                    fact = Fact(std::move(copy));
                }
        stored = encode_batch(batch);
        previous = chain(previous, stored.bytes);
    }
    ASSERT_TRUE(changed);
}

TEST(PriceLawsOfTheJournal, HoldOnAnHonestOne) {
    Days days;
    const auto report = verify(days.journal);
    for (const auto& law : report.laws) EXPECT_TRUE(law.holds) << law.law << ": " << law.first_breach;
    for (const auto* words : {"trails", "steps", "share", "30 days", "second person"})
        EXPECT_GT(law_of(report, words).checked, 0u) << words;
    bool announced = false;
    for (const auto& stored : days.journal.batches()) {
        const auto batch = std::move(decode_batch(stored)).value();
        for (const auto& entry : batch.entries)
            for (const auto& fact : entry.facts)
                if (const auto* set = fact.as<PriceSet>()) announced = announced || set->prior_price;
    }
    EXPECT_TRUE(announced) << "35 days on sale: a reduction may be announced at the end";
}

TEST(PriceLawsOfTheJournal, EachRings) {
    const auto bandit = [](const PriceSet& set) { return set.kind == DecisionKind::bandit; };
    const std::vector<std::pair<const char*, std::function<bool(PriceSet&)>>> lies = {
        {"trails", [&](PriceSet& set) { return bandit(set) && (set.wanted = Money{2'400}, true); }},
        {"steps",
         [&](PriceSet& set) {
             return bandit(set) && (set.price = set.wanted = Money{2'400}, set.clamps.clear(), true);
         }},
        {"share", [&](PriceSet& set) { return bandit(set) && (set.inputs.arms[0].propensity = Rate{1}, true); }},
        {"30 days", [&](PriceSet& set) { return !set.prior_price && (set.prior_price = Money{3'600}, true); }},
        {"30 days", [&](PriceSet& set) { return set.prior_price && (*set.prior_price += Money{1}, true); }},
        {"second person", [&](PriceSet& set) { return set.approved && (set.approved = OverrideId{5}, true); }},
    };
    for (const auto& [words, lie] : lies) {
        Days days;
        falsify(days.journal, lie);
        const auto report = verify(days.journal);
        EXPECT_TRUE(law_of(report, "chain").holds);
        EXPECT_FALSE(law_of(report, words).holds) << words;
        EXPECT_NE(law_of(report, words).first_breach.find("fact "), std::string::npos);
    }
}

TEST(PriceLawsOfTheJournal, AnUndoingByOnePersonRings) {
    Days days;
    days.shop.must(SetPriceRules{{}, {}, false, {}, {}, true});
    days.shop.must(KillPrices{DropId{1}, "the feed is wrong"});
    days.shop.must(UndoKill{DropId{1}, "it is right again"});
    auto [ask, told] = told_ask(AnswerUndo{DropId{1}, true, "seen"});
    ask.who = {ActorKind::staff, GrantId{9}};
    days.shop.core.run({&ask, 1}, days.shop.now);
    ASSERT_FALSE(told->refusal.has_value());
    const auto honest = law_of(verify(days.journal), "second person");
    EXPECT_TRUE(honest.holds) << honest.first_breach;
    const auto breaks = [&](auto lie) {
        MemoryJournal changed = days.journal;
        Digest256 previous{};
        for (auto& stored : changed.batches()) {
            auto batch = std::move(decode_batch(stored)).value();
            batch.previous = previous;
            for (auto& entry : batch.entries)
                for (auto& fact : entry.facts) lie(entry, fact);
            stored = encode_batch(batch);
            previous = chain(previous, stored.bytes);
        }
        return !law_of(verify(changed), "second person").holds;
    };
    EXPECT_FALSE(breaks([](Entry&, Fact&) {}));
    EXPECT_TRUE(breaks([](Entry& entry, Fact& fact) {
        if (fact.as<KillUndone>()) entry.who = {ActorKind::shop, {}};  // who had asked for it
    }));
    EXPECT_TRUE(breaks([](Entry&, Fact& fact) {  // nobody was asked
        if (const auto* undone = fact.as<KillUndone>()) {
            KillUndone copy = *undone;
            copy.approved = false;
            fact = Fact(std::move(copy));
        }
    }));
    EXPECT_TRUE(breaks([](Entry&, Fact& fact) {  // the asking was of another drop
        if (const auto* asked = fact.as<KillUndoAsked>()) {
            KillUndoAsked copy = *asked;
            copy.drop = DropId{7};
            fact = Fact(std::move(copy));
        }
    }));
}

}  // namespace
}  // namespace dropsmith::engine::price_laws_test
