// Covered by tests/http/routes.py.
#include "edge/http/measure.h"

#include <algorithm>

#include "base/describe.h"
#include "base/text.h"
#include "edge/http/handling.h"
#include "edge/http/local_opening.h"
#include "edge/http/verify_view.h"
#include "engine/batch.h"
#include "engine/full_price_tests.h"
#include "engine/price_reach.h"
#include "engine/pricing_copy.h"
#include "engine/replica.h"
#include "engine/verify.h"
#include "flow/decide/audit.h"
#include "flow/decide/draft.h"
#include "flow/decide/templates.h"
#include "flow/measure/elasticity.h"
#include "flow/measure/report.h"
#include "flow/measure/sides.h"

namespace dropsmith::http {

struct PlanBody {
    std::vector<std::string> skus;
    std::optional<Duration> window_seconds;
    std::optional<Instant> opens_at;
    std::optional<std::string> slug, title, channel;
    std::optional<std::string> from_template;  // by name
    std::vector<std::string> channels;         // all that sell it, the one that it is drafted for first
};
DROPSMITH_RECORD(PlanBody, skus, window_seconds, opens_at, slug, title, channel, from_template, channels)

struct RehearsalBody {
    DropBody plan;
    std::optional<std::uint64_t> runs, seed;
    std::optional<bool> full;
};
DROPSMITH_RECORD(RehearsalBody, plan, runs, seed, full)

}  // namespace dropsmith::http

namespace dropsmith {
using http::PlanBody;
using http::RehearsalBody;
DROPSMITH_TYPES(PlanBody, RehearsalBody)
}  // namespace dropsmith

namespace dropsmith::http {
namespace {

constexpr std::size_t reported_decisions_max = 20'000;
constexpr Duration soonest = hours(12);  // that a drafted plan opens by itself

struct Decided {
    PriceSet fact;
    Instant at;
    std::uint64_t seq = 0;
    Actor who;
};

bool wanted(const PriceSet& fact, std::optional<DropId> drop, std::string_view kind) {
    return (!drop || fact.key.drop == *drop) && (kind.empty() || word_of(fact.kind) == kind);
}

// What stopped the prices of a drop, and when a person let them go on.
class HaltLog {
  public:
    explicit HaltLog(DropId drop) : drop_(drop) {}
    void saw(const Fact& fact, Instant at) {
        if (const auto* halted = fact.as<PricesHalted>(); halted && halted->drop == drop_)
            halts_.push_back({at, *halted, std::nullopt, ""});
        if (const auto* resumed = fact.as<PricesResumed>(); resumed && resumed->drop == drop_)
            for (auto& halt : halts_)
                if (!halt.resumed_at) halt.resumed_at = at, halt.why = resumed->reason;
    }
    std::vector<measure::Halt> take() { return std::move(halts_); }

  private:
    DropId drop_;
    std::vector<measure::Halt> halts_;
};

// The journal is the record of decisions: read from the cursor on, a page at a time.
bool find_decisions(const engine::Journal& journal, const Page& page, std::optional<DropId> drop, std::string_view kind,
                    std::vector<Decided>& found, bool& more, measure::PeriodLog* periods = nullptr,
                    HaltLog* halts = nullptr, engine::FullPriceLog* tests = nullptr) {
    more = false;
    const auto read = journal.read(page.after + 1, [&](const engine::StoredBatch& stored) {
        const auto batch = engine::decode_batch(stored);
        if (!batch) return false;
        std::uint64_t seq = batch->first;
        for (const auto& entry : batch->entries)
            for (const auto& fact : entry.facts) {
                const auto* set = fact.as<PriceSet>();
                if (periods) periods->saw(fact, {batch->at, seq, entry.who});
                if (halts) halts->saw(fact, batch->at);
                if (tests) tests->saw(fact, {batch->at, seq, entry.who});
                if (set && seq > page.after && wanted(*set, drop, kind)) {
                    if (found.size() == page.limit) return more = true, false;
                    found.push_back({*set, batch->at, seq, entry.who});
                }
                ++seq;
            }
        return true;
    });
    return read.ok();
}

Reply decisions_reply(const std::vector<Decided>& found, std::optional<std::uint64_t> next, const State& state,
                      Instant as_of, Call& call) {
    return json_reply(200, [&](JsonWriter& json) {
        json.object().key("data").array();
        for (const auto& row : found) write_decision(json, state, row.fact, row.at, row.seq, row.who, words_of(call));
        json.end().key("next");
        next ? json.text(cursor_of(call, *next)) : json.null();
        json.key("as_of").instant(as_of.ms).end();
    });
}

// Newest first. From the tables when they follow, else (a command on a folder at rest) from the journal itself.
void answer_decisions(CallPtr call, const Page& page, std::optional<DropId> drop, const std::string& kind,
                      std::uint64_t head) {
    auto found = std::make_shared<std::vector<Decided>>();
    std::optional<std::uint64_t> next;
    std::optional<Instant> as_of;
    if (auto* tables = call->services.tables) {
        engine::DecisionsAsk ask;
        ask.page.at_least = head;
        ask.page.limit = page.limit;
        if (page.after) ask.page.before = page.after;
        if (drop) ask.drop = *drop;
        const auto words = choice_words(DecisionKind{});
        for (std::size_t i = 0; i < words.size(); ++i)
            if (words[i] == kind) ask.kind = static_cast<DecisionKind>(i);
        auto rows = tables->decisions(ask);
        if (!rows) return call->reply(too_busy(503, 2));
        for (auto& row : rows->rows) found->push_back({std::move(row.set), row.stamp.at, row.stamp.seq, row.stamp.who});
        next = rows->next;
        as_of = rows->as_of;
    } else {
        bool more = false;
        const Page all{reported_decisions_max, 0};
        if (!find_decisions(*call->services.journal, all, drop, kind, *found, more))
            return call->reply(too_busy(503, 2));
        std::reverse(found->begin(), found->end());
        const auto past = [&](const Decided& row) { return page.after && row.fact.decision.n >= page.after; };
        std::erase_if(*found, past);
        if (found->size() > page.limit) {
            found->resize(page.limit);
            next = found->back().fact.decision.n;
        }
    }
    question(std::move(call), [found, next, as_of](const engine::Answer& answer, Call& c) {
        return decisions_reply(*found, next, answer.state, as_of.value_or(answer.at), c);
    });
}

}  // namespace

const Type& rehearsal_body() { return type_of<RehearsalBody>(); }
const Type& plan_body() { return type_of<PlanBody>(); }

void get_decisions(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    const auto kind = call->query.get("kind");
    const auto words = choice_words(DecisionKind{});
    if (!kind.empty() && std::find(words.begin(), words.end(), kind) == words.end())
        return call->reply(bad_input("/kind", "is not a kind of decision"));
    // The drop may be named by its slug, which only the state knows: look it up first, then read the journal off the
    // loop.
    auto drop = std::make_shared<std::optional<DropId>>();
    auto head = std::make_shared<std::uint64_t>(0);
    look_up(
        std::move(call),
        [drop, head](const engine::Answer& answer, Call& c) -> std::optional<Reply> {
            *head = answer.state.head;
            const auto name = c.query.get("drop");
            if (name.empty()) return std::nullopt;
            const auto* found = drop_of(answer.state, *c.services.ids, name);
            if (!found) return bad_input("/drop", "is not a drop of this shop");
            *drop = found->id;
            return std::nullopt;
        },
        [drop, head, page, kind](CallPtr waiting) {
            slowly(std::move(waiting),
                   [drop, head, page, kind](CallPtr c) { answer_decisions(std::move(c), page, *drop, kind, *head); });
        });
}

void get_report(CallPtr call) {
    auto drop = std::make_shared<DropId>();
    auto head = std::make_shared<std::uint64_t>(0);
    auto meter = std::make_shared<engine::MeterTerms>();
    look_up(
        std::move(call),
        [drop, head, meter](const engine::Answer& answer, Call& c) -> std::optional<Reply> {
            const auto* found = drop_of(answer.state, *c.services.ids, c.params[0]);
            if (!found) return not_found();
            if (c.grant && !c.grant->scope.channels.empty() &&
                std::none_of(found->terms.channels.begin(), found->terms.channels.end(),
                             [&](ChannelId id) { return c.may_channel(id); }))
                return not_found();
            *drop = found->id;
            *head = answer.state.head;
            *meter = engine::meter_terms(answer.state, *found);
            return std::nullopt;
        },
        [drop, head, meter](CallPtr waiting) {
            slowly(std::move(waiting), [drop, head, meter](CallPtr c) {
                auto found = std::make_shared<std::vector<Decided>>();
                measure::PeriodLog periods(engine::price_reached, engine::of_cohort, *drop);
                HaltLog halts(*drop);
                engine::FullPriceLog meters(std::move(*meter));
                bool more = false;
                const Page all{reported_decisions_max, 0};
                if (!find_decisions(*c->services.journal, all, *drop, {}, *found, more, &periods, &halts, &meters))
                    return c->reply(too_busy(503, 2));
                const auto taken = periods.take(periods.last());
                auto learned =
                    std::make_shared<measure::Elasticity>(measure::elasticity_of(taken, periods.unexplained()));
                auto stopped = std::make_shared<std::vector<measure::Halt>>(halts.take());
                auto tests = std::make_shared<std::vector<measure::FullPriceTest>>(meters.take());
                auto archived = std::make_shared<std::vector<Order>>();
                if (auto* tables = c->services.tables) {
                    auto rows = tables->archived({{}, *drop, {}, *head});
                    if (!rows) return c->reply(too_busy(503, 2));
                    *archived = std::move(rows).value();
                }
                study(std::move(c), [drop, found, learned, archived, stopped, tests](const State& state, Call& asked) {
                    std::vector<measure::Decision> decisions;
                    for (const auto& row : *found) decisions.push_back({row.seq, row.at, row.fact});
                    const auto sides = measure::cohort_results(state, *state.drops.find(*drop), decisions, *archived,
                                                               engine::of_cohort);
                    return Reply{200,
                                 "application/json",
                                 measure::report_json(state, *drop, decisions, asked.services.ids,
                                                      measure::elasticity_json(*learned, state), *archived,
                                                      measure::cohorts_json(sides, state), *stopped, *tests),
                                 {}};
                });
            });
        });
}

// What the tests that run now do to their neighbours; from the replica, since it looks at many hours of many SKUs.
void get_neighbours(CallPtr call) {
    study(std::move(call), [](const State& state, Call& c) {
        const auto* drop = drop_of(state, *c.services.ids, c.params[0]);
        const bool scoped = c.grant && !c.grant->scope.channels.empty();
        if (!drop || (scoped && std::none_of(drop->terms.channels.begin(), drop->terms.channels.end(),
                                             [&](ChannelId id) { return c.may_channel(id); })))
            return not_found();
        auto tests = engine::tests_running(state, drop->id, state.at);
        std::erase_if(tests, [&](const auto& test) { return scoped && !c.may_channel(test.key.channel); });
        return json_reply(200, [&](JsonWriter& json) {
            json.object().key("drop").text(c.services.ids->show(drop->id)).key("as_of").instant(state.at.ms);
            measure::write_full_price_tests(json.key("tests"), state, tests);
            json.end();
        });
    });
}

void get_audit(CallPtr call) {
    slowly(std::move(call), [](CallPtr c) {
        const auto report = engine::verify(*c->services.journal);
        c->reply({200, "application/json", verify_json(report), {}});
    });
}

void post_rehearsal(CallPtr call) {
    if (!call->services.ports.rehearse) return call->refuse_not_found();
    const auto asked = body<RehearsalBody>(*call);
    if (!asked) return;
    const auto runs = asked->runs.value_or(1'000), seed = asked->seed.value_or(1);
    if (runs < 1 || runs > 10'000) return call->reply(bad_input("/runs", "must lie between 1 and 10000"));
    const bool full = asked->full.value_or(false);
    if (full && runs > 100) return call->reply(bad_input("/runs", "must lie between 1 and 100 for a full rehearsal"));
    std::string plan;
    write_json(plan, asked->plan, call->json());
    std::vector<std::string> skus;
    for (const auto& line : asked->plan.lines) skus.push_back(line.sku);
    // From the replica, on the slow thread: what the shop knows of these SKUs may be much, and the loop does not wait.
    auto& services = call->services;
    auto& rehearsals = services.rehearsals;
    const auto id = rehearsals.begin();
    const bool taken = services.slow.offer([&services, &rehearsals, id, skus, plan, runs, seed, full] {
        State copy;
        const auto copied = services.replica->ask([&](const State& state) {
            std::vector<SkuId> known;
            for (const auto& code : skus)
                if (const auto* sku = state.catalogue.find(code)) known.push_back(sku->id);
            copy = engine::copy_of_shop(state, known);
        });
        if (!copied) return rehearsals.finish(id, false, "the journal could not be read just now: ask again");
        auto outcome = services.ports.rehearse(copy, plan, runs, seed, full);
        outcome ? rehearsals.finish(id, true, std::move(outcome).value())
                : rehearsals.finish(id, false, outcome.error());
    });
    if (!taken) return call->reply(too_busy(503, 2));
    call->reply(json_reply(
        202, [&](JsonWriter& json) { json.object().key("id").text(id).key("status").text("running").end(); }));
}

void get_rehearsal(CallPtr call) {
    const auto found = call->services.rehearsals.find(call->params[0]);
    if (!found) return call->refuse_not_found();
    call->reply(json_reply(200, [&](JsonWriter& json) {
        json.object().key("id").text(call->params[0]);
        json.key("status").text(!found->done ? "running" : found->fine ? "done" : "failed");
        if (found->done && found->fine) json.key("result").raw(found->text);
        if (found->done && !found->fine) json.key("detail").text(found->text);
        json.end();
    }));
}

void get_velocity(CallPtr call) {
    decide::AuditAsk ask;
    const auto top = call->query.get("top");
    if (!top.empty()) {
        const auto share = parse_decimal(top, 6);
        if (!share || share->rounded || share->scaled < 0 || share->scaled > whole.n)
            return call->reply(bad_input("/top", "must be a share from 0 to 1 with at most 6 decimal places"));
        ask.top = Rate{share->scaled};
    }
    const auto day = [&](std::string_view name, std::optional<Instant>& into) {
        const auto text = call->query.get(name);
        if (text.empty()) return true;
        into = parse_rfc3339(text.size() == 10 ? text + "T00:00:00Z" : text);
        if (into) return true;
        call->reply(
            bad_input("/" + std::string(name), "must be a date as 2026-11-21, or a time as 2026-11-21T00:00:00Z"));
        return false;
    };
    if (!day("since", ask.since) || !day("until", ask.until)) return;
    study(std::move(call), [ask](const State& state, Call& c) {
        return Reply{
            200, "application/json", decide::audit_json(decide::audit_velocity(state, ask), c.services.currency), {}};
    });
}

void post_plan(CallPtr call) {
    const auto asked = body<PlanBody>(*call);
    if (!asked) return;
    study(std::move(call), [asked = *asked](const State& state, Call& c) {
        decide::DraftAsk ask;
        ask.skus = asked.skus;
        if (asked.window_seconds) ask.window = *asked.window_seconds;
        ask.opens_at = asked.opens_at;
        ask.now = c.services.shop_clock->now();
        if (asked.from_template) ask.plan = *asked.from_template;
        const auto known = decide::template_named(state.prices, ask.plan);
        if (known && !ask.opens_at)
            if ((ask.opens_at = next_opening(known->opening, state.shop.time_zone, ask.now + soonest)))
                ask.opens_why = "the next opening of the template " + ask.plan + " in " + state.shop.time_zone +
                                ", at least half a day from now";
        if (asked.channel) ask.channel = *asked.channel;
        for (const auto& name : asked.channels) {
            const bool first = &name == &asked.channels.front();
            if (first && !asked.channel) ask.channel = name;
            if (name != ask.channel) ask.also.push_back(name);
        }
        if (asked.slug) ask.slug = *asked.slug;
        if (asked.title) ask.title = *asked.title;
        const auto draft = decide::draft_plan(state, ask);
        if (!draft) return refusal_problem(draft.error());
        return Reply{200, "application/json", decide::draft_json(*draft, state, c.services.ids), {}};
    });
}

}  // namespace dropsmith::http
