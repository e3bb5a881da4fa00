// The laboratory's JSON: the contract's example, many instances, and what is refused.
#include "sim/lab.h"

#include <gtest/gtest.h>

#include <charconv>
#include <limits>

#include "base/sized_testing.h"

namespace dropsmith::sim::lab_test {
namespace {

constexpr std::string_view fsw1 =
    R"({"prices": [2990, 3490, 3990, 4490], "buy_probability": [0.8, 0.6, 0.3, 0.1], "periods": 100, "stock": 25})";

double field(const std::string& json, std::string_view name) {
    const auto at = json.find("\"" + std::string(name) + "\":");
    double value = std::numeric_limits<double>::quiet_NaN();
    if (at == std::string::npos) return value;
    const auto* begin = json.data() + at + name.size() + 3;
    while (*begin == ' ') ++begin;
    std::from_chars(begin, json.data() + json.size(), value);
    return value;
}

TEST(LabJson, AnswersTheContract) {
    const auto out = lab_pricing(fsw1, "ts-update", 400, 1);
    ASSERT_TRUE(out.ok()) << out.error();
    EXPECT_NEAR(field(*out, "lp_bound"), 101'000, 1e-3);
    EXPECT_NEAR(field(*out, "dp_optimum"), 100'154.2970, 1e-3);
    EXPECT_NEAR(field(*out, "percent_of_lp"), 94.66, 3);
    EXPECT_GT(field(*out, "decisions_per_second"), 0);
    EXPECT_EQ(field(*out, "runs"), 400);
    EXPECT_NE(out->find(R"("policy":"ts-update")"), std::string::npos);
}

TEST(LabJson, CostHistoryAndArrivalsCount) {
    const auto cost =
        lab_pricing(R"({"prices": [20, 30], "buy_probability": [1, 0.5], "periods": 4, "stock": 9, "unit_cost": 20})",
                    "dp-known", 10, 1);
    ASSERT_TRUE(cost.ok()) << cost.error();
    EXPECT_NEAR(field(*cost, "dp_optimum"), 4 * 0.5 * 10, 1e-9);
    const auto arrivals =
        lab_pricing(R"({"prices": [10], "buy_probability": [1], "arrival_probability": [0.5, 0.25], "stock": 2})",
                    "fixed:0", 10, 1);
    ASSERT_TRUE(arrivals.ok()) << arrivals.error();
    EXPECT_NEAR(field(*arrivals, "lp_bound"), 7.5, 1e-9);
    const auto history = lab_pricing(
        R"({"prices": [20, 30], "buy_probability": [1, 0.5], "periods": 4, "stock": 9,
            "history": {"looks": [9, 9], "sales": [9, 4]}})",
        "engine", 10, 1);
    EXPECT_TRUE(history.ok());
}

TEST(LabJson, ManyInstances) {
    const auto out =
        lab_pricing("{\"instances\": [" + std::string(fsw1) + "," + std::string(fsw1) + "]}", "engine",
                    sized(50U, 2U), 1);
    ASSERT_TRUE(out.ok()) << out.error();
    EXPECT_GT(field(*out, "mean_percent_of_dp"), sized(80, 50));
    EXPECT_LE(field(*out, "p05_percent_of_dp"), field(*out, "mean_percent_of_dp"));
}

TEST(LabJson, SeveralProductsOnSeveralResources) {  // FSW-2, linear demand
    const std::string fsw2 = R"({"prices": [[1, 1.5], [1, 2], [2, 3], [4, 4], [4, 6.5]],
        "demand": [[6.5, 4.5], [6.5, 3], [5, 0], [2, 0], [2, 0]], "uses": [[1, 3, 0], [1, 1, 5]],
        "capacity": [3, 5, 7], "periods": 500})";
    const auto out = lab_pricing(fsw2, "ts-update", 20, 1);
    ASSERT_TRUE(out.ok()) << out.error();
    EXPECT_NEAR(field(*out, "lp_bound"), 500 * 6.666667, 1e-3);
    EXPECT_NEAR(field(*out, "percent_of_lp"), 97.79, 1.5);
    const auto ours = lab_pricing(fsw2, "engine", 20, 1);
    ASSERT_TRUE(ours.ok()) << ours.error();
    EXPECT_GT(field(*ours, "percent_of_lp"), field(*out, "percent_of_lp"));
    // vector 3 is asked throughout: (4, 4), 2 and 0 units a period, each of the first product taking 1, 3 and 0
    const auto fixed = lab_pricing(fsw2, "fixed:3", 40, 1);
    ASSERT_TRUE(fixed.ok()) << fixed.error();
    EXPECT_NEAR(field(*fixed, "mean_revenue"), 500 * 5 / 3. * 4, 40) << "5 of the second resource a period, 3 a unit";
    for (const auto* unknown : {"fixed:5", "fixed:-1", "fixed:", "fixed:1.5", "fixed:x"}) {
        const auto out_of_it = lab_pricing(fsw2, unknown, 20, 1);
        ASSERT_FALSE(out_of_it.ok()) << unknown;
        EXPECT_NE(out_of_it.error().find("fixed:INDEX"), std::string::npos) << out_of_it.error();
    }
    const auto floored = lab_pricing(fsw2, "lp-known", 40, 1, R"({"floor": 4})");
    ASSERT_TRUE(floored.ok()) << floored.error();
    EXPECT_NE(floored->find(R"("guardrails":{"floor":4})"), std::string::npos) << *floored;
    EXPECT_NEAR(field(*floored, "mean_revenue"), field(*fixed, "mean_revenue"), 40) << "4 and above, both sell alike";
    EXPECT_NEAR(field(*floored, "lp_bound"), field(*out, "lp_bound"), 1e-9);
    const std::pair<const char*, const char*> refused[] = {{R"({"floor": 5})", "/floor"},
                                                           {R"({"floor": 1, "max_step": 0.1})", "/max_step"},
                                                           {R"({"min_margin": 0.1})", "/min_margin"}};
    for (const auto& [rules, says] : refused) {
        const auto no = lab_pricing(fsw2, "engine", 2, 1, rules);
        ASSERT_FALSE(no.ok()) << rules;
        EXPECT_NE(no.error().find(says), std::string::npos) << no.error();
    }
    const auto below = lab_pricing(fsw2, "fixed:2", 2, 1, R"({"floor": 4})");
    ASSERT_FALSE(below.ok());
    EXPECT_NE(below.error().find("fixed:2"), std::string::npos) << below.error();
    const auto broken = lab_pricing(R"({"prices": [[1]], "demand": [[1, 2]], "uses": [[1]], "capacity": [1],
        "periods": 5})", "ts-update", 1, 1);
    ASSERT_FALSE(broken.ok());
    EXPECT_NE(broken.error().find("/demand"), std::string::npos) << broken.error();
}

TEST(LabJson, GuardrailsAreTheGatesOwn) {
    const auto free = lab_pricing(fsw1, "fixed:0", 200, 1), same = lab_pricing(fsw1, "fixed:2", 200, 1);
    const auto floored = lab_pricing(fsw1, "fixed:0", 200, 1, R"({"floor": 3990})");
    ASSERT_TRUE(free.ok() && floored.ok() && same.ok());
    EXPECT_NE(free->find(R"("guardrails":"none")"), std::string::npos);
    EXPECT_NE(floored->find(R"("guardrails":{"floor":3990})"), std::string::npos) << *floored;
    EXPECT_EQ(field(*floored, "mean_revenue"), field(*same, "mean_revenue"));  // what is asked is never below the floor
    EXPECT_NE(field(*floored, "mean_revenue"), field(*free, "mean_revenue"));
    const auto steps = lab_pricing(fsw1, "engine", sized(50U, 2U), 1, R"({"max_step": 0.01})");
    ASSERT_TRUE(steps.ok()) << steps.error();
    EXPECT_NE(steps->find(R"("guardrails":{"max_step":0.01})"), std::string::npos) << *steps;
    const auto both = lab_pricing(fsw1, "fixed:3", 2, 1, R"({"floor": 100, "min_margin": 0.25})");
    ASSERT_TRUE(both.ok()) << both.error();
    EXPECT_NE(both->find(R"("guardrails":{"floor":100,"min_margin":0.25})"), std::string::npos) << *both;
    EXPECT_LT(field(*steps, "percent_of_dp"), 80);  // no band is within a hundredth: the first price stands
    EXPECT_FALSE(lab_pricing(fsw1, "engine", 5, 1, R"({"floor": 9990})").ok());
    EXPECT_FALSE(lab_pricing(fsw1, "engine", 5, 1, R"({"flor": 1})").ok());
}

TEST(LabJson, RefusalsNameTheField) {
    const struct {
        std::string_view instance, policy, says;
    } cases[] = {
        {"{", "engine", ""},
        {R"({"prices": [], "buy_probability": [], "periods": 1, "stock": 1})", "engine", "/prices"},
        {R"({"prices": [1], "buy_probability": [0.1, 0.2], "periods": 1, "stock": 1})", "engine", "/buy_probability"},
        {R"({"prices": [1], "buy_probability": [1.1], "periods": 1, "stock": 1})", "engine", "/buy_probability"},
        {R"({"prices": [1], "buy_probability": [1], "stock": 1})", "engine", "/periods"},
        {R"({"prices": [1], "buy_probability": [1], "periods": 1})", "engine", "/stock"},
        {R"({"prices": [1], "buy_probability": [1], "periods": 100000, "stock": 100000})", "engine", "/periods"},
        {R"({"prices": [1], "buy_probability": [1], "periods": 1, "stock": 1, "typo": 1})", "engine", "typo"},
        {R"({"instances": [{"prices": [1], "buy_probability": [2], "periods": 1, "stock": 1}]})", "engine",
         "/instances/0/buy_probability"},
        {fsw1, "greedy", "there is no policy"},
        {fsw1, "fixed:9", "there is no policy"},
    };
    for (const auto& c : cases) {
        const auto out = lab_pricing(c.instance, c.policy, 10, 1);
        ASSERT_FALSE(out.ok()) << c.instance;
        EXPECT_NE(out.error().find(c.says), std::string::npos) << out.error();
    }
    EXPECT_FALSE(lab_pricing(fsw1, "engine", 0, 1).ok());
}

}  // namespace
}  // namespace dropsmith::sim::lab_test
