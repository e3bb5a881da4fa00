// Covered by tests/http/studies.py.
#include "edge/http/studies.h"

#include <algorithm>

#include "base/text.h"
#include "edge/http/handling.h"
#include "engine/batch.h"
#include "engine/price_reach.h"
#include "engine/pricing_copy.h"
#include "engine/replica.h"
#include "flow/measure/elasticity.h"

namespace dropsmith::http {
namespace {

// The whole journal as periods of prices; nullopt: it could not be read.
std::optional<std::vector<measure::Period>> periods_of(const engine::Journal& journal, std::optional<DropId> drop,
                                                       std::uint64_t& unexplained) {
    measure::PeriodLog log(engine::price_reached, engine::of_cohort, drop);
    const auto read = journal.read(1, [&](const engine::StoredBatch& stored) {
        const auto batch = engine::decode_batch(stored);
        if (!batch) return false;
        std::uint64_t seq = batch->first;
        for (const auto& entry : batch->entries)
            for (const auto& fact : entry.facts) log.saw(fact, {batch->at, seq++, entry.who});
        return true;
    });
    if (!read.ok()) return std::nullopt;
    auto periods = log.take(log.last());
    unexplained = log.unexplained();
    return periods;
}

}  // namespace

void get_elasticity(CallPtr call) {
    auto drop = std::make_shared<std::optional<DropId>>();
    look_up(
        std::move(call),
        [drop](const engine::Answer& answer, Call& c) -> std::optional<Reply> {
            const auto name = c.query.get("drop");
            if (name.empty()) return std::nullopt;
            const auto* found = drop_of(answer.state, *c.services.ids, name);
            if (!found) return bad_input("/drop", "is not a drop of this shop");
            *drop = found->id;
            return std::nullopt;
        },
        [drop](CallPtr waiting) {
            slowly(std::move(waiting), [drop](CallPtr c) {
                std::uint64_t unexplained = 0;
                auto periods = periods_of(*c->services.journal, *drop, unexplained);
                if (!periods) return c->reply(too_busy(503, 2));
                if (c->grant && !c->grant->scope.channels.empty())
                    std::erase_if(*periods, [&](const auto& period) { return !c->may_channel(period.key.channel); });
                auto found = std::make_shared<measure::Elasticity>(measure::elasticity_of(*periods, unexplained));
                question(std::move(c), [found](const engine::Answer& answer, Call&) {
                    return Reply{200, "application/json", measure::elasticity_json(*found, answer.state), {}};
                });
            });
        });
}

void get_replay(CallPtr call) {
    if (!call->services.ports.replay) return call->refuse_not_found();
    const auto policy = call->query.get("policy"), seed_text = call->query.get("seed");
    if (policy.empty() || policy.size() > 40)
        return call->reply(bad_input("/policy", "name one: engine, ts-update, taper, list, logged, or fixed:INDEX"));
    const auto seed = seed_text.empty() ? std::optional<Decimal>{{1, false}} : parse_decimal(seed_text, 0);
    if (!seed || seed->rounded || seed->scaled < 0) return call->reply(bad_input("/seed", "must be 0 or more"));
    auto copy = std::make_shared<State>();
    auto drop = std::make_shared<DropId>();
    look_up(
        std::move(call),
        [copy, drop](const engine::Answer& answer, Call& c) -> std::optional<Reply> {
            const auto* found = drop_of(answer.state, *c.services.ids, c.params[0]);
            if (!found) return not_found();
            if (c.grant && !c.grant->scope.channels.empty() &&
                std::none_of(found->terms.channels.begin(), found->terms.channels.end(),
                             [&](ChannelId id) { return c.may_channel(id); }))
                return not_found();
            *drop = found->id;
            return std::nullopt;
        },
        [copy, drop, policy, seed = static_cast<std::uint64_t>(seed->scaled)](CallPtr waiting) {
            slowly(std::move(waiting), [copy, drop, policy, seed](CallPtr c) {
                std::uint64_t unexplained = 0;
                const auto periods = periods_of(*c->services.journal, *drop, unexplained);
                if (!periods) return c->reply(too_busy(503, 2));
                const auto asked = c->services.replica->ask([&](const State& state) {
                    std::vector<SkuId> skus;
                    for (const auto& line : state.drops.find(*drop)->lines) skus.push_back(line.terms.sku);
                    *copy = engine::copy_of_shop(state, skus, DropId{drop->n + 1}, state.at + Duration{1});
                });
                if (!asked) return c->reply(too_busy(503, 5));
                const auto told = c->services.ports.replay(*copy, *drop, *periods, policy, seed);
                if (!told) return c->reply(bad_input("/policy", told.error()));
                c->reply({200, "application/json", *told, {}});
            });
        });
}

}  // namespace dropsmith::http
