// The two speeds: on the same draws the fast path and the engine sell the same units at the same bands, line by line.
#include "sim/rehearse_full.h"

#include <gtest/gtest.h>

#include "base/sized_testing.h"
#include "flow/decide/modes.h"
#include "sim/rehearsal_stage.h"
#include "sim/rehearse.h"

namespace dropsmith::sim::rehearse_full_test {
namespace {

std::string money(int amount) { return R"({"amount": )" + std::to_string(amount) + R"(, "currency": "GBP"})"; }

std::string line(std::string_view sku, int cap, int units, int top) {
    return R"({"sku": ")" + std::string(sku) + R"(", "cap": )" + std::to_string(cap) + R"(, "bands": [)" + money(2400) +
           "," + money(3000) + "," + money(top) + R"(], "min_margin": 0.2, "list_price": )" + money(3000) +
           R"(, "unit_cost": )" + money(1200) + R"(, "expected_units": )" + std::to_string(units) + "}";
}

std::string plan(std::string_view lines, std::string_view pricing) {
    return R"({"opens_at": "2027-01-14T12:00:00Z", "closes_at": "2027-01-17T12:00:00Z", "lines": [)" +
           std::string(lines) + R"(], "pricing": )" + std::string(pricing) + "}";
}

struct Compared {
    double repriced = 0, sold = 0, cheap = 0;  // cheap: units below the highest price asked of their line
};

Compared compare(const Rehearsal& plan, std::uint64_t seed, std::uint64_t runs) {
    Compared out;
    Crowd crowd(plan, arrival_shares(plan));
    auto fast = shop_pricer(plan, seed);
    EXPECT_TRUE(fast.ok()) << fast.error();
    for (std::uint64_t run = 0; fast && run < runs; ++run) {
        crowd.draw(seed, run);
        const auto quick = play(plan, crowd, **fast, run);
        const auto full = play_full(plan, crowd, seed, run);
        EXPECT_TRUE(full.ok()) << full.error();
        if (!full) return out;
        EXPECT_EQ(quick.revenue, full->revenue);
        EXPECT_EQ(quick.margin, full->margin);
        for (std::size_t i = 0; i < plan.lines.size(); ++i) {
            EXPECT_EQ(quick.lines[i].by_price, full->lines[i].by_price) << "run " << run << " line " << i;
            EXPECT_EQ(quick.lines[i].left, full->lines[i].left);
            EXPECT_EQ(quick.lines[i].sold_out_h.has_value(), full->lines[i].sold_out_h.has_value());
            std::size_t kinds = 0;
            for (const auto units : quick.lines[i].by_price) kinds += units > 0;
            out.cheap += kinds > 1;
        }
        out.repriced += quick.repriced, out.sold += quick.sold;
    }
    return out;
}

struct Mode {
    const char* pricing;
    bool moves;
};

// Every mode and every governor that a plan can ask for: or the fast path would rehearse another shop.
TEST(RehearseFull, BothSpeedsSellTheSameUnits) {
    const std::string lines =
        line("CUP", 30, 40, 3600) + "," + line("JUG", 12, 60, 4200) + "," + line("VASE", 50, 20, 3300);
    const Mode modes[] = {
        {R"({"policy": "engine", "objective": "contribution_margin", "cadence_s": 3600, "explore_share": 0.2})", true},
        {R"({"policy": "engine", "objective": "revenue", "cadence_s": 5400, "explore_share": 0.5, "max_step": 0.3,
             "max_step_up": 0.4})",
         true},
        {R"({"policy": "engine", "cadence_s": 3600, "revenue_at_risk": 0.2, "confidence": 0.6, "explore_share": 0.4,
             "max_step_up": 0.1, "min_dwell_s": 9000})",
         true},
        {R"({"policy": "engine", "mode": "cohort", "cohort_share": 0.2, "cadence_s": 3600, "explore_share": 0.3})",
         true},
        {R"({"mode": "taper"})", true},
        {R"({"mode": "ladder", "cadence_s": 3600, "ladder": [{"after_s": 36000, "sold_below": 0.5, "discount": 0.1},
             {"after_s": 90000, "sold_below": 0.9, "discount": 0.2}]})",
         true},
        {R"({"policy": "fixed"})", false}};
    for (const auto& mode : modes) {
        SCOPED_TRACE(mode.pricing);
        const auto read = read_rehearsal(State{}, plan(lines, mode.pricing));
        ASSERT_TRUE(read.ok()) << read.error();
        const auto told = compare(*read, 11, sized(6U, 2U));
        EXPECT_GT(told.sold, 0);
        if (mode.moves) {  // or the test would show nothing
            EXPECT_GT(told.repriced, 0);
            EXPECT_GT(told.cheap, 0);
        }
    }
}

// A list price between the bands is asked as it is by a ladder; a cap on markdowns, expected returns and the value of
// what is left over reach both speeds.
TEST(RehearseFull, BothSpeedsReadTheLinesTermsAlike) {
    auto cup = line("CUP", 30, 25, 3600);
    cup.insert(cup.size() - 1, R"(, "max_discount": 0.25, "return_share": 0.2, "return_cost": )" + money(450) +
                                   R"(, "salvage": )" + money(300));
    cup.replace(cup.find(R"("list_price": )"), std::string(R"("list_price": )").size() + money(3000).size(),
                R"("list_price": )" + money(3200));
    for (const auto* pricing :
         {R"({"policy": "engine", "cadence_s": 3600, "explore_share": 0.3})",
          R"({"mode": "ladder", "ladder": [{"after_s": 7200, "discount": 0.05}, {"after_s": 9000, "discount": 0.5}]})",
          R"({"policy": "fixed"})"}) {
        SCOPED_TRACE(pricing);
        const auto read = read_rehearsal(State{}, plan(cup, pricing));
        ASSERT_TRUE(read.ok()) << read.error();
        EXPECT_EQ(read->lines[0].unit.returns, Money{90});
        const auto told = compare(*read, 5, sized(5U, 2U));
        EXPECT_GT(told.sold, 0);
        const bool ladder = mode_of(read->pricing) == PriceMode::ladder;
        EXPECT_EQ(prices_of(read->pricing, read->lines[0].terms).size(),
                  decide::decided_by_engine(read->pricing) ? 3u : 4u);
        if (ladder) {
            EXPECT_GT(told.cheap, 0);
        }
    }
}

TEST(RehearseFull, AnswersAsTheFastPathDoes) {
    const auto text = plan(line("CUP", 20, 30, 3600), R"({"policy": "engine", "cadence_s": 7200})");
    RehearseHow full;
    full.full = true;
    const auto quick = rehearse(State{}, text, 8, 3), slow = rehearse(State{}, text, 8, 3, full);
    ASSERT_TRUE(quick.ok() && slow.ok());
    const auto revenue = [](const std::string& json) {
        const auto at = json.find("\"revenue\"");
        return json.substr(at, json.find("\"sell_through\"") - at);
    };
    EXPECT_EQ(revenue(*quick), revenue(*slow));
    EXPECT_NE(slow->find("\"full\":true"), std::string::npos);
}

}  // namespace
}  // namespace dropsmith::sim::rehearse_full_test
