// The merchant's rules over prices, and what is said of prices afterwards: the audit pack with its sign-off, the ethics
// audit, the feed of standing prices and how long they took. Covered by tests/http/prices.py.
#include "edge/http/routes.h"

#include "base/text.h"
#include "edge/http/handling.h"
#include "edge/http/price_views.h"
#include "engine/ethics_audit.h"
#include "flow/decide/prior_price.h"
#include "flow/sell/price_now.h"

namespace dropsmith::http {
namespace routes_prices {
namespace {

Reply rules_reply(const engine::Answer& answer, Call& c) {
    return json_reply(200, [&](JsonWriter& json) { write_rules(json, answer.state.prices.rules, words_of(c)); });
}

void get_rules(CallPtr call) { question(std::move(call), rules_reply); }

void patch_rules(CallPtr call) {
    const auto asked = body<PriceRulesPatch>(*call);
    if (!asked) return;
    SetPriceRules rules{asked->brands, asked->four_eyes_above, asked->one_person_is_enough, asked->personal,
                        asked->approval_free_change, asked->four_eyes_undo_kill};
    command(
        std::move(call), [rules](const State&, const Moment&) -> Result<Command, Refusal> { return Command(rules); },
        rules_reply);
}

// ?since=&until=: dates or times; by default the `days_back` days before now.
bool period_of(Call& call, Duration back, std::optional<Instant>& since, std::optional<Instant>& until) {
    const auto read = [&](std::string_view name, std::optional<Instant>& into) {
        const auto text = call.query.get(name);
        if (text.empty()) return true;
        into = parse_rfc3339(text.size() == 10 ? text + "T00:00:00Z" : text);
        if (!into)
            call.reply(
                bad_input("/" + std::string(name), "must be a date as 2026-11-21, or a time as 2026-11-21T00:00:00Z"));
        return into.has_value();
    };
    if (!read("since", since) || !read("until", until)) return false;
    if (since && until && *since >= *until) return call.reply(bad_input("/until", "must lie after since")), false;
    if (until && !since) since = *until - back;
    return true;
}

constexpr Duration week = days(7), month = days(30);

// Replays on a slow thread, then lets `tell` write the answer where the state may be read.
template <class Audit>
void with_audit(CallPtr call, std::optional<Instant> since, std::optional<Instant> until, Duration back,
                Result<Audit, Fault> (*read)(const engine::Journal&, Instant, Instant),
                std::function<void(CallPtr, std::shared_ptr<Audit>)> tell) {
    auto now = std::make_shared<Instant>();
    look_up(
        std::move(call),
        [now](const engine::Answer& answer, Call&) -> std::optional<Reply> { return *now = answer.at, std::nullopt; },
        [since, until, now, back, read, tell](CallPtr waiting) {
            slowly(std::move(waiting), [since, until, now, back, read, tell](CallPtr c) {
                const Instant end = until.value_or(*now + Duration{1}), start = since.value_or(end - back);
                auto audit = read(*c->services.journal, start, end);
                if (!audit)
                    return c->reply(problem(500, "error", "The journal could not be read: run dropsmith verify."));
                tell(std::move(c), std::make_shared<Audit>(std::move(audit).value()));
            });
        });
}

using PriceAuditPtr = std::shared_ptr<engine::PriceAudit>;
using EthicsAuditPtr = std::shared_ptr<engine::EthicsAudit>;

void with_prices(CallPtr call, std::optional<Instant> since, std::optional<Instant> until,
                 std::function<void(CallPtr, PriceAuditPtr)> tell) {
    with_audit<engine::PriceAudit>(
        std::move(call), since, until, week,
        [](const engine::Journal& journal, Instant start, Instant end) {
            return engine::audit_prices(journal, start, end);
        },
        std::move(tell));
}
void with_ethics(CallPtr call, std::optional<Instant> since, std::optional<Instant> until,
                 std::function<void(CallPtr, EthicsAuditPtr)> tell) {
    with_audit<engine::EthicsAudit>(std::move(call), since, until, month, engine::audit_ethics, std::move(tell));
}

// What was looked at must be what is signed: the head is that of the period's end.
std::optional<Failure<Refusal>> not_the_head(const std::string& seen, const std::string& head) {
    if (seen == head) return std::nullopt;
    return refuse(refusals::overtaken,
                  "this is not the head of that period: get the audit again, look at it, and sign its head_hash, " +
                      head);
}

void get_audit_pack(CallPtr call) {
    std::optional<Instant> since, until;
    if (!period_of(*call, week, since, until)) return;
    with_prices(std::move(call), since, until, [](CallPtr c, PriceAuditPtr audit) {
        question(std::move(c), [audit](const engine::Answer& answer, Call& asked) {
            return Reply{200, "application/json", audit_pack_json(*audit, answer.state, words_of(asked)), {}};
        });
    });
}

void post_sign_off(CallPtr call) {
    const auto asked = body<SignOffBody>(*call);
    if (!asked) return;
    if (asked->since >= asked->until) return call->reply(bad_input("/until", "must lie after since"));
    with_prices(std::move(call), asked->since, asked->until, [asked = *asked](CallPtr c, PriceAuditPtr audit) {
        command(
            std::move(c),
            [audit, asked](const State&, const Moment&) -> Result<Command, Refusal> {
                if (auto wrong = not_the_head(asked.head_hash, audit->result.head_hash)) return *wrong;
                return Command(SignAudit{audit->result, asked.note});
            },
            [](const engine::Answer& answer, Call&) {
                const auto* fact = fact_in<AuditSigned>(answer);
                if (!fact) return missing_fact();
                return json_reply(201, [&](JsonWriter& json) { write_sign_off(json, fact->result, fact->note); });
            });
    });
}

void get_ethics(CallPtr call) {
    std::optional<Instant> since, until;
    if (!period_of(*call, month, since, until)) return;
    with_ethics(std::move(call), since, until, [](CallPtr c, EthicsAuditPtr audit) {
        question(std::move(c), [audit](const engine::Answer& answer, Call& asked) {
            return Reply{200, "application/json", ethics_json(*audit, answer.state, words_of(asked)), {}};
        });
    });
}

void post_ethics_sign_off(CallPtr call) {
    const auto asked = body<SignOffBody>(*call);
    if (!asked) return;
    if (asked->since >= asked->until) return call->reply(bad_input("/until", "must lie after since"));
    with_ethics(std::move(call), asked->since, asked->until, [asked = *asked](CallPtr c, EthicsAuditPtr audit) {
        command(
            std::move(c),
            [audit, asked](const State&, const Moment&) -> Result<Command, Refusal> {
                if (auto wrong = not_the_head(asked.head_hash, audit->result.head_hash)) return *wrong;
                return Command(SignEthics{audit->result, asked.note});
            },
            [](const engine::Answer& answer, Call&) {
                const auto* fact = fact_in<EthicsSigned>(answer);
                if (!fact) return missing_fact();
                return json_reply(201, [&](JsonWriter& json) { write_sign_off(json, fact->result, fact->note); });
            });
    });
}

void get_sign_offs(CallPtr call) {
    question(std::move(call), [](const engine::Answer& answer, Call& c) {
        return json_reply(200, [&](JsonWriter& json) { write_sign_offs(json, answer.state, words_of(c)); });
    });
}

// Every price that stands in a drop that sells, for marketplaces and comparison pages; the head says how fresh it is.
void get_price_feed(CallPtr call) {
    question(std::move(call), [](const engine::Answer& answer, Call& c) {
        const auto& state = answer.state;
        return json_reply(200, [&](JsonWriter& json) {
            json.object().key("as_of").instant(answer.at.ms).key("data").array();
            for (const auto& [key, line] : state.prices.lines) {
                const auto* drop = state.drops.find(key.drop);
                const auto* channel = state.places.find(key.channel);
                if (!drop || !channel || key.line >= drop->lines.size() || drop->lines[key.line].ended) continue;
                if (drop->status != DropStatus::open && drop->status != DropStatus::scheduled) continue;
                const auto price = sell::price_now(state.prices, key, answer.at);
                const auto reduction = decide::announced_reduction(state.prices, key, price->price);
                json.object().key("drop").text(c.services.ids->show(drop->id)).key("slug").text(drop->terms.slug);
                json.key("status").text(word_of(drop->status)).key("sku").text(sku_code(state, line.sku));
                json.key("channel").text(channel->name).key("price").money(price->price.n, c.services.currency);
                json.key("prior_price");
                reduction ? json.money(reduction->prior.n, c.services.currency) : json.null();
                json.key("decision")
                    .text(c.services.ids->show(line.decision))
                    .key("decided_at")
                    .instant(line.set_at.ms);
                json.end();
            }
            json.end().key("next").null().end();
        });
    });
}

void write_skew(JsonWriter& json, const Skew& skew) {
    json.key("prices").natural(skew.prices);
    json.key("mean_ms").natural(skew.prices ? skew.sum_ms / skew.prices : 0).key("max_ms").natural(skew.max_ms);
    json.key("within").array();
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < skew.bounds_ms.size(); ++i) {
        below += skew.within[i];
        json.object().key("ms").integer(skew.bounds_ms[i]).key("prices").natural(below).end();
    }
    json.end().key("within_slo").natural(skew.in_time()).key("slo_met");
    skew.prices ? json.boolean(skew.goal_met()) : json.null();
}

// The skew between the moment of a decision and its delivery since the program started: of all, and of each channel
// that a price was decided for.
void get_propagation(CallPtr call) {
    question(std::move(call), [](const engine::Answer& answer, Call& c) {
        const auto skew = c.services.stream.skew();
        return json_reply(200, [&](JsonWriter& json) {
            json.object().key("as_of").instant(answer.at.ms).key("slo").object();
            json.key("ms").integer(Skew::goal_ms).key("share").rate(Skew::goal_share.n).end();
            write_skew(json, skew.all);
            json.key("channels").array();
            for (const auto& [id, of] : skew.channels) {
                const auto* channel = answer.state.places.find(id);
                json.object().key("channel").text(channel ? channel->name : std::string());
                write_skew(json, of);
                json.end();
            }
            json.end().key("pages_open").natural(c.services.stream.listeners()).end();
        });
    });
}

constexpr auto readers =
    needs<Role::operator_, Role::pricing, Role::finance, Role::legal, Role::viewer>(ScopeKind::channels);
constexpr auto auditors = needs<Role::finance, Role::legal, Role::operator_, Role::viewer>(ScopeKind::none);
constexpr auto signers = needs<Role::finance, Role::legal>(ScopeKind::shop);

constexpr Route table[] = {
    {"GET",
     "/v1/price-rules",
     readers,
     get_rules,
     {.summary = "The merchant's rules over the prices of all drops",
      .gives = "{brands: [{brand, exposure_max}], four_eyes_above, personal: [{jurisdiction, disclosure}], "
               "approval_free_change, four_eyes_undo_kill}"}},
    {"PATCH",
     "/v1/price-rules",
     needs<Role::legal, Role::finance>(ScopeKind::shop),
     patch_rules,
     {.summary = "Replaces what is given of the rules",
      .key = KeyRule::optional,
      .body = type_of<PriceRulesPatch>,
      .gives = "the rules"}},
    {"GET",
     "/v1/audit/prices",
     auditors,
     get_audit_pack,
     {.summary = "The audit pack: each price decision of a period (by default a week) taken again from its inputs",
      .query = "since,until",
      .gives = "{since, until, decisions, same, retired, differing, facts, head_hash, halts, data: [{verdict, detail, "
               "decision}], signed}"}},
    {"POST",
     "/v1/audit/prices/sign-off",
     signers,
     post_sign_off,
     {.summary =
          "Signs an audit pack by its head_hash; 409 overtaken when it is another head than the period ends with",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<SignOffBody>,
      .gives = "{since, until, decisions, same, retired, differing, facts, head_hash, note}"}},
    {"GET",
     "/v1/audit/ethics",
     auditors,
     get_ethics,
     {.summary = "What buyers paid in a period (by default 30 days), by channel and region, against what everybody "
                 "paid at the same time; orders that were put away since included",
      .query = "since,until",
      .gives = "{since, until, channels: [{name, orders, units, paid, expected, index, flagged}], regions, features, "
               "flagged, facts, head_hash, signed}"}},
    {"POST",
     "/v1/audit/ethics/sign-off",
     signers,
     post_ethics_sign_off,
     {.summary = "Signs an ethics audit by its head_hash; 409 overtaken when it is another head than the period ends "
                 "with",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<SignOffBody>,
      .gives = "{since, until, orders, units, flagged, facts, head_hash, note}"}},
    {"GET",
     "/v1/audit/sign-offs",
     auditors,
     get_sign_offs,
     {.summary = "Which periods have been signed, of both audits, newest first: a hundred of each",
      .gives = "{prices: [{since, until, decisions, same, retired, differing, facts, head_hash, note, who, at}], "
               "ethics: [{since, until, orders, units, flagged, facts, head_hash, note, who, at}]}"}},
    {"GET",
     "/v1/propagation",
     readers,
     get_propagation,
     {.summary = "How long price decisions took to every channel, open page and feed since the program started, of all "
                 "and by channel, and whether the goal is met (slo: the share of them within so many ms)",
      .gives = "{as_of, slo: {ms, share}, prices, mean_ms, max_ms, within: [{ms, prices}], within_slo, slo_met, "
               "channels: [{channel, prices, mean_ms, max_ms, within, within_slo, slo_met}], pages_open}"}},
    {"GET",
     "/v1/feed/prices",
     public_(),
     get_price_feed,
     {.summary = "Every price that stands, for marketplaces and other readers",
      .gives = "{as_of, data: [{drop, slug, status, sku, channel, price, prior_price, decision, decided_at}], next}"}},
};

}  // namespace
}  // namespace routes_prices

std::span<const Route> price_routes() { return routes_prices::table; }

}  // namespace dropsmith::http
