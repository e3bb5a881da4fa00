// Covered by engine/ethics_audit_test.cpp.
#include "engine/ethics_audit.h"

#include <algorithm>
#include <optional>

#include "engine/batch.h"
#include "engine/replay.h"

namespace dropsmith::engine {

Result<EthicsAudit, Fault> audit_ethics(const Journal& journal, Instant since, Instant until) {
    measure::EthicsBook book;
    State state;
    Digest256 hash{};
    Replay replay(state, hash);
    replay.watch([&](const BatchWalk&, const BatchWalk::RawFact& fact, const Stamp& stamp) {
        if (fact.info->code == OrderPlaced::code.n && stamp.at >= since)
            book.add(*static_cast<const OrderPlaced*>(fact.object), stamp.at);
        if (fact.info->code == PersonalOfferMade::code.n && stamp.at >= since)
            book.add(*static_cast<const PersonalOfferMade*>(fact.object));
    });
    std::optional<Fault> wrong;
    FactScratch scratch;
    const auto head = journal.head();  // taken first: a running shop goes on writing
    if (!head) return Failure{head.error()};
    const auto read = journal.read(1, [&](const StoredBatch& stored) {
        if (stored.first > *head) return false;
        const BatchWalk walk(stored, scratch);
        if (!walk.fault() && walk.header().at >= until) return false;  // the head is that of the period's end
        const auto applied = replay.apply(stored);
        if (!applied) wrong = applied.error();
        return applied.ok();
    });
    if (wrong) return Failure{*wrong};
    if (!read) return Failure{read.error()};
    if (const auto last = replay.finish(); !last) return Failure{last.error()};
    EthicsAudit out;
    out.told = book.told(state, since, until);
    auto& result = out.result;
    result.since = since, result.until = until;
    result.orders = static_cast<std::uint64_t>(out.told.orders), result.units = out.told.units;
    for (const auto* groups :
         {&out.told.channels, &out.told.regions, &out.told.own_channels, &out.told.own_regions})
        result.flagged += static_cast<std::uint64_t>(
            std::count_if(groups->begin(), groups->end(), [](const auto& group) { return group.flagged; }));
    result.head = state.head, result.head_hash = hex(hash);
    return out;
}

}  // namespace dropsmith::engine
