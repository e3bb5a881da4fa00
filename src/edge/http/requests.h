// The bodies that routes take, as they stand in JSON. They are not commands: names and codes in them are turned into
// ids where the state can be read. A field that may be left out is optional, a list, or named in DROPSMITH_DEFAULTS.
// Tables in requests.cpp; the reference and openapi.json are written from them. Covered by tests/http/openapi.py.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/access.h"
#include "model/drop.h"
#include "model/order.h"
#include "model/place.h"
#include "model/price_guard.h"
#include "model/shop.h"

namespace dropsmith::http {

// --- places, products, channels, the shop
struct PositionBody {  // degrees, at most 6 places after the point
    double lat = 0, lon = 0;
};
DROPSMITH_RECORD(PositionBody, lat, lon)
struct PlaceBody {
    std::string name;
    PlaceKind kind = PlaceKind::store;
    std::string time_zone;
    std::optional<PositionBody> position;
};
DROPSMITH_RECORD(PlaceBody, name, kind, time_zone, position)
struct PlacePatch {
    std::optional<std::string> name;
    std::optional<PlaceKind> kind;
    std::optional<std::string> time_zone;
    std::optional<PositionBody> position;
};
DROPSMITH_RECORD(PlacePatch, name, kind, time_zone, position)
struct BundlePartBody {
    std::string sku;
    Quantity units{1};
};
DROPSMITH_RECORD(BundlePartBody, sku, units)
DROPSMITH_DEFAULTS(BundlePartBody, units)
struct SkuBody {
    std::string sku;
    std::string size;
    std::optional<Money> unit_cost;
    bool cost_assumed = false;
    std::optional<Money> list_price;
    std::uint32_t weight_g = 0;
    std::string gtin;
    std::vector<BundlePartBody> components;  // a bundle: of SKUs that are there
};
DROPSMITH_RECORD(SkuBody, sku, size, unit_cost, cost_assumed, list_price, weight_g, gtin, components)
DROPSMITH_DEFAULTS(SkuBody, size, cost_assumed, weight_g, gtin)
struct ProductBody {
    std::string title;
    std::string story;
    std::string brand;
    std::string tax_category = "standard";
    std::vector<SkuBody> skus;
};
DROPSMITH_RECORD(ProductBody, title, story, brand, tax_category, skus)
DROPSMITH_DEFAULTS(ProductBody, story, brand, tax_category)
struct ProductPatch {
    std::optional<std::string> title, story, brand, tax_category;
    std::vector<SkuBody> skus;  // known codes are changed, new ones added, none removed
};
DROPSMITH_RECORD(ProductPatch, title, story, brand, tax_category, skus)
struct ChannelBody {
    std::string name;
    ChannelMode mode = ChannelMode::own;
    std::optional<std::string> currency;
    std::optional<bool> prices_include_tax;
    std::optional<PlaceId> place;
};
DROPSMITH_RECORD(ChannelBody, name, mode, currency, prices_include_tax, place)
DROPSMITH_DEFAULTS(ChannelBody, mode)
struct ChannelPatch {
    std::optional<std::string> name;
    std::optional<ChannelMode> mode;
    std::optional<PlaceId> place;
};
DROPSMITH_RECORD(ChannelPatch, name, mode, place)
struct TaxBody {
    std::string category = "standard";
    std::string zone;
    Rate rate;
    Instant valid_from;
};
DROPSMITH_RECORD(TaxBody, category, zone, rate, valid_from)
DROPSMITH_DEFAULTS(TaxBody, category, zone, valid_from)
struct DeliveryBody {
    std::string code;
    std::string title;
    std::optional<Money> charge;
    std::optional<Money> subsidy;
    std::string tax_category = "standard";
};
DROPSMITH_RECORD(DeliveryBody, code, title, charge, subsidy, tax_category)
DROPSMITH_DEFAULTS(DeliveryBody, title, tax_category)
struct PaymentFeeBody {
    Rate share;
    std::optional<Money> fixed;
};
DROPSMITH_RECORD(PaymentFeeBody, share, fixed)
DROPSMITH_DEFAULTS(PaymentFeeBody, share)
struct ShopPatch {
    std::optional<std::string> name;
    std::optional<std::vector<TaxBody>> tax;
    std::optional<std::vector<DeliveryBody>> delivery;
    std::optional<PaymentFeeBody> payment_fee;
};
DROPSMITH_RECORD(ShopPatch, name, tax, delivery, payment_fee)

// --- access
struct LimitsBody {
    std::optional<Money> refund_max;
    std::optional<Quantity> write_off_max;
    bool override_below_floor = false;
};
DROPSMITH_RECORD(LimitsBody, refund_max, write_off_max, override_below_floor)
DROPSMITH_DEFAULTS(LimitsBody, override_below_floor)
struct GrantBody {
    Role role = Role::viewer;
    std::string name;
    std::vector<PlaceId> places;
    std::vector<std::string> channels;
    std::vector<std::string> brands;
    std::optional<LimitsBody> limits;
    std::optional<Instant> expires_at;
};
DROPSMITH_RECORD(GrantBody, role, name, places, channels, brands, limits, expires_at)
DROPSMITH_DEFAULTS(GrantBody, name)
struct SetupBody {
    std::string setup;  // the one-time token of the link
    std::string name;
};
DROPSMITH_RECORD(SetupBody, setup, name)
DROPSMITH_DEFAULTS(SetupBody, name)

// --- stock
struct StockLineBody {
    std::string sku;
    Quantity units;
    std::optional<Money> unit_cost;
};
DROPSMITH_RECORD(StockLineBody, sku, units, unit_cost)
struct ReceiptBody {
    PlaceId place;
    std::vector<StockLineBody> lines;
    std::string note;
};
DROPSMITH_RECORD(ReceiptBody, place, lines, note)
DROPSMITH_DEFAULTS(ReceiptBody, note)
struct MoveBody {
    PlaceId from;
    PlaceId to;
    std::vector<StockLineBody> lines;
    std::string note;
};
DROPSMITH_RECORD(MoveBody, from, to, lines, note)
DROPSMITH_DEFAULTS(MoveBody, note)
struct BundlesBody {
    PlaceId place;
    std::string sku;
    Quantity units;
    bool apart = false;
    std::string note;
};
DROPSMITH_RECORD(BundlesBody, place, sku, units, apart, note)
DROPSMITH_DEFAULTS(BundlesBody, apart, note)
struct SoldLineBody {
    std::string sku;
    Quantity units;  // negative: a return
    std::optional<Money> unit_price;
};
DROPSMITH_RECORD(SoldLineBody, sku, units, unit_price)
struct SaleBody {
    std::string source;
    std::string id;
    PlaceId place;
    Instant at;
    std::vector<SoldLineBody> lines;
    std::optional<std::string> channel;
};
DROPSMITH_RECORD(SaleBody, source, id, place, at, lines, channel)

// --- drops
struct PlaceUnitsEntry {  // in JSON a member of an object: {"plc_…": 12}
    std::string place;
    Quantity units;
};
DROPSMITH_RECORD(PlaceUnitsEntry, place, units)
struct ChannelPricesBody {  // of a line, where a channel asks others than the line's
    std::string channel;
    std::vector<Money> bands;
    std::optional<Money> list_price, floor;
};
DROPSMITH_RECORD(ChannelPricesBody, channel, bands, list_price, floor)
struct DropLineBody {
    std::string sku;
    std::optional<Quantity> cap;
    std::vector<Money> bands;
    std::optional<Money> floor;
    std::optional<Rate> min_margin;
    std::optional<Money> list_price;
    std::optional<Quantity> per_person_limit;
    std::optional<Rate> preorder_share;
    std::vector<PlaceUnitsEntry> places;
    std::optional<bool> below_cost_ok;
    std::optional<std::string> substitute;  // the SKU of another line, offered when this one has sold out
    std::optional<Quantity> backorder_cap;  // of the cap, units that may be ordered before they have arrived
    std::optional<Instant> ship_by;         // what is promised for those
    bool ended = false;  // PATCH: ends the line
    std::optional<Rate> max_discount;
    std::optional<Rate> return_share;
    std::optional<Money> return_cost, salvage;
    std::optional<std::vector<ChannelPricesBody>> channels;  // all of them; []: every channel asks the line's prices
};
DROPSMITH_RECORD(DropLineBody, sku, cap, bands, floor, min_margin, list_price, per_person_limit, preorder_share, places,
                 below_cost_ok, substitute, backorder_cap, ship_by, ended, max_discount, return_share, return_cost,
                 salvage, channels)
DROPSMITH_DEFAULTS(DropLineBody, ended)
struct StageBody {
    Duration after_s;
    Rate sold_below{1'000'000};
    Rate discount;
};
DROPSMITH_RECORD(StageBody, after_s, sold_below, discount)
DROPSMITH_DEFAULTS(StageBody, sold_below)
struct OfferRuleBody {  // an offer of one's own
    std::string feature;
    std::int64_t at_least = 1;
    Rate discount;
    std::vector<std::string> lines;  // SKUs; empty: all
};
DROPSMITH_RECORD(OfferRuleBody, feature, at_least, discount, lines)
DROPSMITH_DEFAULTS(OfferRuleBody, at_least, lines)
struct PricingBody {
    std::optional<PricePolicy> policy;
    std::optional<PriceObjective> objective;
    std::optional<Duration> cadence_s;
    std::optional<Rate> max_step;
    std::optional<Rate> explore_share;
    std::optional<PriceMode> mode;
    std::optional<Rate> max_step_up;
    std::optional<Duration> min_dwell_s;
    std::optional<Rate> revenue_at_risk, confidence;
    std::optional<Rate> cohort_share;
    std::optional<std::vector<StageBody>> ladder;
    std::optional<Rate> cannibalisation_max;
    std::optional<std::vector<std::string>> features;
    std::optional<std::string> personal;  // jurisdiction
    std::optional<std::vector<std::int64_t>> arrival_curve;  // visitors expected in equal parts of the window, relative
    std::optional<std::vector<OfferRuleBody>> personal_offers;
};
DROPSMITH_RECORD(PricingBody, policy, objective, cadence_s, max_step, explore_share, mode, max_step_up, min_dwell_s,
                 revenue_at_risk, confidence, cohort_share, ladder, cannibalisation_max, features, personal,
                 arrival_curve, personal_offers)
struct RoomBody {  // the waiting room; what is left out keeps its default
    std::optional<RoomKind> kind;
    std::optional<Duration> entry_before_seconds, draw_before_seconds, admission_seconds;
    std::optional<std::uint64_t> per_second_max;
    std::optional<bool> by_person;
};
DROPSMITH_RECORD(RoomBody, kind, entry_before_seconds, draw_before_seconds, admission_seconds, per_second_max,
                 by_person)
struct DropBody {  // POST: slug, title, opens_at, closes_at, channels and lines are required; PATCH: what changes
    std::optional<std::string> slug, title, story, kind;
    std::optional<Instant> opens_at, closes_at;
    std::optional<std::string> timezone;
    std::vector<std::string> channels;
    std::vector<DropLineBody> lines;
    std::optional<PricingBody> pricing;
    std::optional<Duration> hold_seconds;
    std::optional<Duration> preorder_release_seconds, preorder_grace_seconds;
    std::optional<ShowAvailable> show;
    std::optional<Quantity> few_under;
    std::optional<Duration> offer_seconds;
    std::optional<RoomBody> room;
    std::optional<std::string> reason;  // PATCH once open: why
};
DROPSMITH_RECORD(DropBody, slug, title, story, kind, opens_at, closes_at, timezone, channels, lines, pricing,
                 hold_seconds, preorder_release_seconds, preorder_grace_seconds, show, few_under, offer_seconds, room,
                 reason)
struct ReasonBody {
    std::string reason;
};
DROPSMITH_RECORD(ReasonBody, reason)
DROPSMITH_DEFAULTS(ReasonBody, reason)
struct OverrideBody {
    std::string sku;
    std::string channel;
    Money price;
    Instant until;
    std::string reason;
    bool dry_run = false;  // only says what it would cost
};
DROPSMITH_RECORD(OverrideBody, sku, channel, price, until, reason, dry_run)
DROPSMITH_DEFAULTS(OverrideBody, dry_run)
struct EndOverrideBody {
    std::string sku;
    std::string channel;
    std::string reason;
};
DROPSMITH_RECORD(EndOverrideBody, sku, channel, reason)
struct KnownFeatureBody {
    std::string feature;
    std::int64_t value = 0;
};
DROPSMITH_RECORD(KnownFeatureBody, feature, value)
struct PersonalOfferBody {  // what the shop's own backend knows of a session
    std::string session;    // the word that the page sends
    std::string jurisdiction;
    std::vector<KnownFeatureBody> features;
};
DROPSMITH_RECORD(PersonalOfferBody, session, jurisdiction, features)
struct PriceRulesPatch {
    std::optional<std::vector<BrandRule>> brands;
    std::optional<Rate> four_eyes_above;
    bool one_person_is_enough = false;
    std::optional<std::vector<PersonalRule>> personal;
    std::optional<Rate> approval_free_change;
    std::optional<bool> four_eyes_undo_kill;
};
DROPSMITH_RECORD(PriceRulesPatch, brands, four_eyes_above, one_person_is_enough, personal, approval_free_change,
                 four_eyes_undo_kill)
DROPSMITH_DEFAULTS(PriceRulesPatch, one_person_is_enough)
struct SignOffBody {
    Instant since, until;
    std::string head_hash;  // of the pack that was looked at
    std::string note;
};
DROPSMITH_RECORD(SignOffBody, since, until, head_hash, note)
DROPSMITH_DEFAULTS(SignOffBody, note)

// --- quotes, holds, orders
struct WantedBody {
    std::string sku;
    Quantity units;
    std::optional<Money> expect_unit_price;
    std::optional<std::string> instead_of = {};  // the SKU that had sold out, when this is its substitute
};
DROPSMITH_RECORD(WantedBody, sku, units, expect_unit_price, instead_of)
struct PersonBody {
    std::string email;
    std::string name;
    std::string address;
};
DROPSMITH_RECORD(PersonBody, email, name, address)
DROPSMITH_DEFAULTS(PersonBody, name, address)
struct FulfilmentBody {
    FulfilmentMethod method = FulfilmentMethod::pickup;
    std::optional<PlaceId> place;
    std::optional<std::string> delivery;  // code of a delivery method
    std::optional<std::string> zone;      // ISO 3166 of the destination, for tax
    std::optional<std::string> address;
};
DROPSMITH_RECORD(FulfilmentBody, method, place, delivery, zone, address)
struct PaymentBody {
    PaymentMethod method = PaymentMethod::manual;
    std::optional<std::string> reference;
};
DROPSMITH_RECORD(PaymentBody, method, reference)
struct QuoteBody {
    std::string drop;  // id or slug
    std::string channel;
    std::vector<WantedBody> lines;
    std::optional<std::string> session;
};
DROPSMITH_RECORD(QuoteBody, drop, channel, lines, session)
struct HoldBody {  // {quote} or {drop, channel, lines}
    std::optional<std::string> quote;
    std::optional<std::string> drop, channel;
    std::vector<WantedBody> lines;
    std::optional<std::string> session;
    std::optional<PersonBody> person;
    std::optional<FulfilmentBody> fulfilment;
    std::optional<std::string> admission = {};  // of the waiting room
    std::optional<std::string> pass = {};       // code of a pass
};
DROPSMITH_RECORD(HoldBody, quote, drop, channel, lines, session, person, fulfilment, admission, pass)
struct HoldPatch {
    std::vector<WantedBody> lines;  // units that shall remain
    std::optional<PersonBody> person;
    std::optional<FulfilmentBody> fulfilment;
};
DROPSMITH_RECORD(HoldPatch, lines, person, fulfilment)
struct BatchHold {
    std::string key;
    std::optional<std::string> quote;
    std::optional<std::string> drop, channel;
    std::vector<WantedBody> lines;
    std::optional<std::string> session;
    std::optional<PersonBody> person;
    std::optional<FulfilmentBody> fulfilment;
    std::optional<std::string> admission = {};  // of the waiting room
    std::optional<std::string> pass = {};       // code of a pass
};
DROPSMITH_RECORD(BatchHold, key, quote, drop, channel, lines, session, person, fulfilment, admission, pass)
struct HoldsBatchBody {
    std::vector<BatchHold> holds;
};
DROPSMITH_RECORD(HoldsBatchBody, holds)
struct ConfirmBody {
    std::optional<PersonBody> person;  // not needed when the hold said it
    FulfilmentBody fulfilment;
    PaymentBody payment;
};
DROPSMITH_RECORD(ConfirmBody, person, fulfilment, payment)
struct RefundLineBody {
    std::uint32_t line = 0;          // of the order, from 0
    std::optional<std::string> sku;  // instead of line
    Quantity units;
    bool restock = true;
};
DROPSMITH_RECORD(RefundLineBody, line, sku, units, restock)
DROPSMITH_DEFAULTS(RefundLineBody, line, restock)
struct RefundBody {
    std::vector<RefundLineBody> lines;
    bool delivery = false;
    std::string reason;
};
DROPSMITH_RECORD(RefundBody, lines, delivery, reason)
DROPSMITH_DEFAULTS(RefundBody, delivery, reason)
struct HandOverBody {
    bool paid_now = false;
};
DROPSMITH_RECORD(HandOverBody, paid_now)
DROPSMITH_DEFAULTS(HandOverBody, paid_now)
struct ShipBody {
    std::string carrier, tracking;
};
DROPSMITH_RECORD(ShipBody, carrier, tracking)
DROPSMITH_DEFAULTS(ShipBody, carrier, tracking)
struct PaymentNoteBody {
    Money amount;
    std::string reference;
};
DROPSMITH_RECORD(PaymentNoteBody, amount, reference)
DROPSMITH_DEFAULTS(PaymentNoteBody, reference)
struct SubscriberBody {
    std::string email;
    std::optional<std::string> channel;
};
DROPSMITH_RECORD(SubscriberBody, email, channel)

struct PersonAskBody {  // by one of the two
    std::optional<std::string> email;
    std::optional<PersonId> person;
};
DROPSMITH_RECORD(PersonAskBody, email, person)
struct ErasureBody {
    std::optional<std::string> email;
    std::optional<PersonId> person;
    std::string reason;
};
DROPSMITH_RECORD(ErasureBody, email, person, reason)
DROPSMITH_DEFAULTS(ErasureBody, reason)

}  // namespace dropsmith::http
