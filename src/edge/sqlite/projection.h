// What each fact does to the tables: statements prepared once, run inside the follower's transaction. Sums (units in
// stock, units used of a drop's line) are added up over the facts of a transaction and written once at its end; facts
// and holds that are alike but for their number are one row.
// Follower's thread. Covered by edge/sqlite/tables_test.cpp, which compares the tables with the state after a busy day.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "edge/sqlite/connection.h"
#include "engine/batch.h"

namespace dropsmith::sqlite {

class Projection {
public:
    explicit Projection(Connection& db) : db_(db) {}
    void begin();                                    // of a transaction: forgets what was left of one that failed
    // false: a statement failed; db.last_fault() says which code.
    bool apply(const engine::BatchWalk::RawFact& fact, const Stamp& stamp);
    bool finish();                                   // writes the sums

private:
    template <class... Values>
    bool run(std::string_view sql, const Values&... values);
    Statement* prepared(std::string_view sql);

    bool note(const engine::BatchWalk::RawFact& fact, const Stamp& stamp);
    bool write_facts();                              // the run that is being gathered
    bool write_holds();
    bool skus(ProductId product, const std::vector<SkuRow>& rows);
    bool drop(DropId id, const DropTerms& terms);
    bool move(const StockMoved& fact);
    bool bundles(const BundlesMade& fact);
    bool held(const UnitsHeld& fact, const Stamp& stamp);
    bool given_back(HoldId hold, DropId drop, const HeldLines& lines, bool reduced);
    bool placed(const OrderPlaced& fact, const Stamp& stamp);
    bool taken_back(OrderId order, DropId drop, const std::vector<ReturnedLine>& lines, bool cancelled, bool paid);
    bool decided(const PriceSet& fact, const Stamp& stamp);
    bool staged(const HistoryStaged& fact);
    struct StockChange {
        std::int64_t received = 0, returned = 0, moved_in = 0, short_units = 0, free = 0, held = 0, sold = 0,
                     moved_out = 0, written_off = 0;
    };
    bool stock(SkuId sku, PlaceId place, const StockChange& by);
    bool use(DropId drop, std::uint32_t line, Quantity held, Quantity sold, Quantity refunded);
    bool shop_fact(const engine::BatchWalk::RawFact& fact, const Stamp& stamp);
    bool stock_fact(const engine::BatchWalk::RawFact& fact);
    bool drop_fact(const engine::BatchWalk::RawFact& fact, const Stamp& stamp);
    bool sale_fact(const engine::BatchWalk::RawFact& fact, const Stamp& stamp);

    struct LineUse {
        Quantity held, sold, refunded;
    };
    struct FactRun {
        std::uint64_t first = 0, length = 0;         // of length 0: none
        const engine::FactInfo* info = nullptr;
        Instant at;
        Actor who;
        std::uint64_t drop = 0;
    };
    struct HoldRun {
        std::uint64_t first = 0, length = 0;
        DropId drop;
        ChannelId channel;
        Quantity units;
        Money total;
        Instant placed_at, expires_at;
        bool preorder = false;
    };
    Connection& db_;
    FactRun facts_;
    HoldRun holds_;
    std::map<std::pair<SkuId, PlaceId>, StockChange> stock_;
    std::map<std::pair<DropId, std::uint32_t>, LineUse> used_;
    std::map<const char*, Statement> statements_;  // by the address of their text, which is a constant
};

}  // namespace dropsmith::sqlite
