// What stands in the cells of merchants' exports: amounts, units, local times. Exact: an amount keeps every digit until
// its line is rounded to the minor unit, half away from zero. Any thread. Covered by edge/cli/import_words_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/numbers.h"

namespace dropsmith::cli {

struct Exact {  // mantissa x 10^-places
    std::int64_t mantissa = 0;
    int places = 0;
};

// "1,234.50", "$12.00", "-£3", "(4.20)", "12,5" when decimal is ','. nullopt: not an amount, or more than 18 digits.
std::optional<Exact> parse_amount(std::string_view text, char decimal = '.');
std::optional<std::int64_t> parse_units(std::string_view text, char decimal = '.');  // "6", "6.0"; a fraction is none

// A sum that loses nothing: in units of 10^-18.
class ExactSum {
  public:
    bool add(Exact amount, std::int64_t times);  // false: beyond its range
    void add(const ExactSum& other) { sum_ += other.sum_; }
    std::string text(int places_min) const;  // "35154895.1501"

  private:
    __extension__ using Wide = __int128;
    Wide sum_ = 0;
};

// amount x times in minor units of a currency with `places`, rounded half away from zero. nullopt: out of range.
std::optional<std::int64_t> to_minor(Exact amount, std::int64_t times, int places);

// Local time by a pattern of %Y %y %m %d %b %H %I %M %S %p %z and other letters as they are; milliseconds since the
// epoch as if UTC, and the offset when the text has one (%z).
struct LocalTime {
    std::int64_t ms = 0;
    std::optional<std::int64_t> offset_ms;
};
std::optional<LocalTime> parse_local(std::string_view text, std::string_view pattern);

// From local time to UTC. A time that a clock change skips or repeats is taken as the earlier one.
class Zone {
  public:
    static std::optional<Zone> find(std::string_view name);  // IANA, or a name as Square writes it
    Zone(Zone&&) noexcept;
    Zone& operator=(Zone&&) noexcept;
    ~Zone();
    Instant utc(std::int64_t local_ms);

  private:
    Zone();
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::cli
