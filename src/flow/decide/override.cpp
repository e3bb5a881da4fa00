// Overrides and their approval. Covered by flow/decide/override_test.cpp.
#include "flow/decide/override.h"

#include "base/limits.h"
#include "flow/decide/channel_share.h"
#include "flow/decide/modes.h"
#include "flow/decide/price.h"
#include "flow/decide/price_inside.h"

namespace dropsmith::decide {
namespace {

bool may_go_below(const State& state, GrantId grant) {
    return grant.n >= 1 && grant.n <= state.access.grants.size() &&
           state.access.grants[grant.n - 1].limits.override_below_floor;
}

bool moves_more_than(Money from, Money to, Rate share) {
    const auto change = from > to ? from - to : to - from;
    return static_cast<__int128>(change.n) * whole.n > static_cast<__int128>(from.n) * share.n;
}

// The price from before it, or the one that a taper has announced for now.
GateAsk without_override(const Line& at, Instant now) {
    const auto& terms = at.drop.terms;
    const bool announced = mode_of(terms.pricing) == PriceMode::taper && !at.price.halted_by;
    GateAsk ask;
    ask.wanted = announced ? tapered(terms, at.terms, now) : at.price.before_override;
    return ask;
}

}  // namespace

Result<JudgedOverride, Refusal> judge_override(const State& state, const OverridePrice& command, GrantId by,
                                               Instant now) {
    auto at = find_line(state, command.key, now);
    if (!at) return Failure{std::move(at.error())};
    if (!has_prices(at->drop.status))
        return refuse(refusals::drop_not_open, "the drop is " + std::string(word_of(at->drop.status)));
    if (at->price.killed)
        return refuse(refusals::prices_killed, "the kill switch was thrown: the list price stands until it is undone");
    if (command.reason.empty() || command.reason.size() > limits::text_max)
        return refuse(refusals::bad_value, "an override says why: give a reason of at most 4000 bytes");
    if (command.until <= now) return refuse(refusals::bad_value, "an override ends: until must lie after now");
    if (command.price <= Money{}) return refuse(refusals::bad_value, "a price is above 0");

    GateAsk ask;
    ask.wanted = command.price;
    ask.leave = true;
    ask.leave_below_floor = may_go_below(state, by);
    auto gated = pass_gate(at->terms, at->drop.terms.pricing, at->unit, ask);
    if (!gated) return Failure{std::move(gated.error())};
    JudgedOverride out;
    out.set = set_price(state, command.key, DecisionKind::override_, command.price, *gated, *at, now);
    out.set.until = command.until;
    out.set.reason = command.reason;
    const auto look = next_review(at->drop.terms, at->terms, command.price < at->price.opened_at, now);
    if (look != Instant{} && (out.set.next_review == Instant{} || look < out.set.next_review))
        out.set.next_review = look;
    out.cost = override_cost(*at, channels_of(state, at->drop, command.key), command.price, command.until, now);
    out.set.cost = out.cost.margin;
    const auto& rule = state.prices.rules.four_eyes_above;
    const auto& free = state.prices.rules.approval_free_change;
    const bool in_band = free && !moves_more_than(at->terms.list_price, command.price, *free);
    // From what the shop asks without a person's price, so that small steps do not add up past a second person.
    const auto from = at->price.override_until ? at->price.before_override : at->price.price;
    out.second_person = rule && (command.price < gated->floor ||
                                 (!in_band && moves_more_than(from, command.price, *rule)));
    return out;
}

Verdict handle(const State& state, const OverridePrice& command, const Moment& moment) {
    auto judged = judge_override(state, command, moment.who.grant, moment.at);
    if (!judged) return Failure{std::move(judged.error())};
    if (!judged->second_person) return facts(std::move(judged->set));
    return facts(OverrideAsked{OverrideId{state.prices.overrides + 1}, command.key, command.price, command.until,
                               command.reason, judged->cost.margin});
}

Verdict handle(const State& state, const AnswerOverride& command, const Moment& moment) {
    const auto found = state.prices.asked.find(command.id);
    if (found == state.prices.asked.end())
        return refuse(refusals::not_found, "no override with this id waits for an answer");
    const auto& asked = found->second;
    if (command.reason.size() > limits::text_max) return refuse(refusals::bad_value, "a reason has at most 4000 bytes");
    OverrideAnswered answered{command.id, command.approve, command.reason};
    if (!command.approve) return facts(std::move(answered));
    if (asked.until <= moment.at)
        return refuse(refusals::wrong_state, "the override would have ended by now: ask for a new one");
    if (moment.who.kind == asked.who.kind && moment.who.grant == asked.who.grant)
        return refuse(refusals::needs_second_person,
                      "whoever asks for an override cannot approve it: another person with a grant of their own must");
    auto judged =
        judge_override(state, {asked.key, asked.price, asked.until, asked.reason}, asked.who.grant, moment.at);
    if (!judged) return Failure{std::move(judged.error())};
    judged->set.approved = command.id;
    return facts(std::move(answered), std::move(judged->set));
}

PriceSet override_ended(const State& state, const LineKey& key, const Line& at, const GateAsk& ask, std::string why,
                        Instant now) {
    auto set = set_price(state, key, DecisionKind::override_ended, ask.wanted, fall_back(at, ask), at, now);
    set.reason = std::move(why);
    return set;
}

Verdict handle(const State& state, const OverrideDue& command, const Moment& moment) {
    const auto at = find_line(state, command.key, moment.at, true);
    if (!at) return Failure{at.error()};
    return facts(override_ended(state, command.key, *at, without_override(*at, moment.at), "the override has ended",
                                moment.at));
}

Verdict handle(const State& state, const EndOverride& command, const Moment& moment) {
    const auto at = find_line(state, command.key, moment.at);
    if (!at) return Failure{at.error()};
    if (!has_prices(at->drop.status) || !at->price.override_until || *at->price.override_until <= moment.at)
        return refuse(refusals::wrong_state, "no override stands here: there is nothing to end");
    if (command.reason.empty() || command.reason.size() > limits::text_max)
        return refuse(refusals::bad_value, "say why the override ends early: give a reason of at most 4000 bytes");
    return facts(override_ended(state, command.key, *at, without_override(*at, moment.at), command.reason, moment.at));
}

}  // namespace dropsmith::decide
