// Records and facts as the JSON that clients see (docs/reference). Replies to a POST are written from its facts and
// from what never changes (SKU codes, ids), so that a repeat of the same key gives the same bytes. Loop's thread or a
// copy of the state. Covered by tests/http/routes.py.
#pragma once

#include "base/json.h"
#include "base/public_id.h"
#include "model/moment.h"
#include "model/state.h"

namespace dropsmith::http {

struct Words {  // what every view needs
    const PublicIds& ids;
    std::string_view currency;
    JsonContext json() const { return {&ids, currency}; }
};

std::string sku_code(const State& state, SkuId sku);

void write_place(JsonWriter& json, const Place& place, const Words& words);
void write_channel(JsonWriter& json, const Channel& channel, const Words& words);
void write_product(JsonWriter& json, const State& state, const Product& product, const std::vector<SkuRow>& skus,
                   const Words& words);
void write_shop(JsonWriter& json, const Shop& shop, const Words& words);
void write_grant(JsonWriter& json, const Grant& grant, const State& state, const Words& words);

struct DropReader {
    bool staff = false;
    ChannelId channel;  // none: the drop's first
    Instant now;
    std::uint64_t session = 0;  // of the reader; 0: none, so of no cohort
};
void write_pricing(JsonWriter& json, const State& state, const PricingTerms& pricing);  // "pricing": {...}
void write_drop(JsonWriter& json, const State& state, const Drop& drop, const DropReader& reader, const Words& words);
// Only members of `terms`: for the answer to POST /v1/drops.
void write_drafted(JsonWriter& json, const State& state, const DropDrafted& fact, const Words& words);

// A price of one's own: which rule gave it, what everybody else was asked, and the text that the buyer is told; null
// when the shop has changed the text since, and then its digest says which it was.
void write_personal(JsonWriter& json, const State& state, const PersonalPrice& own, const Words& words);
void write_held_lines(JsonWriter& json, const State& state, const HeldLines& lines, const Words& words,
                      const std::vector<PersonalPrice>* own = nullptr);
Money total_of(const HeldLines& lines);
void write_hold(JsonWriter& json, const State& state, const Hold& hold, Instant now, const Words& words);
void write_placed_hold(JsonWriter& json, const State& state, const UnitsHeld& fact, const Words& words);
// The same octets with a sixth of the work, for the commonest of all replies: appends a hold of one line. false: it has
// more, or a SKU's code that JSON would escape, and nothing is appended.
bool append_placed_hold(std::string& out, const State& state, const UnitsHeld& fact, const Words& words);

Instant due_at(const State& state, const Order& order);  // when what was promised is due: after the drop's close
void write_order(JsonWriter& json, const State& state, const Order& order, bool staff, const Words& words);
// What a hold would come to, without the order's own number and secret.
void write_order_total(JsonWriter& json, const State& state, const OrderPlaced& order, const Words& words);
void write_placed_order(JsonWriter& json, const State& state, const OrderPlaced& fact, const Words& words);
// How an order is paid: {method, ...}, with what a buyer needs to do it.
void write_payment(JsonWriter& json, const State& state, const Order& order, const Words& words);
void write_refund(JsonWriter& json, const State& state, const OrderRefunded& fact, const Words& words);

void write_stock_row(JsonWriter& json, const State& state, const StockKey& key, const StockRow& row,
                     const Words& words);
void write_decision(JsonWriter& json, const State& state, const PriceSet& fact, Instant at, std::uint64_t seq,
                    const Actor& who, const Words& words);

}  // namespace dropsmith::http
