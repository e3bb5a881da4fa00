// Covered by tests/http/prices.py.
#include "edge/http/price_views.h"

namespace dropsmith::http {
namespace {

std::string who_text(const Actor& who, const Words& words) {
    return who.grant ? std::string(word_of(who.kind)) + " " + words.ids.show(who.grant)
                     : std::string(word_of(who.kind));
}

void write_result(JsonWriter& json, const AuditResult& result) {
    json.key("since").instant(result.since.ms).key("until").instant(result.until.ms);
    json.key("decisions").natural(result.decisions).key("same").natural(result.rederived);
    json.key("retired").natural(result.retired).key("differing").natural(result.differing);
    json.key("facts").natural(result.head).key("head_hash").text(result.head_hash);
}

void write_result(JsonWriter& json, const EthicsResult& result) {
    json.key("since").instant(result.since.ms).key("until").instant(result.until.ms);
    json.key("orders").natural(result.orders).key("units").integer(result.units.n);
    json.key("flagged").natural(result.flagged).key("facts").natural(result.head);
    json.key("head_hash").text(result.head_hash);
}

template <class SignedOff>
void write_signed(JsonWriter& json, const SignedOff& sign_off, const Words& words) {
    json.object();
    write_result(json, sign_off.result);
    json.key("note").text(sign_off.note).key("who").text(who_text(sign_off.who, words));
    json.key("at").instant(sign_off.at.ms).end();
}

template <class SignedOff>
void write_newest_first(JsonWriter& json, const std::vector<SignedOff>& rows, const Words& words) {
    json.array();
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) write_signed(json, *row, words);
    json.end();
}

}  // namespace

void write_sign_offs(JsonWriter& json, const State& state, const Words& words) {
    json.object().key("prices"), write_newest_first(json, state.prices.sign_offs, words);
    json.key("ethics"), write_newest_first(json, state.prices.ethics_sign_offs, words);
    json.end();
}

void write_rules(JsonWriter& json, const PriceRules& rules, const Words& words) {
    json.value({&type_of<PriceRules>(), &rules}, words.json());
}

void write_asked(JsonWriter& json, const State& state, const AskedOverride& asked, const Words& words) {
    const auto* drop = state.drops.find(asked.key.drop);
    const auto* channel = state.places.find(asked.key.channel);
    json.object().key("id").text(words.ids.show(asked.id)).key("status").text("waits_for_a_second_person");
    json.key("drop").text(words.ids.show(asked.key.drop)).key("sku");
    json.text(drop && asked.key.line < drop->lines.size() ? sku_code(state, drop->lines[asked.key.line].terms.sku)
                                                          : "");
    json.key("channel").text(channel ? channel->name : "").key("price").money(asked.price.n, words.currency);
    json.key("until").instant(asked.until.ms).key("reason").text(asked.reason);
    json.key("costs").money(asked.cost.n, words.currency).key("who").text(who_text(asked.who, words)).end();
}

void write_asked(JsonWriter& json, const Drop& drop, const AskedUndo& asked, const Words& words) {
    json.object().key("drop").text(words.ids.show(drop.id)).key("slug").text(drop.terms.slug);
    json.key("status").text("waits_for_a_second_person").key("reason").text(asked.reason);
    json.key("who").text(who_text(asked.who, words)).key("asked_at").instant(asked.asked_at.ms).end();
}

std::string audit_pack_json(const engine::PriceAudit& audit, const State& state, const Words& words) {
    std::string out;
    JsonWriter json(out);
    json.object();
    write_result(json, audit.result);
    json.key("halts").array();
    for (const auto& [seq, halt] : audit.halts)
        json.object()
            .key("seq")
            .natural(seq)
            .key("drop")
            .text(words.ids.show(halt.drop))
            .key("by")
            .text(word_of(halt.by))
            .key("detail")
            .text(halt.detail)
            .end();
    json.end().key("data").array();
    for (const auto& row : audit.decisions) {
        json.object().key("verdict").text(word_of(row.verdict)).key("detail").text(row.detail).key("decision");
        write_decision(json, state, row.set, row.at, row.seq, row.who, words);
        json.end();
    }
    json.end().key("signed").array();
    for (const auto& sign_off : state.prices.sign_offs) {
        if (sign_off.result.since >= audit.result.until || sign_off.result.until <= audit.result.since) continue;
        write_signed(json, sign_off, words);
    }
    json.end().end();
    return out;
}

std::string ethics_json(const engine::EthicsAudit& audit, const State& state, const Words& words) {
    const auto& ethics = audit.told;
    std::string out;
    JsonWriter json(out);
    const auto groups = [&](std::string_view name, const std::vector<measure::GroupPaid>& rows) {
        json.key(name).array();
        for (const auto& row : rows) {
            json.object()
                .key("name")
                .text(row.name)
                .key("orders")
                .integer(row.orders)
                .key("units")
                .integer(row.units.n);
            json.key("paid").money(row.paid.n, words.currency).key("expected").money(row.expected.n, words.currency);
            json.key("index").rate(row.index.n).key("flagged").boolean(row.flagged).end();
        }
        json.end();
    };
    json.object().key("since").instant(ethics.since.ms).key("until").instant(ethics.until.ms);
    json.key("definition").text("ethics/2").key("tolerance").rate(measure::disparity_tolerance.n);
    json.key("units_min").integer(measure::disparity_units_min).key("orders").integer(ethics.orders);
    json.key("units").integer(ethics.units.n);
    groups("channels", ethics.channels), groups("regions", ethics.regions);
    json.key("drops_with_personal_prices").natural(ethics.personal_drops).key("features").array();
    for (const auto& feature : ethics.features) json.text(feature);
    json.end().key("personal").object().key("offers").natural(ethics.offers).key("features").array();
    for (const auto& row : ethics.offered) {
        json.object().key("feature").text(row.feature).key("offers").natural(row.offers);
        json.key("units").integer(row.units.n).key("given").money(row.given.n, words.currency).end();
    }
    json.end();
    groups("channels", ethics.own_channels), groups("regions", ethics.own_regions);
    json.end().key("flagged").natural(audit.result.flagged).key("facts").natural(audit.result.head);
    json.key("head_hash").text(audit.result.head_hash).key("signed").array();
    for (const auto& sign_off : state.prices.ethics_sign_offs) {
        if (sign_off.result.since >= audit.result.until || sign_off.result.until <= audit.result.since) continue;
        write_signed(json, sign_off, words);
    }
    json.end().end();
    return out;
}

void write_sign_off(JsonWriter& json, const AuditResult& result, const std::string& note) {
    json.object();
    write_result(json, result);
    json.key("note").text(note).end();
}
void write_sign_off(JsonWriter& json, const EthicsResult& result, const std::string& note) {
    json.object();
    write_result(json, result);
    json.key("note").text(note).end();
}

}  // namespace dropsmith::http
