// The two speeds: on the same draws the fast path and the engine sell the same units at the same bands, line by line.
#include "sim/rehearse_full.h"

#include <gtest/gtest.h>

#include "base/sized_testing.h"
#include "sim/rehearsal_stage.h"
#include "sim/rehearse.h"

namespace dropsmith::sim {
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

TEST(RehearseFull, BothSpeedsSellTheSameUnits) {
    const std::string lines =
        line("CUP", 30, 40, 3600) + "," + line("JUG", 12, 60, 4200) + "," + line("VASE", 50, 20, 3300);
    for (const auto* pricing :
         {R"({"policy": "engine", "objective": "contribution_margin", "cadence_s": 3600, "explore_share": 0.2})",
          R"({"policy": "engine", "objective": "revenue", "cadence_s": 5400, "explore_share": 0.5, "max_step": 0.15})",
          R"({"policy": "fixed"})"}) {
        const auto read = read_rehearsal(State{}, plan(lines, pricing));
        ASSERT_TRUE(read.ok()) << read.error();
        Crowd crowd(*read, arrival_shares(*read));
        std::unique_ptr<Pricer> fast;
        if (read->pricing.policy == PricePolicy::bandit) {
            auto engine = engine_pricer(*read, 11);
            ASSERT_TRUE(engine.ok()) << engine.error();
            fast = std::move(engine).value();
        } else {
            fast = list_pricer(*read);
        }
        double repriced = 0;
        for (std::uint64_t run = 0; run < sized(6U, 2U); ++run) {
            crowd.draw(11, run);
            const auto quick = play(*read, crowd, *fast, run);
            const auto full = play_full(*read, crowd, 11, run);
            ASSERT_TRUE(full.ok()) << full.error();
            EXPECT_EQ(quick.revenue, full->revenue);
            EXPECT_EQ(quick.margin, full->margin);
            for (std::size_t i = 0; i < 3; ++i) {
                EXPECT_EQ(quick.lines[i].by_band, full->lines[i].by_band) << "run " << run << " line " << i;
                EXPECT_EQ(quick.lines[i].left, full->lines[i].left);
                EXPECT_EQ(quick.lines[i].sold_out_h.has_value(), full->lines[i].sold_out_h.has_value());
            }
            repriced += quick.repriced;
        }
        if (read->pricing.policy == PricePolicy::bandit) {
            EXPECT_GT(repriced, 0);  // or the test would show nothing
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
}  // namespace dropsmith::sim
