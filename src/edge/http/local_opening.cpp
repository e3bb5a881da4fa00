// Covered by edge/http/local_opening_test.cpp.
#include "edge/http/local_opening.h"

#include <chrono>
#include <exception>

#include <date/tz.h>

namespace dropsmith::http {
namespace {

constexpr int days_looked = 400;
constexpr Duration morning = hours(10);  // where no time of day is said

bool is_day(const TemplateOpening& opening, date::local_days day) {
    const auto weekday = date::weekday(day).iso_encoding() - 1;
    const auto of_month = static_cast<unsigned>(date::year_month_day(day).day());
    return (!opening.weekday || static_cast<unsigned>(*opening.weekday) == weekday) &&
           (!opening.day_of_month || *opening.day_of_month == of_month);
}

}  // namespace

std::optional<Instant> next_opening(const TemplateOpening& opening, const std::string& zone, Instant not_before) {
    using Milli = std::chrono::milliseconds;
    if (!opening.said()) return std::nullopt;
    try {
        const auto* there = date::locate_zone(zone);
        const date::sys_time<Milli> from{Milli(not_before.ms)};
        auto day = date::floor<date::days>(there->to_local(from));
        for (int looked = 0; looked < days_looked; ++looked, day += date::days(1)) {
            if (!is_day(opening, day)) continue;
            const auto local = day + Milli(opening.time.value_or(morning).n);
            const auto info = there->get_info(local);
            const auto at = info.result == date::local_info::nonexistent
                                ? date::sys_time<Milli>(info.first.end)
                                : date::sys_time<Milli>(local.time_since_epoch() - info.first.offset);
            if (at >= from) return Instant{at.time_since_epoch().count()};
        }
    } catch (const std::exception&) {
        return std::nullopt;
    }
    return std::nullopt;
}

std::optional<Duration> time_of_day(const std::string& text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    for (const std::size_t i : {0, 1, 3, 4})
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
    const int hour = (text[0] - '0') * 10 + (text[1] - '0'), minute = (text[3] - '0') * 10 + (text[4] - '0');
    if (hour > 23 || minute > 59) return std::nullopt;
    return minutes(hour * 60 + minute);
}

std::string time_text(Duration time) {
    const auto two = [](std::int64_t n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
    const auto minute = time.n / minutes(1).n;
    return two(minute / 60) + ":" + two(minute % 60);
}

}  // namespace dropsmith::http
