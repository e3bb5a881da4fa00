// Covered by tests/http/measure_test.py.
#include "edge/http/measure.h"

#include <algorithm>

#include "base/describe.h"
#include "base/text.h"
#include "edge/http/handling.h"
#include "engine/batch.h"
#include "flow/decide/audit.h"
#include "flow/decide/draft.h"

namespace dropsmith::http {

struct PlanBody {
    std::vector<std::string> skus;
    std::optional<Duration> window_seconds;
    std::optional<Instant> opens_at;
    std::optional<std::string> slug, title, channel;
};
DROPSMITH_RECORD(PlanBody, skus, window_seconds, opens_at, slug, title, channel)

}  // namespace dropsmith::http

namespace dropsmith {
using http::PlanBody;
DROPSMITH_TYPES(PlanBody)
}  // namespace dropsmith

namespace dropsmith::http {
namespace {

struct Decided {
    PriceSet fact;
    Instant at;
    std::uint64_t seq = 0;
    Actor who;
};

bool wanted(const PriceSet& fact, std::optional<DropId> drop, std::string_view kind) {
    return (!drop || fact.key.drop == *drop) && (kind.empty() || word_of(fact.kind) == kind);
}

// The journal is the record of decisions: read from the cursor on, a page at a time.
bool find_decisions(const engine::Journal& journal, const Page& page, std::optional<DropId> drop, std::string_view kind,
                    std::vector<Decided>& found, bool& more) {
    more = false;
    const auto read = journal.read(page.after + 1, [&](const engine::StoredBatch& stored) {
        const auto batch = engine::decode_batch(stored);
        if (!batch) return false;
        std::uint64_t seq = batch->first;
        for (const auto& entry : batch->entries)
            for (const auto& fact : entry.facts) {
                const auto* set = fact.as<PriceSet>();
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

}  // namespace

const Type& plan_body() { return type_of<PlanBody>(); }

void get_decisions(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    const auto kind = call->query.get("kind");
    const auto words = choice_words(DecisionKind{});
    if (!kind.empty() && std::find(words.begin(), words.end(), kind) == words.end())
        return call->reply(bad_input("/kind", "is not a kind of decision"));
    auto& slow = call->services.slow;
    auto shared = std::make_shared<CallPtr>();
    const auto name = call->query.get("drop");
    std::optional<DropId> drop;
    if (!name.empty()) {
        drop = call->services.ids->read<DropTag>(name);
        if (!drop) return call->reply(bad_input("/drop", "is not the id of a drop"));
    }
    *shared = std::move(call);
    const bool taken = slow.offer([shared, page, kind, drop] {
        auto found = std::make_shared<std::vector<Decided>>();
        bool more = false;
        auto& services = (*shared)->services;
        if (!services.journal || !find_decisions(*services.journal, page, drop, kind, *found, more))
            return (*shared)->reply(too_busy(503, 2));
        question(std::move(*shared), [found, more](const engine::Answer& answer, Call& c) {
            return json_reply(200, [&](JsonWriter& json) {
                json.object().key("data").array();
                for (const auto& row : *found) write_decision(json, answer.state, row.fact, row.at, row.seq, row.who, words_of(c));
                json.end().key("next");
                more ? json.text(cursor_of(c, found->back().seq)) : json.null();
                json.end();
            });
        });
    });
    if (!taken) (*shared)->reply(too_busy(503, 2));
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
        call->reply(bad_input("/" + std::string(name), "must be a date as 2026-11-21, or a time as 2026-11-21T00:00:00Z"));
        return false;
    };
    if (!day("since", ask.since) || !day("until", ask.until)) return;
    question(std::move(call), [ask](const engine::Answer& answer, Call& c) {
        return Reply{200, "application/json", decide::audit_json(decide::audit_velocity(answer.state, ask), c.services.currency), {}};
    });
}

void post_plan(CallPtr call) {
    const auto asked = body<PlanBody>(*call);
    if (!asked) return;
    question(std::move(call), [asked = *asked](const engine::Answer& answer, Call& c) {
        decide::DraftAsk ask;
        ask.skus = asked.skus;
        if (asked.window_seconds) ask.window = *asked.window_seconds;
        ask.opens_at = asked.opens_at;
        ask.now = answer.at;
        if (asked.channel) ask.channel = *asked.channel;
        if (asked.slug) ask.slug = *asked.slug;
        if (asked.title) ask.title = *asked.title;
        const auto draft = decide::draft_plan(answer.state, ask);
        if (!draft) return refusal_problem(draft.error());
        return Reply{200, "application/json", decide::draft_json(*draft, answer.state, c.services.ids), {}};
    });
}

}  // namespace dropsmith::http
