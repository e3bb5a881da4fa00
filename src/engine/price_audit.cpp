// Covered by engine/price_audit_test.cpp.
#include "engine/price_audit.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "base/cbor.h"
#include "engine/batch.h"
#include "engine/dispatch.h"
#include "engine/replay.h"
#include "flow/decide/plan.h"
#include "flow/decide/price.h"
#include "flow/decide/propose.h"

namespace dropsmith::engine {
namespace {

using Questions = std::map<std::pair<std::uint64_t, LineKey>, decide::PriceQuestion>;

template <class T>
std::string bytes_of(const T& value) {
    Bytes out;
    encode_cbor(out, {&type_of<T>(), &value});
    return out;
}

// Policies that real drops ran under and that the program no longer has, with what their decisions wrote down. There
// was no engine/1: the engine followed ts-update/1 as engine/2.
struct RetiredPolicy {
    std::string_view name;
    bool history = false;   // earlier drops of the SKU, and when visitors came
    bool elsewhere = false; // the level of past sales, and who else asks for the stock
};
constexpr std::array<RetiredPolicy, 4> retired_policies = {{
    {"ts-update/1", false, false}, {"engine/2", false, false}, {"engine/3", true, false}, {"engine/4", true, true}}};

const RetiredPolicy* retired(std::string_view name) {
    const auto found = std::find_if(retired_policies.begin(), retired_policies.end(),
                                    [&](const RetiredPolicy& policy) { return policy.name == name; });
    return found == retired_policies.end() ? nullptr : &*found;
}

// What a version that is gone was told must be what today's program finds in the journal for the same question: all but
// its seed and what it made of it (propensities, and what it believed of the curve).
std::string told_otherwise(const RetiredPolicy& policy, const DecisionInputs& said, DecisionInputs found) {
    if (said.stock_left != found.stock_left) return "stock_left";
    if (said.periods_left != found.periods_left) return "periods_left";
    if (said.arms.size() != found.arms.size()) return "arms";
    for (std::size_t k = 0; k < said.arms.size(); ++k) {
        const auto at = "arms/" + std::to_string(k);
        if (said.arms[k].price != found.arms[k].price) return at + "/price";
        if (said.arms[k].looks != found.arms[k].looks) return at + "/looks";
        if (said.arms[k].sales != found.arms[k].sales) return at + "/sales";
    }
    if (!policy.history) found.history.clear(), found.arrivals.reset();
    if (!policy.elsewhere) found.level.reset(), found.channels.reset();
    if (said.arrivals && found.arrivals) {
        found.arrivals->now = said.arrivals->now, found.arrivals->left = said.arrivals->left;
        found.arrivals->curves = said.arrivals->curves;
    }
    const auto unlike = [&](auto member) {
        DecisionInputs one, other;
        one.*member = said.*member, other.*member = found.*member;
        return bytes_of(one) != bytes_of(other);
    };
    if (unlike(&DecisionInputs::history)) return "history";
    if (unlike(&DecisionInputs::level)) return "level";
    if (unlike(&DecisionInputs::channels)) return "channels";
    return unlike(&DecisionInputs::arrivals) ? "arrivals" : "";
}

std::vector<const PriceSet*> prices_in(const Facts& facts) {
    std::vector<const PriceSet*> out;
    for (const auto& fact : facts)
        if (const auto* set = fact.as<PriceSet>()) out.push_back(set);
    return out;
}

template <class F>
const F* first(const Facts& facts) {
    for (const auto& fact : facts)
        if (const auto* found = fact.as<F>()) return found;
    return nullptr;
}

class Auditor {
  public:
    Auditor(const State& state, const Questions& questions, const Entry& entry, Instant at)
        : state_(state), questions_(questions), entry_(entry), moment_{at, entry.who, random_, {}} {}

    void audit(std::vector<AuditedDecision>& out, std::uint64_t first_seq) {
        const auto sets = prices_in(entry_.facts);
        if (sets.empty()) return;
        const auto again = take_again(*sets.front());
        std::size_t k = 0;
        for (std::size_t i = 0; i < entry_.facts.size(); ++i) {
            const auto* set = entry_.facts[i].as<PriceSet>();
            if (!set) continue;
            AuditedDecision row{first_seq + i, moment_.at, entry_.who, *set, Rederived::same, why_};
            if (row.detail.empty()) row.detail = compare(*set, again, k, sets.size());
            row.verdict = !row.detail.empty() ? Rederived::differs : retired_ ? Rederived::retired : Rederived::same;
            out.push_back(std::move(row));
            ++k;
        }
    }

  private:
    // The entry's prices as the rules give them now; a reason in why_ when there is nothing to compare with.
    Facts take_again(const PriceSet& set) {
        const auto* edited = first<DropEdited>(entry_.facts);
        if (edited && !first<DropScheduled>(entry_.facts)) return taken(decide::replan(state_, *edited, moment_));
        switch (set.kind) {
            case DecisionKind::bandit:
                return propose_again(set);
            case DecisionKind::override_:
                return override_again(set);
            case DecisionKind::override_ended:
                if (first<PriceReviewed>(entry_.facts))
                    return taken(decide::handle(state_, ReviewDue{set.key}, moment_));
                if (entry_.who.kind != ActorKind::timer)
                    return taken(decide::handle(state_, EndOverride{set.key, set.reason}, moment_));
                return taken(decide::handle(state_, OverrideDue{set.key}, moment_));
            case DecisionKind::kill:
                return taken(decide::handle(state_, KillPrices{set.key.drop, set.reason}, moment_));
            case DecisionKind::kill_undone:
                return undo_again(set);
            case DecisionKind::taper:
            case DecisionKind::ladder:
                return taken(decide::handle(state_, ReviewDue{set.key}, moment_));
            case DecisionKind::opening:
            case DecisionKind::fixed:
                if (const auto* scheduled = first<DropScheduled>(entry_.facts))
                    return taken(decide::handle(state_, ScheduleDrop{scheduled->drop}, moment_));
                if (first<PriceReviewed>(entry_.facts))  // its costs have moved
                    return taken(decide::handle(state_, ReviewDue{set.key}, moment_));
                why_ = "nothing beside it asks for a price";
                return {};
        }
        return {};
    }

    Facts propose_again(const PriceSet& set) {
        ProposePrice command{set.key, 0, set.inputs};
        const auto chosen = std::find_if(set.inputs.arms.begin(), set.inputs.arms.end(),
                                         [&](const ArmInput& arm) { return arm.price == set.wanted; });
        if (chosen == set.inputs.arms.end()) return why_ = "what was wanted is none of its bands", Facts{};
        command.arm = static_cast<std::uint32_t>(chosen - set.inputs.arms.begin());
        const auto* gone = retired(set.inputs.policy);
        if (!gone && set.inputs.policy != decide::engine_policy().name())
            return why_ = "unknown policy: no version of the program was called '" + set.inputs.policy + "'", Facts{};
        const auto asked = questions_.find({set.inputs.based_on, set.key});
        if (asked == questions_.end())
            return why_ = "no review asked for it at fact " + std::to_string(set.inputs.based_on), Facts{};
        auto question = asked->second;
        question.seed = set.inputs.seed;
        const auto again = decide::propose(question);
        if (gone) {
            const auto field = told_otherwise(*gone, set.inputs, again.inputs);
            if (!field.empty()) return why_ = "its inputs are not what the journal holds: " + field, Facts{};
            retired_ = true;
        } else {
            if (bytes_of(again.inputs) != bytes_of(set.inputs))
                return why_ = "its inputs are not what the engine saw, or its propensities not what it gave", Facts{};
            if (again.arm != command.arm) return why_ = "the engine chose another band from its seed", Facts{};
        }
        return taken(decide::handle(state_, command, moment_));
    }

    Facts override_again(const PriceSet& set) {
        if (set.approved) {
            const auto* answered = first<OverrideAnswered>(entry_.facts);
            if (!answered) return why_ = "it names an approval that is not there", Facts{};
            return taken(decide::handle(state_, AnswerOverride{set.approved, true, answered->reason}, moment_));
        }
        if (!set.until) return why_ = "an override without an end", Facts{};
        return taken(decide::handle(state_, OverridePrice{set.key, set.wanted, *set.until, set.reason}, moment_));
    }

    Facts undo_again(const PriceSet& set) {
        const auto* undone = first<KillUndone>(entry_.facts);
        if (!undone) return why_ = "nothing beside it undoes the kill switch", Facts{};
        const auto drop = set.key.drop;
        return undone->approved ? taken(decide::handle(state_, AnswerUndo{drop, true, undone->answer}, moment_))
                                : taken(decide::handle(state_, UndoKill{drop, set.reason}, moment_));
    }

    Facts taken(Verdict verdict) {
        if (verdict) return std::move(verdict).value();
        why_ = "the rules refuse it: " + std::string(verdict.error().code.word) + ": " + verdict.error().detail;
        return {};
    }

    static std::string compare(const PriceSet& set, const Facts& again, std::size_t k, std::size_t count) {
        const auto sets = prices_in(again);
        if (sets.size() != count || k >= sets.size())
            return "the rules set " + std::to_string(sets.size()) + " prices here, not " + std::to_string(count);
        const auto& other = *sets[k];
        if (other.price != set.price)
            return "the rules give the price " + std::to_string(other.price.n) + ", not " + std::to_string(set.price.n);
        return bytes_of(other) == bytes_of(set) ? "" : "the price follows, but its trail or explanation does not";
    }

    const State& state_;
    const Questions& questions_;
    const Entry& entry_;
    Random random_{0};
    Moment moment_;
    std::string why_;
    bool retired_ = false;
};

}  // namespace

bool retired_policy(std::string_view name) {
    return retired(name) != nullptr;
}

Result<PriceAudit, Fault> audit_prices(const Journal& journal, Instant since, Instant until,
                                       const std::function<void(std::uint64_t facts)>& progress) {
    PriceAudit out;
    out.result.since = since, out.result.until = until;
    State state;
    Digest256 hash{};
    Questions questions;
    std::optional<Fault> wrong;
    const auto head = journal.head();  // taken first: a running shop goes on writing
    if (!head) return Failure{head.error()};
    const auto read = journal.read(1, [&](const StoredBatch& stored) {
        if (stored.first > *head) return false;
        const auto batch = decode_batch(stored);
        if (!batch) return wrong = batch.error(), false;
        if (batch->previous != hash || batch->first != state.head + 1)
            return wrong = Fault{FaultKind::corrupt, "the chain is broken: run dropsmith verify"}, false;
        if (batch->at >= until) return false;  // the head is that of the period's end: it does not move any more
        begin_batch(state, batch->at);
        const bool wanted = batch->at >= since;
        for (const auto& entry : batch->entries) {
            if (wanted) Auditor(state, questions, entry, batch->at).audit(out.decisions, state.head + 1);
            for (const auto& fact : entry.facts) {
                evolve_all(state, fact, Stamp{batch->at, state.head + 1, entry.who});
                ++state.head;
                if (const auto* halted = fact.as<PricesHalted>(); halted && wanted)
                    out.halts.emplace_back(state.head, *halted);
            }
        }
        for (const auto& entry : batch->entries)
            for (const auto& fact : entry.facts)
                if (const auto* reviewed = fact.as<PriceReviewed>()) {
                    // only the newest question of a line can still be answered
                    std::erase_if(questions, [&](const auto& q) { return q.first.second == reviewed->key; });
                    if (auto question = decide::question_of(state, reviewed->key, batch->last(), 0))
                        questions.emplace(std::pair{batch->last(), reviewed->key}, std::move(*question));
                }
        hash = chain(hash, stored.bytes);
        if (progress) progress(state.head);
        return true;
    });
    if (wrong) return Failure{*wrong};
    if (!read) return Failure{read.error()};
    auto& result = out.result;
    for (const auto& row : out.decisions) {
        ++result.decisions;
        result.rederived += row.verdict == Rederived::same;
        result.retired += row.verdict == Rederived::retired;
        result.differing += row.verdict == Rederived::differs;
    }
    result.head = state.head, result.head_hash = hex(hash);
    return out;
}

}  // namespace dropsmith::engine
