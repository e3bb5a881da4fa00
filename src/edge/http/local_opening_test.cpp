// Openings in a zone: the next weekday, day of the month and time, across the change of the clocks, or none.
#include "edge/http/local_opening.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace dropsmith::http::local_opening_test {
namespace {

std::string next(TemplateOpening opening, const char* zone, const char* from) {
    const auto at = next_opening(opening, zone, *parse_rfc3339(from));
    return at ? rfc3339(*at) : "";
}

TEST(LocalOpening, IsTheNextThatFits) {
    const TemplateOpening evening{{}, {}, hours(18)}, saturday{Weekday::saturday, {}, hours(10)},
        payday{{}, 25, hours(10)}, some_monday{Weekday::monday, {}, {}}, night{{}, {}, minutes(90)};
    const struct {
        TemplateOpening opening;
        const char *zone, *from, *expected;
    } cases[] = {
        {evening, "Europe/London", "2026-06-01T12:00:00Z", "2026-06-01T17:00:00.000Z"},
        {evening, "Europe/London", "2026-06-01T17:00:00Z", "2026-06-01T17:00:00.000Z"},
        {evening, "Europe/London", "2026-06-01T17:00:01Z", "2026-06-02T17:00:00.000Z"},
        {saturday, "Europe/London", "2026-11-22T12:00:00Z", "2026-11-28T10:00:00.000Z"},
        {saturday, "Pacific/Auckland", "2026-11-27T12:00:00Z", "2026-11-27T21:00:00.000Z"},
        {payday, "Europe/Paris", "2026-11-25T10:00:00Z", "2026-12-25T09:00:00.000Z"},
        {some_monday, "UTC", "2026-11-22T12:00:00Z", "2026-11-23T10:00:00.000Z"},
        {night, "Europe/London", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00.000Z"},  // 01:30 is left out
        {night, "Europe/London", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00.000Z"},  // and comes twice
        {{}, "UTC", "2026-11-22T12:00:00Z", ""},
        {evening, "Nowhere/Here", "2026-11-22T12:00:00Z", ""},
    };
    for (const auto& c : cases) EXPECT_EQ(next(c.opening, c.zone, c.from), c.expected) << c.zone << " " << c.from;
}

TEST(LocalOpening, TimesOfTheDayAsText) {
    EXPECT_EQ(time_of_day("18:05"), minutes(18 * 60 + 5));
    for (const auto* wrong : {"", "6:00", "24:00", "18.00", "18:60", "1x:00", "18:000"})
        EXPECT_EQ(time_of_day(wrong), std::nullopt) << wrong;
    for (const auto* text : {"00:00", "09:30", "23:59"}) EXPECT_EQ(time_text(*time_of_day(text)), text);
}

}  // namespace
}  // namespace dropsmith::http::local_opening_test
