// The points follow their prior, and laying them anew around evidence keeps the posterior: both sets tell the same
// means.
#include "flow/decide/hypotheses.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dropsmith::decide::hypotheses_test {
namespace {

double mean(const Hypotheses& set, std::size_t arm) {
    double sum = 0;
    for (std::size_t j = 0; j < set.count; ++j)
        sum += static_cast<double>(set.weight[j]) * static_cast<double>(set.of(arm)[j]);
    return sum;
}

DemandPrior prior(std::size_t count = 256) {
    DemandPrior out;
    out.arms = 3, out.expected = 0.3, out.count = count;
    return out;
}

TEST(Hypotheses, WeightsAddUpAndRatesFall) {
    const auto set = hypotheses(prior());
    double sum = 0, rising = 0;
    for (std::size_t j = 0; j < set.count; ++j) {
        sum += static_cast<double>(set.weight[j]);
        if (set.of(1)[j] > set.of(0)[j] || set.of(2)[j] > set.of(1)[j]) rising += static_cast<double>(set.weight[j]);
    }
    EXPECT_NEAR(sum, 1, 1e-5);
    EXPECT_GT(rising, 0);      // a middle price that sells best is possible
    EXPECT_LT(rising, 0.011);  // and hardly believed
    EXPECT_NEAR(mean(hypotheses(prior(512)), 0), mean(set, 0), 0.01);
}

TEST(Hypotheses, LaidAnewTheyTellTheSamePosterior) {
    const std::vector<Seen> seen{{40, 26}, {40, 16}, {30, 6}};
    const auto p = prior(512);
    auto fixed = hypotheses(p);
    double sum = 0;
    for (std::size_t j = 0; j < fixed.count; ++j) {
        const double w = static_cast<double>(fixed.weight[j]) *
                         std::exp(log_likelihood(p.model, fixed.rate.data() + j, fixed.count, seen));
        fixed.weight[j] = static_cast<float>(w * 1e6), sum += w * 1e6;
    }
    for (auto& w : fixed.weight) w = static_cast<float>(static_cast<double>(w) / sum);
    const auto anew = refined(p, seen);
    EXPECT_GT(anew.alive(), fixed.alive());
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(mean(anew, k), mean(fixed, k), 0.03) << k;
}

TEST(Hypotheses, MuchEvidenceIsBelieved) {
    const auto set = refined(prior(), {{2000, 1200}, {2000, 800}, {2000, 360}});
    EXPECT_NEAR(mean(set, 0), .60, .02);
    EXPECT_NEAR(mean(set, 1), .40, .02);
    EXPECT_NEAR(mean(set, 2), .18, .02);
    EXPECT_GT(set.alive(), 60);
    auto counts = prior();
    counts.model = DemandModel::counts;
    EXPECT_NEAR(mean(refined(counts, {{40, 200}, {40, 120}, {40, 80}}), 0), 5, .3);
}

TEST(Hypotheses, HistoryTellsTheRatioMoreThanTheLevel) {
    auto p = prior();
    p.history = {{400, 160}, {400, 120}, {400, 40}};
    const auto set = with_history(p);
    EXPECT_NEAR(mean(set, 2) / mean(set, 0), .25, .05);
    double square = 0;
    for (std::size_t j = 0; j < set.count; ++j) {
        const double log = std::log(static_cast<double>(set.of(0)[j]) / mean(set, 0));
        square += static_cast<double>(set.weight[j]) * log * log;
    }
    EXPECT_GT(std::sqrt(square), .25);  // a market that stands elsewhere today stays possible
}

}  // namespace
}  // namespace dropsmith::decide::hypotheses_test
