// The shop itself: genesis, tax, delivery methods, payment fee; the writer's epoch; refusal counts. Codes 001-039.
// Tax is data: rate by category and zone, valid from an instant. Prices of a channel include tax or not
// (model/channel.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/fact.h"
#include "model/ids.h"

namespace dropsmith {

struct TaxRate {
    std::string category = "standard";
    std::string zone;            // ISO 3166-1/-2, "" = the shop's own zone and every other without a row
    Rate rate;
    Instant valid_from;
};
DROPSMITH_RECORD(TaxRate, category, zone, rate, valid_from)

struct DeliveryMethod {
    std::string code;            // "pickup", "ship", "courier" …
    std::string title;
    Money charge;                // what the buyer pays, in the shop's tax habit (incl. tax when prices include it)
    Money subsidy;               // expected cost to the shop beyond the charge, for the margin
    std::string tax_category = "standard";
};
DROPSMITH_RECORD(DeliveryMethod, code, title, charge, subsidy, tax_category)

struct PaymentFee {
    Rate share;                  // of the gross amount
    Money fixed;                 // an order
};
DROPSMITH_RECORD(PaymentFee, share, fixed)

struct RefusalCount {
    DropId drop;                 // none: not about a drop
    std::uint16_t refusal = 0;
    std::uint64_t times = 0;
    // sold_out, while the line's declared substitute was there: the pair
    SkuId gone = {}, substitute = {};
};
DROPSMITH_RECORD(RefusalCount, drop, refusal, times, gone, substitute)

// --- commands
struct OpenShop {                // the first command of a folder
    static constexpr CommandCode code{1};
    std::string name;
    std::string currency;        // ISO 4217
    std::string time_zone;       // IANA
    bool prices_include_tax = true;
    bool simulated = false;
    std::int64_t speed = 1;      // shop-clock seconds per machine second; 1 unless simulated
    std::uint64_t seed = 0;
};
struct SetTerms {                // replaces what is given, keeps the rest
    static constexpr CommandCode code{2};
    std::optional<std::string> name;
    std::optional<std::vector<TaxRate>> tax;
    std::optional<std::vector<DeliveryMethod>> delivery;
    std::optional<PaymentFee> payment_fee;
};
struct StartWriter {             // the loop's first command after every start
    static constexpr CommandCode code{3};
};
struct CountRefusals {           // the loop folds refusals into one fact a second
    static constexpr CommandCode code{4};
    std::vector<RefusalCount> rows;
};

struct TidyDue {                 // a due timer: what is over leaves the state
    static constexpr CommandCode code{5};
};

// --- facts
struct ShopOpened {
    static constexpr FactCode code{1};
    static constexpr std::uint8_t version = 1;
    std::string name;
    std::string currency;
    std::string time_zone;
    bool prices_include_tax = true;
    bool simulated = false;
    std::int64_t speed = 1;
    std::uint64_t seed = 0;
};
DROPSMITH_RECORD(ShopOpened, name, currency, time_zone, prices_include_tax, simulated, speed, seed)

struct TermsSet {
    static constexpr FactCode code{2};
    static constexpr std::uint8_t version = 1;
    std::string name;
    std::vector<TaxRate> tax;
    std::vector<DeliveryMethod> delivery;
    PaymentFee payment_fee;
};
DROPSMITH_RECORD(TermsSet, name, tax, delivery, payment_fee)

struct WriterStarted {
    static constexpr FactCode code{3};
    static constexpr std::uint8_t version = 1;
    std::uint64_t epoch = 0;
};
DROPSMITH_RECORD(WriterStarted, epoch)

struct RefusalsCounted {
    static constexpr FactCode code{4};
    static constexpr std::uint8_t version = 1;
    std::vector<RefusalCount> rows;
};
DROPSMITH_RECORD(RefusalsCounted, rows)

struct ShopTidied {              // holds that ended and demand by the minute that is old leave the state
    static constexpr FactCode code{5};
    static constexpr std::uint8_t version = 1;
    HoldId holds_below;          // those with smaller ids ...
    Instant holds_before;        // ... that are over and expired at this instant or before
    Instant hours_before;        // demand by the minute before this is kept by the hour
    Instant days_before;         // demand by the hour before this is kept by the day
    Instant next;                // when to look again; the epoch: nothing is left to tidy
};
DROPSMITH_RECORD(ShopTidied, holds_below, holds_before, hours_before, days_before, next)

// --- slice
struct Shop {
    bool open = false;
    std::string name;
    std::string currency;
    std::string time_zone = "UTC";
    bool prices_include_tax = true;
    bool simulated = false;
    std::int64_t speed = 1;
    std::uint64_t seed = 0;
    std::uint64_t epoch = 0;
    std::vector<TaxRate> tax;
    std::vector<DeliveryMethod> delivery;
    PaymentFee payment_fee;
};
DROPSMITH_RECORD(Shop, open, name, currency, time_zone, prices_include_tax, simulated, speed, seed, epoch, tax,
                 delivery, payment_fee)

}  // namespace dropsmith
