// From a review to a job. Covered by sim/market_test.cpp.
#include "engine/pricing_planner.h"

#include <memory>

#include "flow/decide/propose.h"

namespace dropsmith::engine {
namespace {

std::uint64_t seed_of(std::uint64_t shop, std::uint64_t seq) {
    std::uint64_t mixed = shop ^ (seq * 0x9E3779B97F4A7C15u);
    return splitmix64(mixed);
}

}  // namespace

void PricingPlanner::stored(const State& state, const Batch& batch) {
    std::uint64_t seq = batch.first;
    for (const auto& entry : batch.entries)
        for (const auto& fact : entry.facts) {
            if (const auto* reviewed = fact.as<PriceReviewed>())
                if (auto question = decide::question_of(state, reviewed->key, batch.last(), seed_of(seed_, seq)))
                    planners_.offer([question = std::make_shared<const decide::PriceQuestion>(std::move(*question))] {
                        return std::optional<Command>(decide::propose(*question));
                    });
            ++seq;
        }
}

}  // namespace dropsmith::engine
