// See import_words.h. Covered by edge/cli/import_words_test.cpp.
#include "edge/cli/import_words.h"

#include <algorithm>
#include <array>

#include <date/tz.h>

#include "base/limits.h"
#include "base/text.h"

namespace dropsmith::cli {

namespace {

__extension__ using Wide = __int128;
constexpr int sum_places = 18;

Wide power(int n) {
    Wide out = 1;
    for (; n > 0; --n) out *= 10;
    return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool strip(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

void strip_symbols(std::string_view& text) {
    constexpr auto symbols =
        std::to_array<std::string_view>({"$", "\xC2\xA3", "\xE2\x82\xAC", "\xC2\xA5", " ", "\xC2\xA0"});
    for (bool again = true; again;) {
        again = false;
        for (const auto symbol : symbols) {
            again = strip(text, symbol) || again;
            if (text.ends_with(symbol)) text.remove_suffix(symbol.size()), again = true;
        }
    }
}

int take(std::string_view& text, std::size_t digits_max, std::size_t digits_min = 1) {
    int n = 0;
    std::size_t i = 0;
    for (; i < digits_max && i < text.size() && is_digit(text[i]); ++i) n = n * 10 + (text[i] - '0');
    if (i < digits_min) return -1;
    text.remove_prefix(i);
    return n;
}

int take_month(std::string_view& text) {
    constexpr auto names = std::to_array<std::string_view>(
        {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"});
    if (text.size() < 3) return -1;
    std::string three(text.substr(0, 3));
    for (char& c : three) c = static_cast<char>(c | 0x20);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] != three) continue;
        text.remove_prefix(3);
        return static_cast<int>(i) + 1;
    }
    return -1;
}

std::optional<std::int64_t> take_offset(std::string_view& text) {
    if (strip(text, "Z") || strip(text, "UTC")) return 0;
    const bool west = text.starts_with('-');
    if (!west && !text.starts_with('+')) return std::nullopt;
    text.remove_prefix(1);
    const int hours = take(text, 2, 2);
    strip(text, ":");
    const int minutes_off = take(text, 2, 2);
    if (hours < 0 || hours > 14 || minutes_off < 0 || minutes_off > 59) return std::nullopt;
    return (hours * 60 + minutes_off) * std::int64_t{60'000} * (west ? -1 : 1);
}

// Names that Square's exports write instead of IANA ones.
constexpr std::array<std::array<std::string_view, 2>, 14> other_names{{
    {"Eastern Time (US & Canada)", "America/New_York"},
    {"Central Time (US & Canada)", "America/Chicago"},
    {"Mountain Time (US & Canada)", "America/Denver"},
    {"Pacific Time (US & Canada)", "America/Los_Angeles"},
    {"Arizona", "America/Phoenix"},
    {"Alaska", "America/Anchorage"},
    {"Hawaii", "Pacific/Honolulu"},
    {"Atlantic Time (Canada)", "America/Halifax"},
    {"London", "Europe/London"},
    {"Dublin", "Europe/Dublin"},
    {"Paris", "Europe/Paris"},
    {"Madrid", "Europe/Madrid"},
    {"Tokyo", "Asia/Tokyo"},
    {"Sydney", "Australia/Sydney"},
}};

}  // namespace

std::optional<Exact> parse_amount(std::string_view text, char decimal) {
    text = trim(text);
    bool negative = false;
    if (text.starts_with('(') && text.ends_with(')')) {
        negative = true;
        text = text.substr(1, text.size() - 2);
    }
    strip_symbols(text);
    if (strip(text, "-")) {
        if (negative) return std::nullopt;
        negative = true;
        strip_symbols(text);
    }
    const char thousands = decimal == ',' ? '.' : ',';
    const std::size_t point = text.find(decimal);
    const std::string_view whole_part = text.substr(0, point);
    std::string_view fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    while (fraction.ends_with('0')) fraction.remove_suffix(1);
    Exact out{0, static_cast<int>(fraction.size())};
    int digits = 0;
    const auto push = [&](char c) {
        return is_digit(c) && (digits > 0 || c != '0' ? ++digits <= 18 : true) &&
               (out.mantissa = out.mantissa * 10 + (c - '0'), true);
    };
    if (whole_part.empty() && (point == std::string_view::npos || text.size() == 1)) return std::nullopt;
    std::size_t group = 0;  // digits since the last separator
    bool grouped = false;
    for (const char c : whole_part) {
        if (c == thousands) {
            if (group == 0 || group > 3 || (grouped && group != 3)) return std::nullopt;
            grouped = true, group = 0;
        } else {
            if (!push(c)) return std::nullopt;
            ++group;
        }
    }
    if (grouped && group != 3) return std::nullopt;
    if (out.places > sum_places) return std::nullopt;
    for (const char c : fraction)
        if (!push(c)) return std::nullopt;
    if (negative) out.mantissa = -out.mantissa;
    return out;
}

std::optional<std::int64_t> parse_units(std::string_view text, char decimal) {
    const auto amount = parse_amount(text, decimal);
    if (!amount || amount->places > 0) return std::nullopt;
    return amount->mantissa;
}

bool ExactSum::add(Exact amount, std::int64_t times) {
    Wide scaled;
    return !__builtin_mul_overflow(Wide{amount.mantissa} * times, power(sum_places - amount.places), &scaled) &&
           !__builtin_add_overflow(sum_, scaled, &sum_);
}

std::string ExactSum::text(int places_min) const {
    const bool negative = sum_ < 0;
    auto magnitude = negative ? -static_cast<unsigned __int128>(sum_) : static_cast<unsigned __int128>(sum_);
    std::string digits;
    for (; magnitude > 0; magnitude /= 10) digits += static_cast<char>('0' + static_cast<int>(magnitude % 10));
    while (digits.size() <= sum_places) digits += '0';
    digits.insert(sum_places, 1, '.');
    std::reverse(digits.begin(), digits.end());
    const std::size_t least = digits.find('.') + 1 + static_cast<std::size_t>(places_min);
    while (digits.size() > least && digits.ends_with('0')) digits.pop_back();
    if (digits.ends_with('.')) digits.pop_back();
    return negative ? "-" + digits : digits;
}

std::optional<std::int64_t> to_minor(Exact amount, std::int64_t times, int places) {
    const Wide product = Wide{amount.mantissa} * times;
    Wide minor = product;
    if (amount.places > places) {
        const Wide unit = power(amount.places - places);
        const Wide half = unit / 2;
        minor = (product + (product < 0 ? -half : half)) / unit;
    } else if (__builtin_mul_overflow(product, power(places - amount.places), &minor)) {
        return std::nullopt;
    }
    if (minor > limits::money_max || minor < -Wide{limits::money_max}) return std::nullopt;
    return static_cast<std::int64_t>(minor);
}

std::optional<LocalTime> parse_local(std::string_view text, std::string_view pattern) {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
    bool twelve = false, afternoon = false;
    LocalTime out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != '%' || i + 1 == pattern.size()) {
            if (!strip(text, pattern.substr(i, 1))) return std::nullopt;
            continue;
        }
        int got = 0;
        switch (pattern[++i]) {
            case 'Y':
                got = year = take(text, 4, 4);
                break;
            case 'y':
                got = take(text, 2, 2), year = 2000 + got;
                break;
            case 'm':
                got = month = take(text, 2);
                break;
            case 'd':
                got = day = take(text, 2);
                break;
            case 'b':
                got = month = take_month(text);
                break;
            case 'H':
                got = hour = take(text, 2);
                break;
            case 'I':
                got = hour = take(text, 2), twelve = true;
                break;
            case 'M':
                got = minute = take(text, 2, 2);
                break;
            case 'S':
                got = second = take(text, 2, 2);
                break;
            case 'p':
                afternoon = strip(text, "PM") || strip(text, "pm");
                if (!afternoon && !strip(text, "AM") && !strip(text, "am")) return std::nullopt;
                break;
            case 'z':
                out.offset_ms = take_offset(text);
                if (!out.offset_ms) return std::nullopt;
                break;
            default:
                return std::nullopt;
        }
        if (got < 0) return std::nullopt;
    }
    if (twelve && (hour < 1 || hour > 12)) return std::nullopt;
    if (twelve) hour = hour % 12 + (afternoon ? 12 : 0);
    const date::year_month_day civil = date::year(year) / month / day;
    if (!text.empty() || !civil.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    const std::int64_t days = date::sys_days(civil).time_since_epoch().count();
    out.ms = ((days * 24 + hour) * 60 + minute) * 60'000 + second * 1000;
    return out;
}

struct Zone::Inside {
    const date::time_zone* zone = nullptr;
    std::int64_t hour = INT64_MIN;  // local hour looked up last: rows of an export lie close together
    std::int64_t offset_ms = 0;
};

Zone::Zone() : inside_(std::make_unique<Inside>()) {}
Zone::Zone(Zone&&) noexcept = default;
Zone& Zone::operator=(Zone&&) noexcept = default;
Zone::~Zone() = default;

std::optional<Zone> Zone::find(std::string_view name) {
    for (const auto& [other, iana] : other_names)
        if (other == name) name = iana;
    Zone out;
    try {
        out.inside_->zone = date::locate_zone(std::string(name));
    } catch (const std::exception&) {
        return std::nullopt;
    }
    return out;
}

Instant Zone::utc(std::int64_t local_ms) {
    const std::int64_t hour = local_ms / hour_ms - (local_ms % hour_ms < 0 ? 1 : 0);
    const date::local_time<std::chrono::milliseconds> local{std::chrono::milliseconds(local_ms)};
    const auto info = [&] { return inside_->zone->get_info(local); };
    if (hour != inside_->hour) {
        const auto found = info();
        // In a repeated hour the first offset is the earlier instant; in a skipped one the change itself is.
        if (found.result == date::local_info::nonexistent)
            return Instant{
                std::chrono::duration_cast<std::chrono::milliseconds>(found.first.end.time_since_epoch()).count()};
        inside_->offset_ms = std::chrono::duration_cast<std::chrono::milliseconds>(found.first.offset).count();
        const bool plain = found.result == date::local_info::unique;
        inside_->hour =
            plain && found.first.offset % std::chrono::hours(1) == std::chrono::seconds(0) ? hour : INT64_MIN;
    }
    return Instant{local_ms - inside_->offset_ms};
}

}  // namespace dropsmith::cli
