// What facts do to units by SKU and place. Every function here adds the same number to both sides of the law of
// model/stock.h. Loop's thread, and replay. Covered by flow/sell/stock_test.cpp, flow/sell/laws_test.cpp.
#include "flow/sell/stock.h"

namespace dropsmith::sell {
namespace {

void give_back(Stock& stock, const HeldLines& lines) {
    for (const auto& line : lines) {
        auto& row = stock.rows[{line.sku, line.place}];
        row.held -= line.units;
        row.free += line.units;
    }
}

void take_back(Stock& stock, const std::vector<ReturnedLine>& lines) {
    for (const auto& line : lines) {
        if (!line.restock) continue;
        auto& row = stock.rows[{line.sku, line.place}];
        row.returned += line.units;
        row.free += line.units;
    }
}

}  // namespace

void evolve(Stock& stock, const StockReceived& fact, const Stamp&) {
    ++stock.receipts;
    for (const auto& line : fact.lines) {
        auto& row = stock.rows[{line.sku, fact.place}];
        row.received += line.units;
        row.free += line.units;
    }
}

void evolve(Stock& stock, const StockMoved& fact, const Stamp&) {
    for (const auto& line : fact.lines) {
        auto& from = stock.rows[{line.sku, fact.from}];
        from.moved_out += line.units;
        from.free -= line.units;
        auto& to = stock.rows[{line.sku, fact.to}];
        to.moved_in += line.units;
        to.free += line.units;
    }
}

void evolve(Stock& stock, const StockCounted& fact, const Stamp&) {
    for (const auto& line : fact.lines) {
        auto& row = stock.rows[{line.sku, fact.place}];
        row.free += line.found;
        if (line.found > Quantity{0}) row.received += line.found;
        if (line.found < Quantity{0}) row.written_off -= line.found;
    }
}

void evolve(Stock& stock, const SoldElsewhere& fact, const Stamp&) {
    stock.reported.insert(fact.source_key);
    for (const auto& line : fact.lines) {
        auto& row = stock.rows[{line.sku, fact.place}];
        if (line.units < Quantity{0}) {
            row.returned -= line.units;
            row.free -= line.units;
            continue;
        }
        row.sold += line.units;
        row.short_units += line.short_units;
        row.free -= line.units - line.short_units;
    }
}

void evolve(Stock& stock, const BundlesMade& fact, const Stamp&) {
    const auto move = [&](SkuId sku, Quantity units, bool in) {
        auto& row = stock.rows[{sku, fact.place}];
        (in ? row.moved_in : row.moved_out) += units;
        row.free += in ? units : -units;
        stock.bundled[{fact.sku, sku}] += fact.apart ? -units : units;
    };
    move(fact.sku, fact.units, !fact.apart);
    for (const auto& part : fact.parts) move(part.sku, in_bundles(part, fact.units), fact.apart);
}

void evolve(Stock& stock, const UnitsHeld& fact, const Stamp&) {
    for (const auto& line : fact.lines) {
        auto& row = stock.rows[{line.sku, line.place}];
        row.free -= line.units;
        row.held += line.units;
    }
}

void evolve(Stock& stock, const HoldReduced& fact, const Stamp&) { give_back(stock, fact.given_back); }
void evolve(Stock& stock, const HoldEnded& fact, const Stamp&) { give_back(stock, fact.given_back); }

void evolve(Stock& stock, const OrderPlaced& fact, const Stamp&) {
    for (const auto& line : fact.lines) {
        auto& row = stock.rows[{line.sku, line.place}];
        row.held -= line.units;
        row.sold += line.units;
    }
}

void evolve(Stock& stock, const OrderCancelled& fact, const Stamp&) { take_back(stock, fact.lines); }
void evolve(Stock& stock, const OrderRefunded& fact, const Stamp&) { take_back(stock, fact.lines); }

}  // namespace dropsmith::sell
