// Receipts, moves, counts, sales made elsewhere, and what lies where. Covered by tests/http/routes.py.
#include "edge/http/routes.h"

#include "edge/http/handling.h"

namespace dropsmith::http {
namespace routes_stock {
namespace {

void write_lines(JsonWriter& json, const State& state, const std::vector<StockLine>& lines, const Words& words) {
    json.key("lines").array();
    for (const auto& line : lines) {
        json.object().key("sku").text(sku_code(state, line.sku)).key("units").integer(line.units.n);
        if (line.unit_cost) json.key("unit_cost").money(line.unit_cost->n, words.currency);
        json.end();
    }
    json.end();
}

void post_receipt(CallPtr call) {
    const auto asked = body<ReceiptBody>(*call);
    if (!asked) return;
    if (!call->may_place(asked->place)) return call->refuse_not_found();
    command(
        std::move(call),
        [asked = *asked](const State& state, const Moment&) -> Result<Command, Refusal> {
            auto lines = stock_lines(state, asked.lines);
            if (!lines) return Failure{lines.error()};
            return Command(ReceiveStock{asked.place, std::move(lines).value(), asked.note});
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<StockReceived>(answer);
            if (!fact) return missing_fact();
            return json_reply(201, [&](JsonWriter& json) {
                json.object()
                    .key("id")
                    .text(c.services.ids->show(fact->receipt))
                    .key("place")
                    .text(c.services.ids->show(fact->place));
                write_lines(json, answer.state, fact->lines, words_of(c));
                json.key("note").text(fact->note).end();
            });
        });
}

void post_move(CallPtr call) {
    const auto asked = body<MoveBody>(*call);
    if (!asked) return;
    if (!call->may_place(asked->from) || !call->may_place(asked->to)) return call->refuse_not_found();
    command(
        std::move(call),
        [asked = *asked](const State& state, const Moment&) -> Result<Command, Refusal> {
            auto lines = stock_lines(state, asked.lines);
            if (!lines) return Failure{lines.error()};
            return Command(MoveStock{asked.from, asked.to, std::move(lines).value(), asked.note});
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<StockMoved>(answer);
            if (!fact) return missing_fact();
            return json_reply(201, [&](JsonWriter& json) {
                json.object()
                    .key("from")
                    .text(c.services.ids->show(fact->from))
                    .key("to")
                    .text(c.services.ids->show(fact->to));
                write_lines(json, answer.state, fact->lines, words_of(c));
                json.key("note").text(fact->note).end();
            });
        });
}

void post_count(CallPtr call) {
    const auto asked = body<ReceiptBody>(*call);
    if (!asked) return;
    if (!call->may_place(asked->place)) return call->refuse_not_found();
    command(
        std::move(call),
        [asked = *asked](const State& state, const Moment&) -> Result<Command, Refusal> {
            auto lines = stock_lines(state, asked.lines);
            if (!lines) return Failure{lines.error()};
            return Command(CountStock{asked.place, std::move(lines).value(), asked.note});
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<StockCounted>(answer);
            if (!fact) return missing_fact();
            return json_reply(201, [&](JsonWriter& json) {
                json.object().key("place").text(c.services.ids->show(fact->place)).key("lines").array();
                for (const auto& line : fact->lines)
                    json.object()
                        .key("sku")
                        .text(sku_code(answer.state, line.sku))
                        .key("counted")
                        .integer(line.counted.n)
                        .key("difference")
                        .integer(line.found.n)
                        .end();
                json.end().key("note").text(fact->note).end();
            });
        });
}

void post_bundles(CallPtr call) {
    const auto asked = body<BundlesBody>(*call);
    if (!asked) return;
    if (!call->may_place(asked->place)) return call->refuse_not_found();
    command(
        std::move(call),
        [asked = *asked](const State& state, const Moment&) -> Result<Command, Refusal> {
            const auto* sku = state.catalogue.find(asked.sku);
            if (!sku) return bad_field("/sku", "the shop has no SKU '" + asked.sku + "'");
            return Command(MakeBundles{asked.place, sku->id, asked.units, asked.apart, asked.note});
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<BundlesMade>(answer);
            if (!fact) return missing_fact();
            return json_reply(201, [&](JsonWriter& json) {
                json.object().key("place").text(c.services.ids->show(fact->place));
                json.key("sku").text(sku_code(answer.state, fact->sku)).key("units").integer(fact->units.n);
                json.key("apart").boolean(fact->apart).key("components").array();
                for (const auto& part : fact->parts)
                    json.object()
                        .key("sku")
                        .text(sku_code(answer.state, part.sku))
                        .key("units")
                        .integer(in_bundles(part, fact->units).n)
                        .end();
                json.end().key("note").text(fact->note).end();
            });
        });
}

// A till's sale: scope = its places. Once by source + id, whatever the Idempotency-Key says.
void post_sale(CallPtr call) {
    const auto asked = body<SaleBody>(*call);
    if (!asked) return;
    if (!call->may_place(asked->place)) return call->refuse_not_found();
    const auto* ids = call->services.ids;
    command(
        std::move(call),
        [asked = *asked, ids](const State& state, const Moment&) -> Result<Command, Refusal> {
            ReportSale sale{asked.source, asked.id, asked.place, {}, asked.at, {}, {}};
            if (asked.channel) {
                const auto* channel = channel_of(state, *ids, *asked.channel);
                if (!channel) return bad_field("/channel", "is not a channel of this shop");
                sale.channel = channel->id;
            }
            bool priced = !asked.lines.empty();
            for (const auto& line : asked.lines) priced = priced && line.unit_price.has_value();
            for (std::size_t i = 0; i < asked.lines.size(); ++i) {
                const auto* sku = state.catalogue.find(asked.lines[i].sku);
                if (!sku)
                    return bad_field("/lines/" + std::to_string(i) + "/sku",
                                     "the shop has no SKU '" + asked.lines[i].sku + "'");
                sale.lines.push_back({sku->id, asked.lines[i].units, {}});
                if (priced) sale.unit_prices.push_back(*asked.lines[i].unit_price);
            }
            return Command(std::move(sale));
        },
        [asked = *asked](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<SoldElsewhere>(answer);
            return json_reply(fact ? 201 : 200, [&](JsonWriter& json) {
                json.object()
                    .key("source")
                    .text(asked.source)
                    .key("id")
                    .text(asked.id)
                    .key("counted")
                    .boolean(fact != nullptr);
                json.key("lines").array();
                if (fact)
                    for (const auto& line : fact->lines)
                        json.object()
                            .key("sku")
                            .text(sku_code(answer.state, line.sku))
                            .key("units")
                            .integer(line.units.n)
                            .key("short")
                            .integer(line.short_units.n)
                            .end();
                json.end().end();
                (void)c;
            });
        });
}

void get_stock(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    question(std::move(call), [page](const engine::Answer& answer, Call& c) {
        const auto& state = answer.state;
        const auto sku_name = c.query.get("sku");
        const auto* sku = state.catalogue.find(sku_name);
        const auto place_name = c.query.get("place");
        const auto place = c.services.ids->read<PlaceTag>(place_name);
        if (!place_name.empty() && !place) return bad_input("/place", "is not the id of a place");
        return json_reply(200, [&](JsonWriter& json) {
            std::uint64_t row = 0, last = 0;
            std::size_t taken = 0;
            bool more = false;
            json.object().key("data").array();
            for (const auto& [key, value] : state.stock.rows) {
                ++row;
                if (!sku_name.empty() && (!sku || key.sku != sku->id)) continue;
                if (place && key.place != *place) continue;
                if (!c.may_place(key.place) || row <= page.after) continue;
                if (taken == page.limit) {
                    more = true;
                    break;
                }
                write_stock_row(json, state, key, value, words_of(c));
                last = row, ++taken;
            }
            json.end().key("next");
            more ? json.text(cursor_of(c, last)) : json.null();
            json.key("as_of").instant(answer.at.ms).end();
        });
    });
}

constexpr auto writers = needs<Role::operator_, Role::fulfilment>(ScopeKind::places);
constexpr Route table[] = {
    {"POST",
     "/v1/stock/receipts",
     writers,
     post_receipt,
     {.summary = "Units came in",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<ReceiptBody>,
      .gives = "{id, place, lines, note}"}},
    {"POST",
     "/v1/stock/moves",
     writers,
     post_move,
     {.summary = "Units moved from one place to another",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<MoveBody>,
      .gives = "{from, to, lines, note}"}},
    {"POST",
     "/v1/stock/counts",
     writers,
     post_count,
     {.summary = "What physically lies there; the difference is booked",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<ReceiptBody>,
      .gives = "{place, lines: [{sku, counted, difference}], note}"}},
    {"POST",
     "/v1/stock/bundles",
     needs<Role::operator_, Role::fulfilment>(ScopeKind::places),
     post_bundles,
     {.summary = "Makes up bundles of free components at a place, all or none, or takes them apart",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<BundlesBody>,
      .gives = "{place, sku, units, apart, components: [{sku, units}], note}"}},
    {"POST",
     "/v1/stock/sales",
     needs<Role::operator_, Role::fulfilment, Role::till>(ScopeKind::places),
     post_sale,
     {.summary = "A sale made elsewhere; moves stock once by source + id",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<SaleBody>,
      .gives = "{source, id, counted, lines: [{sku, units, short}]}; 200 and counted false when it was known"}},
    {"GET",
     "/v1/stock",
     needs<Role::operator_, Role::pricing, Role::finance, Role::fulfilment, Role::legal, Role::till, Role::viewer>(
         ScopeKind::places),
     get_stock,
     {.summary = "What lies where, every unit accounted for",
      .query = "sku,place,limit,cursor",
      .gives = "{data: [{sku, place, received, returned, moved_in, short, free, held, sold, moved_out, written_off}], "
               "next}"}},
};

}  // namespace
}  // namespace routes_stock

std::span<const Route> stock_routes() { return routes_stock::table; }

}  // namespace dropsmith::http
