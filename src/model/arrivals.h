// How visitors came to a drop: what was seen of each period between two reviews, and what is kept of it when the drop
// has closed, for the drops after it; and what a decision says of the history and the arrival curve that it was taken
// with. Plain data. Written by flow/decide/price_evolve.cpp, read by flow/decide/arrivals.*. Covered by
// flow/decide/arrivals_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/ids.h"

namespace dropsmith {

struct SeenPeriod {                          // between two reviews, at one price; a cohort's price has a row of its own
    Instant from, to;
    Money price;
    std::uint64_t exposure = 0;              // millionths of a period that somebody was asked it and could buy
    std::uint64_t units = 0;                 // taken at it
    std::uint64_t looks = 0;                 // views of the line or its drop in the channel; 0: none were told
    std::uint64_t footfall = 0;              // who was counted at the channel's place; 0: nobody, or no sensor told
};
DROPSMITH_RECORD(SeenPeriod, from, to, price, exposure, units, looks, footfall)

struct Announcement {                        // a creator or a campaign sends visitors from this instant on
    DropId drop;
    ChannelId channel;
    SkuId sku;                               // none: all lines
    Instant at;
    friend bool operator==(const Announcement&, const Announcement&) = default;
};
DROPSMITH_RECORD(Announcement, drop, channel, sku, at)

struct FreshUnits {                          // taken since the last review
    Money price;
    std::uint64_t units = 0;
};
DROPSMITH_RECORD(FreshUnits, price, units)

struct CurveCell {
    std::uint64_t units = 0;
    std::uint64_t expected = 0;              // thousandths of a unit: had visitors come evenly, at the prices asked
};
DROPSMITH_RECORD(CurveCell, units, expected)

struct DropCurve {                           // of a closed drop in a channel, its lines together
    DropId drop;
    Instant opens, closes;                   // the window as it was
    Duration cell;                           // the length of one, from opening on
    std::vector<CurveCell> cells;
};
DROPSMITH_RECORD(DropCurve, drop, opens, closes, cell, cells)

struct HistoryInput {                        // earlier drops of the SKU in the channel, at one band
    Money price;
    std::uint64_t periods = 0;               // thousandths, in periods of this drop with average arrivals
    std::uint64_t sales = 0;
};
DROPSMITH_RECORD(HistoryInput, price, periods, sales)

struct LevelInput {                          // what past sales say of a line's demand on an ordinary day
    std::uint64_t units = 0;                 // of the SKU, imported or of finished orders
    std::uint32_t days = 0;                  // it was on sale: silences that chance does not explain are left out
    std::uint32_t alike = 0;                 // SKUs of its cluster, by whose mean little evidence is filled up
    std::uint64_t per_day = 0;               // millionths of a unit, at the list price, pooled
    Rate spread;                             // sd of the log of that
};
DROPSMITH_RECORD(LevelInput, units, days, alike, per_day, spread)

struct ChannelsInput {                       // the stock is shared with the drop's other channels: who will ask for it
    Rate before;                             // this channel's share of the drop's demand, by earlier drops
    std::uint64_t own = 0;                   // millionths of a unit a period, at the list price, expected here
    std::uint64_t others = 0;                // and in the other channels together
};
DROPSMITH_RECORD(ChannelsInput, before, own, others)

struct CurveInput {
    std::string curve;                       // "flat", "front 2.5", "front 2.5, by the hour", "as before"
    Rate belief;
};
DROPSMITH_RECORD(CurveInput, curve, belief)

struct ArrivalsInput {
    std::uint32_t earlier_drops = 0;         // whose curves were looked at
    std::uint64_t trade_units = 0;           // of imported history behind the hours of the day
    std::uint64_t looks = 0;                 // views of the running drop
    Rate now;                                // arrivals of the coming period, of an average one
    Rate left;                               // and of all that are left, together
    std::vector<CurveInput> curves;          // believed in at least a hundredth, likeliest first
    std::uint64_t footfall = 0;              // counted at the channel's place in the periods that sensors told
    std::vector<Instant> announced;          // known of, past and to come
};
DROPSMITH_RECORD(ArrivalsInput, earlier_drops, trade_units, looks, now, left, curves, footfall, announced)

}  // namespace dropsmith
