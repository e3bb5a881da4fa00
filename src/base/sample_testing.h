// One record with a field of every kind, for the codecs' tests. Its field table stands in type_test.cpp.
// Test code only. Covered by base/type_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/numbers.h"
#include "base/record.h"

namespace dropsmith::sample {

struct TrunkTag {
    static constexpr std::string_view prefix = "trk";
};
using TrunkId = Id<TrunkTag>;

enum class Colour : std::uint8_t { red, open, blue };
DROPSMITH_CHOICE(Colour, "red", "open", "delete")

struct Part {
    std::string name;
    std::int32_t count = 0;
    std::optional<Money> price;
};
DROPSMITH_RECORD(Part, name, count, price)

struct Everything {
    bool yes = false;
    std::int8_t tiny = 0;
    std::int64_t big = 0;
    std::uint16_t small = 0;
    std::uint64_t large = 0;
    Money money;
    Quantity units;
    Rate share;
    Duration window_s;
    Duration pause;
    Instant at;
    TrunkId trunk;
    std::string text;
    std::vector<std::uint8_t> bytes;
    Colour colour = Colour::red;
    std::vector<Part> parts;
    std::vector<Duration> steps_seconds;
    std::optional<Part> spare;
    std::optional<std::int64_t> maybe;
};
DROPSMITH_RECORD(Everything, yes, tiny, big, small, large, money, units, share, window_s, pause, at, trunk, text, bytes,
                 colour, parts, steps_seconds, spare, maybe)

struct Relaxed {
    std::int64_t needed = 0;
    std::int64_t cadence_s = 30;
    Colour colour = Colour::blue;
    TrunkId trunk;
};
DROPSMITH_RECORD(Relaxed, needed, cadence_s, colour, trunk)
DROPSMITH_DEFAULTS(Relaxed, cadence_s, colour, trunk)

struct Numbers {
    double real = 0;
    float single = 0;
    std::vector<double> many;
};
DROPSMITH_RECORD(Numbers, real, single, many)

}  // namespace dropsmith::sample
