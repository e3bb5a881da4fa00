// RFC 3339 in and out, by the civil calendar of howardhinnant date. Years 0000 to 9999; an instant outside is shown as
// the nearest that can be. Any thread. Covered by base/text_test.cpp.
#include "base/text.h"

#include <algorithm>

#include <date/date.h>

namespace dropsmith {

namespace {

std::int64_t ms_of(date::year_month_day day) {
    return std::int64_t{date::sys_days(day).time_since_epoch().count()} * day_ms;
}

void put(char*& to, unsigned n, int digits) {
    for (int i = digits; i-- > 0; n /= 10) to[i] = static_cast<char>('0' + n % 10);
    to += digits;
}

// Exactly `digits` digits from the front of text, or -1.
int take(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return -1;
    int n = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        n = n * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return n;
}

bool skip(std::string_view& text, char expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::string rfc3339(Instant t) {
    std::string out;
    append_rfc3339(out, t);
    return out;
}

void append_rfc3339(std::string& out, Instant t) {
    static const std::int64_t low = ms_of(date::year(0) / 1 / 1);
    static const std::int64_t high = ms_of(date::year(9999) / 12 / 31) + day_ms - 1;
    const std::int64_t ms = std::clamp(t.ms, low, high);
    const std::int64_t day = (ms >= 0 ? ms : ms - (day_ms - 1)) / day_ms;
    auto rest = static_cast<unsigned>(ms - day * day_ms);
    const date::year_month_day civil{date::sys_days(date::days(static_cast<int>(day)))};
    char text[24];
    char* to = text;
    put(to, static_cast<unsigned>(static_cast<int>(civil.year())), 4);
    *to++ = '-';
    put(to, static_cast<unsigned>(civil.month()), 2);
    *to++ = '-';
    put(to, static_cast<unsigned>(civil.day()), 2);
    *to++ = 'T';
    const unsigned milli = rest % 1000;
    rest /= 1000;
    put(to, rest / 3600, 2);
    *to++ = ':';
    put(to, rest / 60 % 60, 2);
    *to++ = ':';
    put(to, rest % 60, 2);
    *to++ = '.';
    put(to, milli, 3);
    *to++ = 'Z';
    out.append(text, sizeof text);
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
    const int year = take(text, 4);
    if (year < 0 || !skip(text, '-')) return std::nullopt;
    const int month = take(text, 2);
    if (month < 0 || !skip(text, '-')) return std::nullopt;
    const int day = take(text, 2);
    if (day < 0 || !skip(text, 'T')) return std::nullopt;
    const date::year_month_day civil = date::year(year) / month / day;
    if (!civil.ok()) return std::nullopt;
    const int hour = take(text, 2);
    if (hour < 0 || hour > 23 || !skip(text, ':')) return std::nullopt;
    const int minute = take(text, 2);
    if (minute < 0 || minute > 59 || !skip(text, ':')) return std::nullopt;
    const int second = take(text, 2);
    if (second < 0 || second > 59) return std::nullopt;
    int milli = 0;
    if (skip(text, '.')) {
        int digits = 0;
        for (; digits < 3; ++digits) {
            const int digit = take(text, 1);
            if (digit < 0) break;
            milli = milli * 10 + digit;
        }
        if (digits == 0) return std::nullopt;
        for (; digits < 3; ++digits) milli *= 10;
    }
    std::int64_t offset_minutes = 0;
    if (!skip(text, 'Z')) {
        const bool west = text.starts_with('-');
        if (!west && !text.starts_with('+')) return std::nullopt;
        text.remove_prefix(1);
        const int hours_off = take(text, 2);
        if (hours_off < 0 || hours_off > 23 || !skip(text, ':')) return std::nullopt;
        const int minutes_off = take(text, 2);
        if (minutes_off < 0 || minutes_off > 59) return std::nullopt;
        offset_minutes = (hours_off * 60 + minutes_off) * (west ? -1 : 1);
    }
    if (!text.empty()) return std::nullopt;
    const std::int64_t seconds_of_day = (hour * 60 + minute) * 60 + second;
    const Instant out{ms_of(civil) + seconds_of_day * 1000 + milli - offset_minutes * 60'000};
    // An offset may reach over the edge of the calendar; then it would not print back.
    if (out.ms < ms_of(date::year(0) / 1 / 1) || out.ms >= ms_of(date::year(9999) / 12 / 31) + day_ms)
        return std::nullopt;
    return out;
}

}  // namespace dropsmith
