// The prover: a thousand seeds hold and meet everything there is to meet; the same seed gives the same journal; and
// each planted bug rings. DROPSMITH_SEED asks for other seeds.
#include "sim/prove.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/sized_testing.h"

namespace dropsmith::sim::prove_test {
namespace {

std::uint64_t first_seed() {
    const char* seed = std::getenv("DROPSMITH_SEED");
    return seed ? std::strtoull(seed, nullptr, 10) : 1;
}

TEST(Prove, AThousandSeedsHoldAndMeetEverything) {
    const std::uint64_t seeds = sized(1'000U, 150U);
    const auto campaign = prove(first_seed(), seeds, 2);
    for (const auto& proof : campaign.breaches) ADD_FAILURE() << "seed " << proof.seed << ": " << proof.breach;
    EXPECT_EQ(campaign.breached, 0u);
    EXPECT_EQ(campaign.seeds, seeds);
    std::string never;
    std::size_t missed = 0;
    for (std::size_t i = 0; i < sight_names.size(); ++i)
        if (campaign.sights.times[i] == 0) ++missed, never += " " + std::string(sight_names[i]);
    EXPECT_LE(missed, sized(0U, 9U)) << "never met, so they prove nothing:" << never;  // a sample meets most of them
    EXPECT_GT(campaign.facts, 50 * seeds);
}

TEST(Prove, TheSameSeedGivesTheSameJournal) {
    for (std::uint64_t seed = first_seed(); seed < first_seed() + sized(50U, 10U); ++seed) {
        const auto once = prove_seed(seed), again = prove_seed(seed);
        EXPECT_EQ(once.head_hash, again.head_hash) << seed;
        EXPECT_EQ(once.facts, again.facts) << seed;
        EXPECT_EQ(once.breach, "") << seed;
    }
    EXPECT_NE(prove_seed(1).head_hash, prove_seed(2).head_hash);
}

struct Planted {
    Plant plant;
    const char* words;
};
class APlantedBug : public ::testing::TestWithParam<Planted> {};

TEST_P(APlantedBug, Rings) {
    std::uint64_t rang = 0;
    std::string said;
    const std::uint64_t seeds = sized(100U, 30U);
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const auto proof = prove_seed(seed, GetParam().plant);
        if (proof.breach.empty()) continue;
        ++rang;
        if (proof.breach.find(GetParam().words) != std::string::npos) said = proof.breach;
    }
    EXPECT_GT(rang, seeds / 10) << "of " << seeds << " seeds";
    EXPECT_NE(said, "") << "no seed named it";
}

INSTANTIATE_TEST_SUITE_P(Prove, APlantedBug,
                         ::testing::Values(Planted{Plant::reply_before_sync, "gone"},
                                           Planted{Plant::key_forgotten, "two effects"},
                                           Planted{Plant::guard_skipped, "oversold"},
                                           Planted{Plant::clock_too_fast, "lived ms"},
                                           Planted{Plant::list_jumped, "not its own"},
                                           Planted{Plant::too_many_ahead, "ordered ahead"},
                                           Planted{Plant::promise_dearer, "than was promised"},
                                           Planted{Plant::turn_forged, "let in by nobody"},
                                           Planted{Plant::other_seed, "committed to"},
                                           Planted{Plant::pass_worn_out, "more often"},
                                           Planted{Plant::refund_key_forgotten, "payment"},
                                           Planted{Plant::page_closed_unseen, "kept ready"}));

}  // namespace
}  // namespace dropsmith::sim::prove_test
