// ScheduleDrop: no clash, then DropScheduled and an opening price per line and channel. A line without a split gets the
// whole cap at the only place that has the stock, written down by a DropEdited before it is scheduled. Covered by
// flow/decide/plan_test.cpp.
#include "flow/decide/plan.h"

#include <algorithm>

#include "flow/decide/contradictions.h"
#include "flow/decide/opening.h"

namespace dropsmith::decide {
namespace {

bool fill_places(const State& state, DropTerms& terms) {
    bool filled = false;
    for (auto& line : terms.lines)
        if (line.places.empty())
            if (const auto place = only_place(state, line.sku))
                line.places.push_back({*place, line.cap}), filled = true;
    return filled;
}

Failure<Refusal> contradiction(std::vector<Clash> clashes) {
    auto refusal = refuse(refusals::plan_contradiction,
                          "the plan contradicts itself in " + std::to_string(clashes.size()) +
                              (clashes.size() == 1 ? " point: " : " points; the first: ") + clashes.front().detail);
    refusal.error.clashes = std::move(clashes);
    return refusal;
}

}  // namespace

Verdict handle(const State& state, const ScheduleDrop& command, const Moment& moment) {
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return refuse(refusals::not_found, "there is no such drop");
    if (drop->status != DropStatus::draft)
        return refuse(refusals::wrong_state,
                      "only a draft can be scheduled; this drop is " + std::string(word_of(drop->status)));
    auto terms = whole_terms(*drop);
    auto clashes = contradictions(state, terms, drop->id, moment.at);
    if (!clashes.empty()) return contradiction(std::move(clashes));

    Facts out;
    if (fill_places(state, terms))
        out.emplace_back(DropEdited{drop->id, terms, {}, "the whole cap at the only place that has the stock"});
    std::vector<std::uint32_t> lines;
    for (std::uint32_t i = 0; i < drop->lines.size(); ++i)
        if (!drop->lines[i].ended) lines.push_back(i);
    auto prices = opening_prices(state, drop->id, terms, lines, state.prices.decisions, moment.at);
    if (!prices) return Failure{std::move(prices.error())};
    out.emplace_back(DropScheduled{drop->id, terms.opens_at, terms.closes_at, terms.preorder_release});
    for (auto& price : *prices) out.emplace_back(std::move(price));
    return out;
}

Verdict replan(const State& state, const DropEdited& edit, const Moment& moment) {
    const auto* drop = state.drops.find(edit.drop);
    if (!drop) return refuse(refusals::not_found, "there is no such drop");
    const auto ended = [&](std::uint32_t line) {
        const bool before = line < drop->lines.size() && drop->lines[line].ended;
        return before || std::find(edit.ended_lines.begin(), edit.ended_lines.end(), line) != edit.ended_lines.end();
    };
    auto clashes = contradictions(state, edit.terms, edit.drop, moment.at, ended);
    if (!clashes.empty()) return contradiction(std::move(clashes));

    Facts out;
    auto decisions = state.prices.decisions;
    for (std::uint32_t line = 0; line < edit.terms.lines.size(); ++line) {
        if (ended(line)) continue;
        for (const auto channel : edit.terms.channels) {
            auto set = edited_price(state, {edit.drop, line, channel}, edit.terms, decisions, moment.at);
            if (!set) return Failure{std::move(set.error())};
            if (!*set) continue;
            decisions = (*set)->decision.n;
            out.emplace_back(std::move(**set));
        }
    }
    return out;
}

}  // namespace dropsmith::decide
