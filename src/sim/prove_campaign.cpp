// Many seeds on several threads, and what they say together. Covered by sim/prove_test.cpp.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "base/json.h"
#include "sim/prove.h"

namespace dropsmith::sim {

Campaign prove(std::uint64_t from, std::uint64_t seeds, unsigned threads,
               const std::function<void(std::uint64_t done)>& progress) {
    Campaign campaign;
    campaign.from = from;
    std::mutex mutex;
    std::atomic<std::uint64_t> next{0};
    {
        std::vector<std::jthread> workers;
        for (unsigned i = 0; i < std::max(1u, threads); ++i)
            workers.emplace_back([&] {
                for (auto n = next++; n < seeds; n = next++) {
                    auto proof = prove_seed(from + n);
                    const std::scoped_lock lock(mutex);
                    ++campaign.seeds;
                    campaign.facts += proof.facts, campaign.batches += proof.batches;
                    campaign.requests += proof.requests, campaign.simulated_ms += proof.simulated_ms;
                    campaign.sights.add(proof.sights);
                    if (proof.breach.empty()) continue;
                    ++campaign.breached;
                    campaign.breaches.push_back(std::move(proof));
                }
            });
        for (std::uint64_t done = 0; progress && done < seeds;) {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            const std::scoped_lock lock(mutex);
            progress(done = campaign.seeds);
        }
    }
    std::sort(campaign.breaches.begin(), campaign.breaches.end(),
              [](const Proof& a, const Proof& b) { return a.seed < b.seed; });
    if (campaign.breaches.size() > 10) campaign.breaches.resize(10);
    return campaign;
}

std::string proof_json(const Campaign& campaign, std::int64_t took_ms) {
    std::string out;
    JsonWriter json(out);
    json.object().key("from").natural(campaign.from).key("seeds").natural(campaign.seeds);
    json.key("breached").natural(campaign.breached).key("breaches").array();
    for (const auto& proof : campaign.breaches)
        json.object().key("seed").natural(proof.seed).key("what").text(proof.breach).end();
    json.end();
    json.key("facts").natural(campaign.facts).key("batches").natural(campaign.batches);
    json.key("requests").natural(campaign.requests);
    json.key("simulated_hours").natural(static_cast<std::uint64_t>(campaign.simulated_ms / 3'600'000));
    const auto ms = std::max<std::int64_t>(1, took_ms);
    json.key("seconds").natural(static_cast<std::uint64_t>(ms / 1000));
    json.key("times_real_time").natural(static_cast<std::uint64_t>(campaign.simulated_ms / ms));
    json.key("met").object();
    for (std::size_t i = 0; i < sight_names.size(); ++i) json.key(sight_names[i]).natural(campaign.sights.times[i]);
    json.end().end();
    return out;
}

}  // namespace dropsmith::sim
