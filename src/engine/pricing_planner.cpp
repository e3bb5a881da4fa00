// From a review to a job. Covered by sim/market_test.cpp, engine/price_cadence_test.cpp.
#include "engine/pricing_planner.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace dropsmith::engine {
namespace {

std::uint64_t seed_of(std::uint64_t shop, std::uint64_t seq) {
    std::uint64_t mixed = shop ^ (seq * 0x9E3779B97F4A7C15u);
    return splitmix64(mixed);
}

void forget(std::map<LineKey, std::uint32_t>& missed, DropId drop) {
    std::erase_if(missed, [&](const auto& row) { return row.first.drop == drop; });
}

}  // namespace

bool PricingPlanner::offer(const State& state, const Batch& batch, const Review& review, std::size_t kept,
                           decide::CurveShelf& shelf) {
    auto question = decide::question_of(state, review.key, batch.last(), seed_of(seed_, review.seq), &shelf);
    if (!question) return true;  // nothing to decide
    return planners_.offer(
        [question = std::make_shared<const decide::PriceQuestion>(std::move(*question))] {
            return std::optional<Command>(decide::propose(*question));
        },
        kept);
}

void PricingPlanner::stored(const State& state, const Batch& batch) {
    std::vector<Review> reviews;
    std::uint64_t seq = batch.first;
    for (const auto& entry : batch.entries)
        for (const auto& fact : entry.facts) {
            if (const auto* reviewed = fact.as<PriceReviewed>()) reviews.push_back({reviewed->key, seq});
            if (missed_.empty()) {
            } else if (const auto* closed = fact.as<DropClosed>()) {
                forget(missed_, closed->drop);
            } else if (const auto* cancelled = fact.as<DropCancelled>()) {
                forget(missed_, cancelled->drop);
            } else if (const auto* killed = fact.as<PricesKilled>()) {
                forget(missed_, killed->drop);
            }
            ++seq;
        }
    if (reviews.empty()) return;
    const auto times_missed = [&](const LineKey& key) {
        const auto found = missed_.find(key);
        return found == missed_.end() ? 0u : found->second;
    };
    if (!missed_.empty())
        std::stable_sort(reviews.begin(), reviews.end(), [&](const Review& a, const Review& b) {
            return times_missed(a.key) > times_missed(b.key);
        });
    decide::CurveShelf shelf;
    for (const auto& review : reviews) {
        // Reviews of one cadence come in several batches: room is kept for those that were missed before.
        const auto times = times_missed(review.key);
        missed_.erase(review.key);
        if (!offer(state, batch, review, times > 0 ? 0 : missed_.size(), shelf)) missed_[review.key] = times + 1;
    }
}

}  // namespace dropsmith::engine
