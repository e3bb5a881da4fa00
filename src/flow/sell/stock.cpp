// Rules of the ledger: receipts, moves, counts, sales made elsewhere. Each fact keeps the law of model/stock.h by
// itself; nothing here takes units that are held, and a move takes none that a drop was promised. Loop's thread.
// Covered by flow/sell/stock_test.cpp, flow/sell/laws_test.cpp.
#include "flow/sell/stock.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/digest.h"
#include "base/limits.h"
#include "flow/sell/drop.h"
#include "flow/sell/grant_limit.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

enum class Units { positive, not_negative, not_zero };

std::string name_of(const State& state, SkuId sku) { return state.catalogue.find(sku)->terms.sku; }

std::optional<Refusal> wrong_lines(const State& state, const std::vector<StockLine>& lines, Units units) {
    using namespace refusals;
    if (lines.empty()) return refuse_field(bad_value, "lines", "/lines", "name at least one SKU").error;
    std::size_t i = 0;
    for (const auto& line : lines) {
        const auto pointer = "/lines/" + std::to_string(i++);
        if (!state.catalogue.find(line.sku))
            return refuse_field(not_found, "sku", pointer + "/sku", "no such SKU").error;
        const auto n = line.units.n;
        const bool good = units == Units::positive ? n > 0 : units == Units::not_negative ? n >= 0 : n != 0;
        if (!good || n > limits::units_max || n < -limits::units_max)
            return refuse_field(bad_value, "units", pointer + "/units",
                                units == Units::positive       ? "units are above 0"
                                : units == Units::not_negative ? "a count is 0 or more"
                                                               : "units are not 0; a return is below 0")
                .error;
        if (line.unit_cost && (line.unit_cost->n < 0 || line.unit_cost->n > limits::money_max))
            return refuse_field(bad_value, "unit_cost", pointer + "/unit_cost", "a unit cost is 0 or more").error;
    }
    return std::nullopt;
}

Quantity free_at(const State& state, SkuId sku, PlaceId place) {
    const auto* row = state.stock.find(sku, place);
    return row ? row->free : Quantity{0};
}

// What announced and open drops may still sell from there; `most`: the drop that was promised most of it.
struct Promised {
    Quantity units, most_units;
    const Drop* most = nullptr;
};

Promised promised_at(const State& state, SkuId sku, PlaceId place) {
    Promised out;
    for (const auto& drop : state.drops.drops) {
        if (!is_live(drop.status)) continue;
        Quantity units;
        for (const auto& line : drop.lines) {
            if (line.ended || line.terms.sku != sku) continue;
            for (const auto& use : line.places)
                if (use.place == place) units += std::max(Quantity{0}, use.allotted - use.held - use.sold);
        }
        out.units += units;
        if (units > out.most_units) out.most_units = units, out.most = &drop;
    }
    return out;
}

}  // namespace

Quantity promised_units_at(const State& state, SkuId sku, PlaceId place) {
    return promised_at(state, sku, place).units;
}

Verdict handle(const State& state, const ReceiveStock& command, const Moment&) {
    if (!state.places.find(command.place)) return refuse_field(refusals::not_found, "place", "/place", "no such place");
    if (auto wrong = wrong_lines(state, command.lines, Units::positive)) return Failure<Refusal>{std::move(*wrong)};
    return bounded_facts(
        StockReceived{ReceiptId{state.stock.receipts + 1}, command.place, command.lines, command.note});
}

Verdict handle(const State& state, const MoveStock& command, const Moment&) {
    using namespace refusals;
    if (!state.places.find(command.from)) return refuse_field(not_found, "from", "/from", "no such place");
    if (!state.places.find(command.to)) return refuse_field(not_found, "to", "/to", "no such place");
    if (command.from == command.to) return refuse_field(bad_value, "to", "/to", "a move goes to another place");
    if (auto wrong = wrong_lines(state, command.lines, Units::positive)) return Failure<Refusal>{std::move(*wrong)};
    std::map<SkuId, Quantity> wanted;
    for (const auto& line : command.lines) wanted[line.sku] += line.units;
    for (const auto& [sku, units] : wanted) {
        const auto free = free_at(state, sku, command.from);
        if (units > free)
            return refuse_units(insufficient_free,
                                count_of(free) + " of " + name_of(state, sku) + " are free there, " + count_of(units) +
                                    " asked: what is held stays",
                                name_of(state, sku), free);
        const auto promised = promised_at(state, sku, command.from);
        const auto movable = std::max(Quantity{0}, free - promised.units);
        if (units > movable)
            return refuse_units(breaks_promise,
                                count_of(free) + " of " + name_of(state, sku) + " are free there, but \"" +
                                    promised.most->terms.title + "\" was promised " + count_of(promised.most_units) +
                                    (promised.units > promised.most_units
                                         ? " and other drops " + count_of(promised.units - promised.most_units)
                                         : "") +
                                    ": " + count_of(movable) + " can be moved, more once the drop's cap is lower",
                                name_of(state, sku), movable);
    }
    return bounded_facts(StockMoved{command.from, command.to, command.lines, command.note});
}

Verdict handle(const State& state, const CountStock& command, const Moment& moment) {
    using namespace refusals;
    if (!state.places.find(command.place)) return refuse_field(not_found, "place", "/place", "no such place");
    if (auto wrong = wrong_lines(state, command.lines, Units::not_negative)) return Failure<Refusal>{std::move(*wrong)};
    StockCounted fact{command.place, {}, command.note};
    Quantity lost;
    for (const auto& line : command.lines) {
        for (const auto& other : fact.lines)
            if (other.sku == line.sku)
                return refuse_line(bad_value, "the SKU was counted twice: add the counts up", name_of(state, line.sku));
        const auto* row = state.stock.find(line.sku, command.place);
        const auto held = row ? row->held : Quantity{0};
        const auto booked = held + free_at(state, line.sku, command.place);
        if (line.units < held)
            return refuse_units(insufficient_free,
                                count_of(line.units) + " counted, but " + count_of(held) +
                                    " are held for buyers: release holds or count again",
                                name_of(state, line.sku), booked);
        fact.lines.push_back({line.sku, line.units, line.units - booked});
        if (line.units < booked) lost += booked - line.units;
    }
    if (const auto limit = write_off_limit(state.access, moment.who); limit && lost > *limit)
        return refuse_units(over_grant,
                            "this count writes off " + count_of(lost) + " units, your grant allows " + count_of(*limit),
                            {}, *limit);
    return bounded_facts(std::move(fact));
}

Verdict handle(const State& state, const ReportSale& command, const Moment&) {
    using namespace refusals;
    if (command.source.empty() || command.source.size() > limits::name_max)
        return refuse_field(bad_value, "source", "/source", "name the system that sold, in 1 to 200 bytes");
    if (command.id.empty() || command.id.size() > limits::name_max)
        return refuse_field(bad_value, "id", "/id", "give the sale's own id, in 1 to 200 bytes");
    if (!state.places.find(command.place)) return refuse_field(not_found, "place", "/place", "no such place");
    if (command.channel && !state.places.find(command.channel))
        return refuse_field(not_found, "channel", "/channel", "no such channel");
    if (auto wrong = wrong_lines(state, command.lines, Units::not_zero)) return Failure<Refusal>{std::move(*wrong)};
    if (!command.unit_prices.empty() && command.unit_prices.size() != command.lines.size())
        return refuse_field(bad_value, "unit_prices", "/unit_prices", "give a price for every line, or for none");
    for (std::size_t i = 0; i < command.unit_prices.size(); ++i) {
        const auto price = command.unit_prices[i].n;
        const auto amount = try_mul(price, std::abs(command.lines[i].units.n));
        if (price < 0 || !amount || *amount > limits::line_amount_max)
            return refuse_field(bad_value, "unit_prices", "/unit_prices/" + std::to_string(i),
                                "a price is 0 or more, and a line at most 10^15 minor units");
    }
    const auto key = first_64(blake2b(command.source + '\0' + command.id));
    if (state.stock.reported.contains(key))
        return refuse(already_exists, "this sale has been reported before: nothing changed");
    SoldElsewhere fact{command.source, command.id, key, command.place, command.channel, command.sold_at, {}};
    std::map<SkuId, Quantity> free;
    for (std::size_t i = 0; i < command.lines.size(); ++i) {
        const auto& line = command.lines[i];
        auto& left = free.try_emplace(line.sku, free_at(state, line.sku, command.place)).first->second;
        const auto missing = line.units > left ? line.units - left : Quantity{0};
        left -= line.units - missing;
        fact.lines.push_back({line.sku, line.units, missing,
                              command.unit_prices.empty() ? std::nullopt : std::optional(command.unit_prices[i])});
    }
    return bounded_facts(std::move(fact));
}

}  // namespace dropsmith::sell
