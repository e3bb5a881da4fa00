// The velocity audit: how fast each SKU sold in a window, over imported history and the shop's own orders, and the
// share at the top that is worth a capsule. Definitions, version 1:
//   units             sold, not reduced by returns       returns        units that came back
//   revenue           of the units sold, as priced        days_on_sale   from the day of the first sale in the window
//   to its end velocity_per_day  units / days_on_sale                class          A, B, C: the first 80 %, the next
//   15 %, the rest of revenue picked            the top share of the SKUs that sold, by velocity, rounded up (ties:
//   units, revenue, then the SKU's code)
// Cancelled orders do not count. Pure; any thread that owns the state. Covered by flow/decide/audit_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/state.h"

namespace dropsmith::decide {

struct AuditAsk {
    std::optional<Instant> since;  // none: the first sale
    std::optional<Instant> until;  // exclusive; none: the end of the day of the last sale
    Rate top{100'000};             // 0.1
};

struct Velocity {
    SkuId sku;
    std::string code, title;
    std::int64_t units = 0, returns = 0, days_on_sale = 0;
    std::int64_t per_day_e4 = 0;  // velocity in ten-thousandths of a unit a day
    Money revenue;
    char abc = 'C';
    bool picked = false;
    bool mostly_returned() const { return returns * 2 > units; }
};

struct Audit {
    Instant since, until;
    std::uint64_t picked = 0;
    std::vector<Velocity> rows;  // fastest first
};

Audit audit_velocity(const State& state, const AuditAsk& ask);
std::string audit_json(const Audit& audit, std::string_view currency);  // as the contract says
std::string audit_csv(const Audit& audit, std::string_view currency);   // the same rows for a spreadsheet

}  // namespace dropsmith::decide
