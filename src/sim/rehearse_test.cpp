// Rehearsals: deterministic, honest about assumptions, and with the orderings that any market has.
#include "sim/rehearse.h"

#include <gtest/gtest.h>

#include <charconv>

#include "base/sized_testing.h"

namespace dropsmith::sim::rehearse_test {
namespace {

std::string money(int amount) { return R"({"amount": )" + std::to_string(amount) + R"(, "currency": "GBP"})"; }

std::string plan(int cap, int units, std::string_view extra = "") {
    return R"({"slug": "x", "title": "X", "opens_at": "2027-01-14T12:00:00Z",
        "closes_at": "2027-01-17T12:00:00Z", "channels": ["web"],
        "lines": [{"sku": "CUP", "cap": )" +
           std::to_string(cap) + R"(, "bands": [)" + money(2400) + "," + money(3000) + "," + money(3600) + R"(],
        "floor": )" +
           money(2000) + R"(, "list_price": )" + money(3000) + R"(, "unit_cost": )" + money(1200) +
           R"(, "expected_units": )" + std::to_string(units) + std::string(extra) + R"(}],
        "pricing": {"policy": "engine", "objective": "contribution_margin", "cadence_s": 3600, "explore_share": 0.2}})";
}

double after(const std::string& json, std::string_view policy, std::string_view figure) {
    auto at = json.find("\"policy\":\"" + std::string(policy) + "\"");
    if (at == std::string::npos) return -1;
    at = json.find("\"" + std::string(figure) + "\":", at);
    at = json.find_first_of("-0123456789", at + figure.size() + 3);
    double value = -1;
    std::from_chars(json.data() + at, json.data() + json.size(), value);
    return value;
}

TEST(Rehearse, SameSeedSameAnswer) {
    const std::uint64_t runs = sized(60U, 6U);
    const auto a = rehearse(State{}, plan(40, 40), runs, 7), b = rehearse(State{}, plan(40, 40), runs, 7),
               c = rehearse(State{}, plan(40, 40), runs, 8);
    ASSERT_TRUE(a.ok()) << a.error();
    EXPECT_EQ(*a, *b);
    EXPECT_NE(*a, *c);
}

TEST(Rehearse, ThreadsDoNotChangeTheAnswer) {
    RehearseHow two;
    two.threads = 2;
    std::uint64_t told = 0;
    two.progress = [&](std::uint64_t done) { told = done; };
    const std::uint64_t runs = sized(50U, 10U);
    const auto one = rehearse(State{}, plan(40, 40), runs, 7), both = rehearse(State{}, plan(40, 40), runs, 7, two);
    ASSERT_TRUE(one.ok() && both.ok());
    EXPECT_EQ(*one, *both);
    EXPECT_EQ(told, runs);
}

TEST(Rehearse, SaysWhereThePlanIsWeak) {
    const auto early = rehearse(State{}, plan(8, 200), sized(100U, 12U), 1),
               much = rehearse(State{}, plan(400, 40), sized(100U, 12U), 1),
               sound = rehearse(State{}, plan(40, 90), sized(100U, 12U), 1);
    ASSERT_TRUE(early.ok() && much.ok() && sound.ok());
    EXPECT_NE(early->find("in 80 % of rehearsals: raise the cap or the top band"), std::string::npos) << *early;
    EXPECT_NE(much->find("units or more are left: lower the cap"), std::string::npos) << *much;
    EXPECT_EQ(sound->find("are left: lower the cap"), std::string::npos) << *sound;
    auto floored = plan(40, 40);
    floored.replace(floored.find(money(2000)), money(2000).size(), money(2500));
    const auto low = rehearse(State{}, floored, 20, 1);
    ASSERT_TRUE(low.ok()) << low.error();
    EXPECT_NE(low->find("lies below the floor"), std::string::npos) << *low;
}

TEST(Rehearse, ForPeopleItIsATableWithSentences) {
    RehearseHow people;
    people.people = true;
    const auto text = rehearse(State{}, plan(8, 200), 50, 1, people);
    ASSERT_TRUE(text.ok());
    for (const auto* part : {"50 rehearsals (seed 1)", "engine ", "fixed:2", "clairvoyant", "Where the plan is weak",
                             "raise the cap or the top band", "Assumed"})
        EXPECT_NE(text->find(part), std::string::npos) << part << "\n" << *text;
}

TEST(Rehearse, NobodyBeatsTheClairvoyant) {
    for (const auto& [cap, units] : {std::pair{10, 60}, {40, 40}, {60, 20}}) {
        const auto out = rehearse(State{}, plan(cap, units), sized(300U, 8U), 5);
        ASSERT_TRUE(out.ok());
        for (const auto* policy : {"engine", "fixed:0", "fixed:1", "fixed:2", "taper", "ts-update"})
            EXPECT_LE(after(*out, policy, "margin"), after(*out, "clairvoyant", "margin") * sized(1.005, 1.03))
                << policy;
    }
}

TEST(Rehearse, PlainOrderingsHold) {
    const auto loose = rehearse(State{}, plan(400, 40), sized(200U, 10U), 1),
               scarce = rehearse(State{}, plan(10, 100), sized(200U, 10U), 1);
    ASSERT_TRUE(loose.ok() && scarce.ok());
    EXPECT_GT(after(*loose, "fixed:0", "sell_through"),
              after(*loose, "fixed:2", "sell_through"));  // lower prices sell more
    EXPECT_GT(after(*scarce, "fixed:2", "margin"),
              after(*scarce, "fixed:0", "margin"));                                      // scarce stock earns more dear
    EXPECT_GT(after(*scarce, "engine", "margin"), after(*scarce, "fixed:0", "margin"));  // and the engine finds out
    EXPECT_LT(after(*loose, "fixed:0", "sold_out_share"), 0.01);
    EXPECT_GT(after(*scarce, "fixed:0", "sold_out_share"), 0.99);
    EXPECT_NEAR(after(*scarce, "fixed:0", "revenue"), 10 * 2400, 1);  // all ten, at the lowest band
}

TEST(Rehearse, TakesADraftAndSaysWhatItAssumed) {
    const auto bare = rehearse(State{}, "{\"drop\": " + plan(10, 20) + ", \"explanations\": []}", 20, 1);
    ASSERT_TRUE(bare.ok()) << bare.error();
    EXPECT_NE(bare->find("assumptions"), std::string::npos);
    auto text = plan(10, 20);
    text.replace(text.find(", \"unit_cost\""), std::string(R"(, "unit_cost": )").size() + money(1200).size(), "");
    const auto assumed = rehearse(State{}, text, 20, 1);
    ASSERT_TRUE(assumed.ok()) << assumed.error();
    EXPECT_NE(assumed->find("no unit cost is known"), std::string::npos);
}

TEST(Rehearse, RefusalsNameTheField) {
    EXPECT_FALSE(rehearse(State{}, "{}", 10, 1).ok());
    EXPECT_FALSE(rehearse(State{}, plan(10, 20), 0, 1).ok());
    auto huge = plan(40, 40);  // a stranger's numbers must not end the process
    huge.replace(huge.find(R"("cap": 40)"), 9, R"("cap": 1000000000)");
    huge.replace(huge.find(money(3600)), money(3600).size(), R"({"amount": 1000000000000, "currency": "GBP"})");
    huge.replace(huge.find(R"("expected_units": 40)"), 20, R"("expected_units": 1000000000)");
    EXPECT_TRUE(rehearse(State{}, huge, 2, 1).ok());
    huge.replace(huge.find("1000000000000"), 13, "9000000000000000000");
    EXPECT_FALSE(rehearse(State{}, huge, 2, 1).ok());
    const auto none = rehearse(State{}, plan(0, 20), 10, 1);
    ASSERT_FALSE(none.ok());
    EXPECT_NE(none.error().find("/lines/0/cap"), std::string::npos) << none.error();
}

}  // namespace
}  // namespace dropsmith::sim::rehearse_test
