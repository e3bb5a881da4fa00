// The merchant's rules over all drops, a person's word after a halt, and sign-offs of audits. Covered by
// flow/decide/governors_test.cpp.
#include <algorithm>
#include <set>

#include "base/limits.h"
#include "flow/decide/price.h"

namespace dropsmith::decide {
namespace {

constexpr std::size_t rules_max = 1'000;

Failure<Refusal> wrong(const std::string& pointer, std::string detail) {
    auto refusal = refuse(refusals::bad_value, detail);
    refusal.error.clashes.push_back({"bad_value", pointer, std::move(detail)});
    return refusal;
}

std::string at(const char* list, std::size_t i, const char* field) {
    return std::string("/") + list + "/" + std::to_string(i) + "/" + field;
}

bool too_long(const std::string& text) { return text.size() > limits::text_max; }

}  // namespace

Verdict handle(const State& state, const SetPriceRules& command, const Moment&) {
    auto rules = state.prices.rules;
    if (command.brands) rules.brands = *command.brands;
    if (command.personal) rules.personal = *command.personal;
    if (command.four_eyes_above) rules.four_eyes_above = command.four_eyes_above;
    if (command.approval_free_change) rules.approval_free_change = command.approval_free_change;
    if (rules.approval_free_change == Rate{}) rules.approval_free_change.reset();
    if (command.four_eyes_undo_kill) rules.four_eyes_undo_kill = *command.four_eyes_undo_kill;
    if (command.one_person_is_enough) rules.four_eyes_above.reset(), rules.approval_free_change.reset();
    if (rules.brands.size() > rules_max || rules.personal.size() > rules_max)
        return wrong("/brands", "at most 1000 rules");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < rules.brands.size(); ++i) {
        const auto& rule = rules.brands[i];
        if (rule.brand.empty() || rule.brand.size() > limits::name_max)
            return wrong(at("brands", i, "brand"), "a brand has 1 to 200 bytes");
        if (!seen.insert(rule.brand).second) return wrong(at("brands", i, "brand"), "the brand is named twice");
        if (rule.exposure_max < Rate{} || rule.exposure_max > whole)
            return wrong(at("brands", i, "exposure_max"), "a share lies between 0 and 1");
    }
    for (std::size_t i = 0; i < rules.personal.size(); ++i) {
        const auto& rule = rules.personal[i];
        if (rule.jurisdiction.size() < 2 || rule.jurisdiction.size() > 6)
            return wrong(at("personal", i, "jurisdiction"), "give an ISO 3166 code, like GB or US-NY");
        if (rule.disclosure.empty() || too_long(rule.disclosure))
            return wrong(at("personal", i, "disclosure"), "say what the buyer is told, in 1 to 4000 bytes");
    }
    if (rules.four_eyes_above && (*rules.four_eyes_above < Rate{} || *rules.four_eyes_above > whole))
        return wrong("/four_eyes_above", "a share lies between 0 and 1");
    if (rules.approval_free_change && (*rules.approval_free_change < Rate{} || *rules.approval_free_change > whole))
        return wrong("/approval_free_change", "a share of the list price lies between 0 and 1");
    if (rules.approval_free_change && !rules.four_eyes_above)
        return wrong("/approval_free_change",
                     "without four_eyes_above no override needs a second person: give that, too");
    return facts(PriceRulesSet{std::move(rules)});
}

Verdict handle(const State& state, const ResumePrices& command, const Moment&) {
    if (!state.drops.find(command.drop)) return refuse(refusals::not_found, "there is no such drop");
    if (command.reason.empty() || too_long(command.reason))
        return wrong("/reason", "say why the engine may go on, in 1 to 4000 bytes");
    bool halted = false;
    for (auto it = state.prices.lines.lower_bound({command.drop, 0, ChannelId{}});
         it != state.prices.lines.end() && it->first.drop == command.drop; ++it)
        halted = halted || it->second.halted_by;
    if (!halted) return refuse(refusals::wrong_state, "no price of this drop is halted");
    return facts(PricesResumed{command.drop, command.reason});
}

Verdict handle(const State& state, const SignAudit& command, const Moment&) {
    const auto& result = command.result;
    if (result.head > state.head) return refuse(refusals::bad_value, "the audit has seen facts that are not there");
    if (too_long(command.note)) return wrong("/note", "a note has at most 4000 bytes");
    if (result.differing > 0 && command.note.empty())
        return refuse(refusals::audit_differs,
                      std::to_string(result.differing) +
                          " decisions do not follow from their inputs: look at them, and say in note what was done");
    return facts(AuditSigned{result, command.note});
}

Verdict handle(const State& state, const SignEthics& command, const Moment& moment) {
    const auto& result = command.result;
    if (result.head > state.head) return refuse(refusals::bad_value, "the audit has seen facts that are not there");
    if (result.until > moment.at)
        return wrong("/until", "the period is not over: what is signed must not change any more");
    if (too_long(command.note)) return wrong("/note", "a note has at most 4000 bytes");
    if (result.flagged > 0 && command.note.empty())
        return wrong("/note", std::to_string(result.flagged) +
                                  " groups paid otherwise than everybody: look at them, and say in note what was done");
    return facts(EthicsSigned{result, command.note});
}

}  // namespace dropsmith::decide
