// One line of JSON a denial, nothing from outside between the lines, and no flood.
#include "edge/http/denials.h"

#include <gtest/gtest.h>

#include <vector>

namespace dropsmith::http::denials_test {
namespace {

TEST(Denials, OneLineEachWhateverTheCallerSends) {
    Denials denials;
    std::vector<std::string> lines;
    denials.log = [&](const std::string& line) { lines.push_back(line); };
    denials.note({401, "GET", "/v1/orders/{id}", "203.0.113.9\r\n{\"event\":\"forged\"}", ""}, 5'000);
    denials.note({403, "POST", "/v1/grants", "2001:db8::1", "grt_abc"}, 5'000);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].find_first_of("\r\n"), std::string::npos);
    EXPECT_EQ(lines[1],
              R"("event":"denied","status":403,"method":"POST","route":"/v1/grants",)"
              R"("peer":"2001:db8::1","grant":"grt_abc")");
    EXPECT_EQ(denials.unauthorized(), 1u);
    EXPECT_EQ(denials.forbidden(), 1u);
}

TEST(Denials, AFloodIsCountedNotWritten) {
    Denials denials;
    std::vector<std::string> lines;
    denials.log = [&](const std::string& line) { lines.push_back(line); };
    for (int i = 0; i < 1'000; ++i) denials.note({429, "GET", "/v1/drops", "203.0.113.9", ""}, 7'000);
    EXPECT_EQ(lines.size(), 20u);
    EXPECT_EQ(denials.limited(), 1'000u);
    denials.note({401, "GET", "/v1/me", "203.0.113.9", ""}, 7'000);
    EXPECT_EQ(lines.size(), 21u) << "a flood of one kind does not hide the other";
    lines.pop_back();
    denials.note({429, "GET", "/v1/drops", "203.0.113.9", ""}, 8'000);
    ASSERT_EQ(lines.size(), 21u);
    EXPECT_NE(lines.back().find(R"("not_told_before":980)"), std::string::npos) << lines.back();
}

}  // namespace
}  // namespace dropsmith::http::denials_test
