// See the header. Covered by sim/prove_test.cpp.
#include "sim/prove_passes.h"

#include <algorithm>

namespace dropsmith::sim {

namespace {

std::string pass_no(std::uint64_t number) { return "pass " + std::to_string(number); }

const PassUsed* use_beside(HoldId hold, const Facts& beside) {
    for (const auto& fact : beside)
        if (const auto* use = fact.as<PassUsed>(); use && use->hold == hold) return use;
    return nullptr;
}

}  // namespace

std::string ProvePasses::take(const Fact& fact, const Facts& beside, Instant at) {
    if (const auto* drafted = fact.as<DropDrafted>()) opens_at_ = drafted->terms.opens_at;
    if (const auto* edited = fact.as<DropEdited>()) opens_at_ = edited->terms.opens_at;
    if (fact.as<DropOpened>()) opened_ = true;
    if (const auto* issued = fact.as<PassesIssued>())
        for (std::uint64_t i = 0; i < issued->count; ++i) passes_[issued->first.n + i].terms = issued->terms;
    if (const auto* over = fact.as<PassEnded>()) passes_[over->pass.n].ended = true;
    if (const auto* held = fact.as<UnitsHeld>(); held && !opened_) return early(*held, beside, at);
    if (const auto* use = fact.as<PassUsed>()) return used(*use, beside, at);
    if (const auto* ended = fact.as<HoldEnded>()) end(ended->hold, 1);
    if (const auto* order = fact.as<OrderPlaced>()) end(order->hold, 0);
    return {};
}

void ProvePasses::end(HoldId hold, std::int64_t back) {
    const auto it = live_.find(hold.n);
    if (it == live_.end()) return;
    passes_[it->second].used -= back;
    live_.erase(it);
}

std::string ProvePasses::used(const PassUsed& fact, const Facts& beside, Instant at) {
    const auto name = pass_no(fact.pass.n);
    const auto it = passes_.find(fact.pass.n);
    if (it == passes_.end()) return name + " was never issued";
    auto& [terms, used, ended] = it->second;
    if (++used > terms.uses.n) return name + " is used more often than it may be";
    if (ended || at < terms.valid_from || at >= terms.valid_until) return name + " is used outside its time";
    const bool own = std::any_of(beside.begin(), beside.end(), [&](const Fact& other) {
        const auto* held = other.as<UnitsHeld>();
        return held && held->hold == fact.hold;
    });
    if (own && live_.emplace(fact.hold.n, fact.pass.n).second) return {};
    return name + " is used for a hold that is not its own";
}

// Whoever holds before the opening shows a pass that opens that early. Money that came late for such a hold is told
// apart by the order beside it.
std::string ProvePasses::early(const UnitsHeld& fact, const Facts& beside, Instant at) const {
    for (const auto& other : beside)
        if (const auto* order = other.as<OrderPlaced>(); order && order->hold == fact.hold) return {};
    const auto name = "hold " + std::to_string(fact.hold.n);
    const auto* use = use_beside(fact.hold, beside);
    const auto it = use ? passes_.find(use->pass.n) : passes_.end();
    if (it == passes_.end()) return name + " is made before the opening without a pass";
    return at < opens_at_ - it->second.terms.early ? name + " is made before its pass opens" : std::string{};
}

std::string ProvePasses::compare(const State& state) const {
    for (const auto& [id, known] : passes_) {
        const auto* pass = state.passes.table.find(PassId{id});
        if (!pass) return pass_no(id) + ": only the ledger has it";
        if (pass->used.n != known.used || pass->ended != known.ended)
            return pass_no(id) + " is used " + std::to_string(pass->used.n) + " times to the shop, by the ledger " +
                   std::to_string(known.used);
    }
    if (state.passes.live.size() != live_.size()) return "uses of passes that may come back: the shop has others";
    return {};
}

}  // namespace dropsmith::sim
