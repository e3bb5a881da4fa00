// The audit agrees with an honest journal of every kind of decision, and rings on each way to falsify one: the price,
// its trail, the propensities, the inputs, an approval that is not there; journals are chained anew, so the
// chain alone would not tell. A policy that the program no longer has is told as retired, and each of its inputs is
// still held against the journal; one that never was is told as that.
#include "engine/price_audit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "engine/batch.h"
#include "engine/shop_testing.h"
#include "flow/decide/propose.h"

namespace dropsmith::engine::price_audit_test {
namespace {

// Answers reviews as the planner does, without threads.
class Answering final : public Watcher {
  public:
    void stored(const State& state, const Batch& batch) override {
        for (const auto& entry : batch.entries)
            for (const auto& fact : entry.facts)
                if (const auto* reviewed = fact.as<PriceReviewed>())
                    if (auto question = decide::question_of(state, reviewed->key, batch.last(), 77 + batch.last()))
                        proposals.push_back(decide::propose(*question));
    }
    std::vector<ProposePrice> proposals;
};

struct Week {
    MemoryJournal journal;
    ShopOnTest shop{journal};
    Answering answering;

    explicit Week(std::uint64_t channels = 1, bool crowd = false) {
        shop.core.watch(&answering);
        shop.start();
        shop.must(OpenShop{"Test", "GBP", "Europe/London"});
        shop.must(AddPlace{"Hackney", PlaceKind::store, "Europe/London", {}});
        shop.must(AddProduct{"Vase", "", "", "standard", {{"VASE-S", "", Money{1'000}, false, Money{2'990}, 0, ""}}});
        shop.must(ReceiveStock{PlaceId{1}, {{SkuId{1}, Quantity{90}, Money{1'000}}}, ""});
        auto terms = shop.terms(40);
        terms.pricing.policy = PricePolicy::bandit;
        for (std::uint64_t c = 2; c <= channels; ++c) {
            shop.must(AddChannel{"fair", ChannelMode::own, {}, {}});
            terms.channels.push_back(ChannelId{c});
        }
        terms.lines[0].bands = {Money{2'400}, Money{2'990}, Money{3'600}};
        shop.must(DraftDrop{terms});
        shop.must(ScheduleDrop{DropId{1}});
        auto taper = shop.terms(40);
        taper.slug = "taper", taper.pricing.mode = PriceMode::taper;
        taper.lines[0].bands = terms.lines[0].bands;
        shop.must(DraftDrop{taper});
        shop.must(ScheduleDrop{DropId{2}});
        shop.must(SetPriceRules{{}, Rate{100'000}, false, {}});
        shop.pass(minutes(1));
        for (int hour = 0; hour < 20; ++hour) {
            if (hour % 3 == 0) shop.tell(hold_of(1));
            for (std::uint64_t c = 2; c <= channels; ++c) {
                auto hold = hold_of(1);
                hold.channel = ChannelId{c};
                ConfirmHold confirm;
                confirm.hold = shop.tell(hold).hold;
                shop.tell(confirm, {}, PersonData{"fair@example.org", "", ""});  // it stays sold
            }
            if (crowd) hear(static_cast<std::uint64_t>(hour));
            shop.pass(hours(1));
            answer();
        }
        const LineKey key{DropId{1}, 0, ChannelId{1}};
        shop.must(OverridePrice{key, Money{2'500}, shop.now + hours(1), "a promise"});
        approve();
        shop.pass(hours(2));
        answer();
        shop.must(KillPrices{DropId{2}, "enough"});
        shop.pass(minutes(5));
        shop.must(UndoKill{DropId{2}, "the feed is right again"});
        shop.must(SetPriceRules{{}, {}, true, {}, {}, true});
        shop.must(OverridePrice{key, Money{2'600}, shop.now + hours(9), "another promise"});
        shop.pass(minutes(5));
        shop.must(EndOverride{key, "it was kept"});
        shop.must(KillPrices{DropId{1}, "once more"});
        shop.must(UndoKill{DropId{1}, "looked at"});
        auto [ask, told] = told_ask(AnswerUndo{DropId{1}, true, "seen"});
        ask.who = {ActorKind::staff, GrantId{9}};
        shop.core.run({&ask, 1}, shop.now);
        EXPECT_TRUE(told->stored && !told->refusal);
    }
    // A sensor's count of the hour; in the third one it is announced that a creator speaks four hours later.
    void hear(std::uint64_t hour) {
        const auto minute = shop.now.ms / 60'000 + 10;
        std::vector<DemandRow> rows;
        rows.push_back({{minute, {}, {}, {}, ChannelId{1}, Signal::footfall_counted}, hour < 7 ? 20 : 60});
        if (hour == 3) rows.push_back({{minute + 240, DropId{1}, {}, {}, {}, Signal::creator_announced}, 1});
        shop.must(FoldDemand{hour + 1, hour + 1, "d", rows});
    }
    void answer() {
        for (auto& proposal : std::exchange(answering.proposals, {})) shop.must(std::move(proposal));
    }
    void approve() {
        const auto& asked = shop.core.state().prices.asked;
        if (asked.empty()) return;
        auto [ask, told] = told_ask(AnswerOverride{asked.begin()->first, true, "seen"});
        ask.who = {ActorKind::staff, GrantId{9}};
        shop.core.run({&ask, 1}, shop.now);
        EXPECT_TRUE(told->stored);
        EXPECT_FALSE(told->refusal.has_value());
    }
    PriceAudit audit() const {
        auto audited = audit_prices(journal, Instant{}, Instant{4'000'000'000'000});
        EXPECT_TRUE(audited.ok()) << (audited.ok() ? "" : audited.error().what);
        return std::move(audited).value();
    }
};

// Changes the nth decision of a kind and chains everything anew.
template <class Edit>
void falsify(MemoryJournal& journal, DecisionKind kind, int nth, Edit edit) {
    Digest256 previous{};
    for (auto& stored : journal.batches()) {
        auto batch = std::move(decode_batch(stored)).value();
        batch.previous = previous;
        for (auto& entry : batch.entries)
            for (auto& fact : entry.facts) {
                const auto* set = fact.as<PriceSet>();
                if (!set || set->kind != kind || nth-- != 0) continue;
                PriceSet copy = *set;
                edit(copy);
                fact = Fact(std::move(copy));
            }
        stored = encode_batch(batch);
        previous = chain(previous, stored.bytes);
    }
    ASSERT_LT(nth, 0) << "there is no such decision";
}

TEST(PriceAudit, AnHonestWeekIsTakenAgainTheSame) {
    Week week;
    const auto audit = week.audit();
    std::map<DecisionKind, int> kinds;
    for (const auto& row : audit.decisions) {
        ++kinds[row.set.kind];
        EXPECT_EQ(row.verdict, Rederived::same) << word_of(row.set.kind) << " " << row.seq << ": " << row.detail;
    }
    for (const auto kind : {DecisionKind::opening, DecisionKind::bandit, DecisionKind::override_,
                            DecisionKind::override_ended, DecisionKind::kill, DecisionKind::kill_undone,
                            DecisionKind::taper})
        EXPECT_GT(kinds[kind], 0) << word_of(kind) << ": what was not looked at proves nothing";
    EXPECT_EQ(audit.result.differing, 0u);
    EXPECT_EQ(audit.result.rederived, audit.result.decisions);
    EXPECT_EQ(audit.result.head, week.shop.core.state().head);
    EXPECT_EQ(audit.result.head_hash, hex(week.shop.core.head_hash()));
}

TEST(PriceAudit, AFixedPriceThatFollowsItsCostsIsTakenAgain) {
    Week week;
    auto terms = week.shop.terms(10);
    terms.slug = "fixed", terms.lines[0].min_margin = Rate{300'000};
    terms.closes_at = week.shop.now + hours(48), terms.opens_at = week.shop.now + minutes(1);
    week.shop.must(DraftDrop{terms});
    week.shop.must(ScheduleDrop{DropId{3}});
    week.shop.pass(minutes(2));
    ChangeProduct dearer;
    dearer.product = ProductId{1};
    dearer.skus = std::vector<SkuTerms>{{"VASE-S", "", Money{2'500}, false, Money{2'990}, 0, ""}};
    week.shop.must(std::move(dearer));
    week.shop.pass(hours(2));
    const auto& price = week.shop.core.state().prices.lines.at({DropId{3}, 0, ChannelId{1}});
    EXPECT_GT(price.price, Money{2'990});
    EXPECT_EQ(price.kind, DecisionKind::fixed);
    const auto audit = week.audit();
    EXPECT_EQ(audit.result.differing, 0u);
    EXPECT_EQ(audit.result.rederived, audit.result.decisions);
}

TEST(PriceAudit, WhatIsExpectedOfOtherChannelsIsFoundAgain) {
    Week week(2);
    auto audit = week.audit();
    EXPECT_EQ(audit.result.rederived, audit.result.decisions);
    std::uint64_t shared = 0;
    for (const auto& row : audit.decisions)
        shared += row.set.inputs.channels && row.set.inputs.channels->own != row.set.inputs.channels->others;
    EXPECT_GT(shared, 10u) << "no decision of two channels that sell differently";
    falsify(week.journal, DecisionKind::bandit, 3, [](PriceSet& set) { set.inputs.channels->others += 1; });
    audit = week.audit();
    EXPECT_EQ(audit.result.differing, 1u);
}

TEST(PriceAudit, WhatWasHeardOfVisitorsIsFoundAgain) {
    const Week week(1, true);
    const auto audit = week.audit();
    std::uint64_t footfall = 0, announced = 0;
    for (const auto& row : audit.decisions) {
        EXPECT_EQ(row.verdict, Rederived::same) << row.detail;
        if (!row.set.inputs.arrivals) continue;
        footfall = std::max(footfall, row.set.inputs.arrivals->footfall);
        announced += row.set.inputs.arrivals->announced.size();
    }
    EXPECT_GT(footfall, 400u);
    EXPECT_GT(announced, 10u);
    Week other(1, true);
    falsify(other.journal, DecisionKind::bandit, 9, [](PriceSet& set) { set.inputs.arrivals->footfall += 1; });
    EXPECT_EQ(other.audit().result.differing, 1u);
}

TEST(PriceAudit, AFalsifiedDecisionIsFound) {
    const std::vector<std::pair<DecisionKind, std::function<void(PriceSet&)>>> lies = {
        {DecisionKind::bandit,
         [](PriceSet& set) { set.price = set.price == Money{2'400} ? Money{3'600} : Money{2'400}; }},
        {DecisionKind::bandit, [](PriceSet& set) { set.inputs.arms[0].sales += 3; }},
        {DecisionKind::bandit, [](PriceSet& set) { set.propensity = Rate{123'456}; }},
        {DecisionKind::bandit,
         [](PriceSet& set) {
             set.clamps.push_back({Guardrail::dwell, set.price, set.price});
         }},
        {DecisionKind::bandit, [](PriceSet& set) { set.prior_price = Money{9'900}; }},
        {DecisionKind::override_, [](PriceSet& set) { set.approved = OverrideId{7}; }},
        {DecisionKind::override_, [](PriceSet& set) { set.cost = Money{1}; }},
        {DecisionKind::taper, [](PriceSet& set) { set.price = Money{2'400}; }},
        {DecisionKind::kill, [](PriceSet& set) { set.price = Money{2'400}; }},
        {DecisionKind::kill_undone, [](PriceSet& set) { set.price = Money{2'500}; }},
        {DecisionKind::override_ended, [](PriceSet& set) { set.price = Money{2'500}; }},
        {DecisionKind::opening, [](PriceSet& set) { set.wanted = Money{1}; }},
    };
    for (std::size_t i = 0; i < lies.size(); ++i) {
        Week week;
        falsify(week.journal, lies[i].first, 0, lies[i].second);
        const auto audit = week.audit();
        EXPECT_GT(audit.result.differing, 0u) << "lie " << i;
        const auto first = std::find_if(audit.decisions.begin(), audit.decisions.end(),
                                        [](const auto& row) { return row.verdict == Rederived::differs; });
        ASSERT_NE(first, audit.decisions.end());
        EXPECT_EQ(first->set.kind, lies[i].first) << "lie " << i;
        EXPECT_NE(first->detail, "");
    }
}

// What a version wrote that knew of no history yet.
void as_by(PriceSet& set, const char* policy, bool history = true, bool elsewhere = true) {
    set.inputs.policy = policy, set.reason = "reviewed by " + std::string(policy);
    if (!history) set.inputs.history.clear(), set.inputs.arrivals.reset();
    if (!elsewhere) set.inputs.level.reset(), set.inputs.channels.reset();
}

TEST(PriceAudit, AVersionThatIsGoneIsRetiredAndItsInputsAreChecked) {
    Week week(2, true);
    falsify(week.journal, DecisionKind::bandit, 4, [](PriceSet& set) { as_by(set, "ts-update/1", false, false); });
    falsify(week.journal, DecisionKind::bandit, 5, [](PriceSet& set) { as_by(set, "engine/2", false, false); });
    falsify(week.journal, DecisionKind::bandit, 6, [](PriceSet& set) { as_by(set, "engine/3", true, false); });
    falsify(week.journal, DecisionKind::bandit, 7, [](PriceSet& set) { as_by(set, "engine/4"); });
    const auto audit = week.audit();
    EXPECT_EQ(audit.result.retired, 4u);
    for (const auto& row : audit.decisions) EXPECT_NE(row.verdict, Rederived::differs) << row.detail;
}

TEST(PriceAudit, NoInputOfARetiredVersionCanBeForged) {
    const std::vector<std::pair<std::string, std::function<void(DecisionInputs&)>>> lies = {
        {"stock_left", [](DecisionInputs& in) { in.stock_left += Quantity{1}; }},
        {"periods_left", [](DecisionInputs& in) { ++in.periods_left; }},
        {"arms/1/looks", [](DecisionInputs& in) { ++in.arms[1].looks; }},
        {"arms/2/sales", [](DecisionInputs& in) { ++in.arms[2].sales; }},
        {"history", [](DecisionInputs& in) { in.history.push_back({Money{2'400}, 1'000, 1}); }},
        {"level", [](DecisionInputs& in) { in.level = LevelInput{9, 9, 1, 9, Rate{1}}; }},
        {"channels", [](DecisionInputs& in) { ++in.channels->own; }},
        {"channels", [](DecisionInputs& in) { in.channels.reset(); }},
        {"arrivals", [](DecisionInputs& in) { ++in.arrivals->footfall; }},
        {"arrivals", [](DecisionInputs& in) { ++in.arrivals->looks; }},
        {"arrivals", [](DecisionInputs& in) { in.arrivals->announced.clear(); }},
        {"arrivals", [](DecisionInputs& in) { in.arrivals.reset(); }},
        {"no review asked", [](DecisionInputs& in) { ++in.based_on; }},
        {"unknown policy", [](DecisionInputs& in) { in.policy = "older/0"; }},
        {"unknown policy", [](DecisionInputs& in) { in.policy = "engine/1"; }},
        {"unknown policy", [](DecisionInputs& in) { in.policy = ""; }},
        {"", [](DecisionInputs& in) { in.seed += 1; }},  // what it made of its seed nobody can tell any more
    };
    Week honest(2, true);
    for (const auto& [field, lie] : lies) {
        MemoryJournal journal;
        journal.batches() = honest.journal.batches();
        // one that is late enough to have heard of the announcement
        falsify(journal, DecisionKind::bandit, 17, [lie = &lie](PriceSet& set) {
            as_by(set, "engine/4");
            (*lie)(set.inputs);
            set.reason = "reviewed by " + set.inputs.policy;
        });
        const auto audit = audit_prices(journal, Instant{}, Instant{4'000'000'000'000});
        ASSERT_TRUE(audit.ok());
        EXPECT_EQ(audit->result.retired, field.empty() ? 1u : 0u) << field;
        const auto first = std::find_if(audit->decisions.begin(), audit->decisions.end(),
                                        [](const auto& row) { return row.verdict == Rederived::differs; });
        ASSERT_EQ(first == audit->decisions.end(), field.empty()) << field;
        if (field.empty()) continue;
        EXPECT_NE(first->detail.find(field), std::string::npos) << field << ": " << first->detail;
        // a level is what later decisions go by: they cannot follow either
        EXPECT_TRUE(audit->result.differing == 1 || field == "level") << field;
    }
}

// An older version cannot have known what was not written down in its day.
TEST(PriceAudit, ARetiredVersionSaysNothingThatItCouldNotKnow) {
    Week week(2, true);
    falsify(week.journal, DecisionKind::bandit, 17, [](PriceSet& set) { as_by(set, "engine/3"); });
    EXPECT_EQ(week.audit().result.differing, 1u);
}

TEST(PriceAudit, EachVersionBeforeTheEnginesIsKnownAsRetired) {
    const std::string now(decide::engine_policy().name());
    EXPECT_FALSE(retired_policy(now)) << "the version that runs is taken again, bit for bit";
    ASSERT_EQ(now.rfind("engine/", 0), 0u);
    for (int n = std::stoi(now.substr(7)) - 1; n >= 2; --n)
        EXPECT_TRUE(retired_policy("engine/" + std::to_string(n))) << "a new version retires the one before it: " << n;
    EXPECT_TRUE(retired_policy("ts-update/1"));
}

TEST(PriceAudit, AskedForAPeriodItStopsThere) {
    Week week;
    const auto until = Instant{1'800'000'000'000} + hours(5);
    const auto audit = audit_prices(week.journal, Instant{1'800'000'000'000} + hours(3), until);
    ASSERT_TRUE(audit.ok());
    EXPECT_GT(audit->result.decisions, 0u);
    EXPECT_LT(audit->result.decisions, 6u);
    EXPECT_LT(audit->result.head, week.shop.core.state().head);
}

TEST(PriceAudit, ASignOffNeedsAWordWhenDecisionsDiffer) {
    Week week;
    AuditResult result = week.audit().result;
    result.differing = 2;
    EXPECT_EQ(week.shop.tell(SignAudit{result, ""}).refusal->code, refusals::audit_differs);
    week.shop.must(SignAudit{result, "both were looked into"});
    ASSERT_EQ(week.shop.core.state().prices.sign_offs.size(), 1u);
    EXPECT_EQ(week.shop.core.state().prices.sign_offs[0].result.head_hash, result.head_hash);
}

}  // namespace
}  // namespace dropsmith::engine::price_audit_test
