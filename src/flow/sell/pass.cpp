// See the header. Loop's thread. Covered by flow/sell/pass_test.cpp.
#include "flow/sell/pass.h"

#include <algorithm>

#include "base/limits.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"

namespace dropsmith::sell {

Verdict handle(const State& state, const IssuePasses& command, const Moment& moment) {
    using namespace refusals;
    const auto& terms = command.terms;
    if (terms.title.empty() || terms.title.size() > limits::name_max)
        return refuse_field(bad_value, "title", "/title", "a pass has a title of 1 to 200 bytes");
    if (command.count < 1 || command.count > limits::passes_per_call)
        return refuse_field(bad_value, "count", "/count", "make 1 to 1000 passes at once");
    if (terms.uses.n < 1 || terms.uses.n > limits::units_max)
        return refuse_field(bad_value, "uses", "/uses", "a pass is good for 1 use or more");
    if (terms.valid_until <= terms.valid_from || terms.valid_until <= moment.at)
        return refuse_field(bad_value, "valid_until", "/valid_until",
                            "a pass ends after it begins, and later than now");
    if (terms.early < Duration{0} || terms.early > days(30))
        return refuse_field(bad_value, "early_seconds", "/early_seconds", "early access is 0 seconds to 30 days");
    for (std::size_t i = 0; i < terms.drops.size(); ++i)
        if (!state.drops.find(terms.drops[i]))
            return refuse_field(not_found, "drops", "/drops/" + std::to_string(i), "no such drop");
    return bounded_facts(PassesIssued{state.passes.table.next(), command.count, terms});
}

Verdict handle(const State& state, const EndPass& command, const Moment&) {
    const auto* pass = state.passes.table.find(command.pass);
    if (!pass) return refuse(refusals::not_found, "no such pass");
    if (pass->ended) return refuse(refusals::wrong_state, "this pass has been ended already");
    return facts(PassEnded{pass->id});
}

std::optional<Refusal> pass_refused(const Passes& passes, PassId id, DropId drop, Instant at) {
    using namespace refusals;
    const auto* pass = passes.table.find(id);
    if (!pass) return refuse(pass_not_valid, "the shop has not issued this pass").error;
    const auto& terms = pass->terms;
    if (pass->ended) return refuse(pass_not_valid, "this pass has been ended").error;
    if (at < terms.valid_from) return refuse(pass_not_valid, "this pass is not valid yet").error;
    if (terms.valid_until <= at) return refuse(pass_not_valid, "this pass has run out").error;
    if (!terms.drops.empty() && std::find(terms.drops.begin(), terms.drops.end(), drop) == terms.drops.end())
        return refuse(pass_not_valid, "this pass is not for this drop").error;
    if (pass->used >= terms.uses)
        return refuse(pass_used_up, "all " + count_of(terms.uses) + " uses of this pass are taken").error;
    return std::nullopt;
}

bool opens_early(const Passes& passes, PassId id, const Drop& drop, Instant at) {
    const auto* pass = passes.table.find(id);
    return pass && drop.status == DropStatus::scheduled && drop.terms.opens_at - pass->terms.early <= at;
}

void evolve(Passes& passes, const PassesIssued& fact, const Stamp&) {
    for (std::uint64_t i = 0; i < fact.count; ++i) {
        const PassId id{fact.first.n + i};
        passes.table.add(id, Pass{id, fact.terms, {}, false});
    }
}

void evolve(Passes& passes, const PassEnded& fact, const Stamp&) { passes.table.must(fact.pass).ended = true; }

void evolve(Passes& passes, const PassUsed& fact, const Stamp&) {
    passes.table.must(fact.pass).used += Quantity{1};
    passes.live[fact.hold] = fact.pass;
}

void evolve(Passes& passes, const HoldEnded& fact, const Stamp&) {
    const auto it = passes.live.find(fact.hold);
    if (it == passes.live.end()) return;
    passes.table.must(it->second).used -= Quantity{1};
    passes.live.erase(it);
}

void evolve(Passes& passes, const OrderPlaced& fact, const Stamp&) { passes.live.erase(fact.hold); }

}  // namespace dropsmith::sell
