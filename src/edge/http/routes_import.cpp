// Sales before Dropsmith: begun, staged by slices in the bulk lane, published at once, or abandoned.
// Covered by tests/http/imports.py.
#include "base/digest.h"
#include "edge/http/handling.h"
#include "edge/http/requests_import.h"
#include "edge/http/routes.h"

namespace dropsmith::http {
namespace routes_import {
namespace {

void write_totals(JsonWriter& json, const HistoryTotals& totals, const Words& words) {
    json.key("rows").natural(totals.rows).key("unchanged").natural(totals.unchanged);
    json.key("orders").natural(totals.orders).key("returns").natural(totals.returns);
    json.key("customers").natural(totals.customers);
    json.key("gross").money(totals.gross.n, words.currency).key("returned").money(totals.returned.n, words.currency);
    json.key("net").money(totals.net.n, words.currency);
}

void write_import(JsonWriter& json, const Import& import, const Words& words) {
    json.object().key("id").text(words.ids.show(import.id)).key("status").text(word_of(import.status));
    json.key("file_name")
        .text(import.file_name)
        .key("file_digest")
        .text(import.file_digest)
        .key("format")
        .text(import.format);
    write_totals(json, import.totals, words);
    json.end();
}

const Import* import_of(const State& state, ImportId id) {
    return id.n >= 1 && id.n <= state.history.imports.size() ? &state.history.imports[id.n - 1] : nullptr;
}

View import_view(ImportId id, int status) {
    return [id, status](const engine::Answer& answer, Call& c) {
        const Import* import = import_of(answer.state, id);
        if (!import) return missing_fact();
        return json_reply(status, [&](JsonWriter& json) { write_import(json, *import, words_of(c)); });
    };
}

Doing in_bulk() {
    Doing doing;
    doing.lane = engine::Lane::bulk;
    return doing;
}

void post_import(CallPtr call) {
    const auto asked = body<ImportBody>(*call);
    if (!asked) return;
    command(
        std::move(call),
        [asked = *asked](const State&, const Moment&) -> Result<Command, Refusal> {
            return Command(BeginImport{asked.file_name, asked.file_digest, asked.format});
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<ImportBegun>(answer);
            if (!fact) return missing_fact();
            return import_view(fact->import, 201)(answer, c);
        },
        in_bulk());
}

// Under the shop's key, so that nobody without it can tell a customer from the digest.
std::uint64_t customer_digest(const Services& services, const std::optional<std::string>& customer) {
    if (!customer || customer->empty()) return 0;
    const std::uint64_t n = first_64(blake2b("customer of an import: " + *customer, services.mac_key));
    return n == 0 ? 1 : n;
}

void post_rows(CallPtr call) {
    const auto id = path_id<ImportId>(*call);
    if (!id) return;
    auto asked = body<ImportRowsBody>(*call);
    if (!asked) return;
    StageHistory stage{*id, std::move(asked->skus), {}};
    stage.lines.reserve(asked->lines.size());
    for (const auto& line : asked->lines)
        stage.lines.push_back({line.key, line.order, customer_digest(call->services, line.customer), line.sku, line.at,
                               line.units, line.amount, line.is_return, line.is_adjustment});
    command(
        std::move(call),
        [stage = std::move(stage)](const State&, const Moment&) -> Result<Command, Refusal> { return Command(stage); },
        [id = *id](const engine::Answer& answer, Call& c) {
            std::uint64_t rows = 0, unchanged = 0;
            if (answer.facts)
                for (const auto& fact : *answer.facts)
                    if (const auto* staged = fact.as<HistoryStaged>())
                        rows += staged->totals.rows, unchanged += staged->totals.unchanged;
            return json_reply(200, [&](JsonWriter& json) {
                json.object()
                    .key("id")
                    .text(c.services.ids->show(id))
                    .key("rows")
                    .natural(rows)
                    .key("unchanged")
                    .natural(unchanged)
                    .end();
            });
        },
        in_bulk());
}

template <class C>
void end_import(CallPtr call) {
    const auto id = path_id<ImportId>(*call);
    if (!id || !no_body(*call)) return;
    command(
        std::move(call), [id = *id](const State&, const Moment&) -> Result<Command, Refusal> { return Command(C{id}); },
        import_view(*id, 200), in_bulk());
}

void get_imports(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    question(std::move(call), [page](const engine::Answer& answer, Call& c) {
        return list_reply(
            c, page, answer.state.history.imports, [](const Import&) { return true; },
            [&](JsonWriter& json, const Import& import) { write_import(json, import, words_of(c)); }, answer.at);
    });
}

void get_import(CallPtr call) {
    const auto id = path_id<ImportId>(*call);
    if (!id) return;
    question(std::move(call), [id = *id](const engine::Answer& answer, Call& c) {
        if (!import_of(answer.state, id)) return not_found();
        return import_view(id, 200)(answer, c);
    });
}

constexpr auto writers = needs<Role::operator_>(ScopeKind::shop);
constexpr auto readers = needs<Role::operator_, Role::pricing, Role::finance, Role::viewer>(ScopeKind::shop);
constexpr std::string_view shown =
    "{id, status, file_name, file_digest, format, rows, unchanged, orders, returns, customers, gross, returned, net}";
constexpr Route table[] = {
    {"POST",
     "/v1/imports",
     writers,
     post_import,
     {.summary = "Begins an import of past sales; one at a time",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<ImportBody>,
      .gives = shown}},
    {"POST",
     "/v1/imports/{id}/rows",
     writers,
     post_rows,
     {.summary = "Stages at most 1,000 lines; lines known already change nothing",
      .key = KeyRule::optional,
      .body = type_of<ImportRowsBody>,
      .gives = "{id, rows, unchanged}"}},
    {"POST",
     "/v1/imports/{id}/publish",
     writers,
     end_import<PublishImport>,
     {.summary = "All staged lines become history, at once", .key = KeyRule::optional, .gives = shown}},
    {"POST",
     "/v1/imports/{id}/abandon",
     writers,
     end_import<AbandonImport>,
     {.summary = "All staged lines are forgotten", .key = KeyRule::optional, .gives = shown}},
    {"GET",
     "/v1/imports",
     readers,
     get_imports,
     {.summary = "All imports", .query = "limit,cursor", .gives = "{data: [import], next}"}},
    {"GET", "/v1/imports/{id}", readers, get_import, {.summary = "One import", .gives = shown}},
};

}  // namespace
}  // namespace routes_import

std::span<const Route> import_routes() { return routes_import::table; }

}  // namespace dropsmith::http
