// The kill switch and its undoing, which a second person approves where the merchant's rule asks for one. Covered by
// flow/decide/kill_test.cpp, flow/decide/price_test.cpp.
#include <algorithm>

#include "base/limits.h"
#include "flow/decide/modes.h"
#include "flow/decide/price.h"
#include "flow/decide/price_inside.h"

namespace dropsmith::decide {
namespace {

template <class Each>
void each_price(const State& state, DropId drop, Each each) {
    for (auto it = state.prices.lines.lower_bound({drop, 0, ChannelId{}});
         it != state.prices.lines.end() && it->first.drop == drop; ++it)
        each(it->first, it->second);
}

std::optional<Failure<Refusal>> not_to_undo(const State& state, DropId id, const std::string& reason) {
    const auto* drop = state.drops.find(id);
    if (!drop) return refuse(refusals::not_found, "there is no such drop");
    if (!has_prices(drop->status))
        return refuse(refusals::wrong_state,
                      "the drop is " + std::string(word_of(drop->status)) + ": its prices do not move any more");
    if (reason.empty() || reason.size() > limits::text_max)
        return refuse(refusals::bad_value, "say why prices may move again: give a reason of at most 4000 bytes");
    bool killed = false;
    each_price(state, id, [&](const LineKey&, const LinePrice& price) { killed = killed || price.killed; });
    if (!killed) return refuse(refusals::wrong_state, "the kill switch of this drop has not been thrown");
    return std::nullopt;
}

// What the gate makes of the plan at this moment: a taper is where its announcement says, everything else goes on from
// the price that stands. An override that the switch ended does not come back, and a halt stays a halt.
PriceSet priced_again(const State& state, const LineKey& key, const Line& at, Instant now) {
    const auto& terms = at.drop.terms;
    const bool taper = mode_of(terms.pricing) == PriceMode::taper;
    auto ask = governors_of(state, key, at, now);
    ask.stepping_from.reset(), ask.never_up = false, ask.dwelling = false;
    ask.wanted = taper && !ask.halted ? tapered(terms, at.terms, now) : at.price.price;
    ask.announced = taper;
    auto set = set_price(state, key, DecisionKind::kill_undone, ask.wanted, fall_back(at, ask), at, now);
    set.next_review = next_review(terms, at.terms, set.price < at.price.opened_at, now);
    if (reviewed(terms.pricing))  // the plan may have been edited while the switch stood
        for (const auto band : bands_of(at.terms))
            set.inputs.arms.push_back({band, 0, 0, band == set.price ? whole : Rate{}});
    return set;
}

Facts undo(const State& state, DropId drop, const std::string& reason, const AnswerUndo* answer, Instant now) {
    Facts out = facts(KillUndone{drop, reason, answer != nullptr, answer ? answer->reason : std::string()});
    auto decisions = state.prices.decisions;
    each_price(state, drop, [&](const LineKey& key, const LinePrice&) {
        const auto at = find_line(state, key, now);
        if (!at) return;  // the line has ended
        auto set = priced_again(state, key, *at, now);
        set.decision = DecisionId{++decisions};
        set.reason = reason;
        out.emplace_back(std::move(set));
    });
    return out;
}

}  // namespace

Verdict handle(const State& state, const KillPrices& command, const Moment& moment) {
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return refuse(refusals::not_found, "there is no such drop");
    if (!has_prices(drop->status))
        return refuse(refusals::wrong_state,
                      "the drop is " + std::string(word_of(drop->status)) + ": it has no prices to stop");
    if (command.reason.size() > limits::text_max) return refuse(refusals::bad_value, "a reason has at most 4000 bytes");
    Facts out;
    std::uint64_t decisions = state.prices.decisions;
    bool before = false;
    each_price(state, command.drop, [&](const LineKey& key, const LinePrice& price) {
        before = before || price.killed;
        auto at = find_line(state, key, moment.at);
        if (!at || price.killed) return;  // the line has ended; or stands at its list price
        GateAsk ask;
        ask.wanted = at->terms.list_price;
        ask.killed = true;
        auto set = set_price(state, key, DecisionKind::kill, ask.wanted, fall_back(*at, ask), *at, moment.at);
        set.decision = DecisionId{++decisions};
        set.reason = command.reason;
        set.next_review = Instant{};
        out.emplace_back(std::move(set));
    });
    if (before && out.empty())
        return refuse(refusals::prices_killed, "the prices of this drop were put back to the list price before");
    out.emplace_back(PricesKilled{command.drop, command.reason});
    return out;
}

Verdict handle(const State& state, const UndoKill& command, const Moment& moment) {
    if (auto wrong = not_to_undo(state, command.drop, command.reason)) return *wrong;
    if (state.prices.undos.contains(command.drop))
        return refuse(refusals::wrong_state, "this waits for a second person already: approve it or reject it");
    if (state.prices.rules.four_eyes_undo_kill) return facts(KillUndoAsked{command.drop, command.reason});
    return undo(state, command.drop, command.reason, nullptr, moment.at);
}

Verdict handle(const State& state, const AnswerUndo& command, const Moment& moment) {
    const auto found = state.prices.undos.find(command.drop);
    if (found == state.prices.undos.end())
        return refuse(refusals::not_found, "nobody has asked to undo the kill switch of this drop");
    if (command.reason.size() > limits::text_max) return refuse(refusals::bad_value, "a reason has at most 4000 bytes");
    if (!command.approve) return facts(KillUndoRejected{command.drop, command.reason});
    const auto& asked = found->second;
    if (moment.who.kind == asked.who.kind && moment.who.grant == asked.who.grant)
        return refuse(refusals::needs_second_person,
                      "whoever asks to undo the kill switch cannot approve it: another person with a grant of their "
                      "own must");
    if (auto wrong = not_to_undo(state, command.drop, asked.reason)) return *wrong;
    return undo(state, command.drop, asked.reason, &command, moment.at);
}

}  // namespace dropsmith::decide
