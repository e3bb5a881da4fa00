// The runs of octet_runs.h beside a look at each octet by itself: every value at every place, and strings by chance.
#include "edge/http/octet_runs.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "base/random.h"

namespace dropsmith::http::octet_runs_test {
namespace {

bool is_graphic(char c) { return c >= ' ' && c <= '~'; }

// Whether both say the same of it.
bool same(const std::string& text) {
    const auto* begin = text.data();
    const auto* end = begin + text.size();
    const auto* plain = std::find_if(begin, end, [](char c) { return !is_graphic(c) || c == '"' || c == '\\'; });
    const auto* spaces = std::find_if(begin, end, [](char c) { return c != ' '; });
    return graphic(text) == std::all_of(begin, end, is_graphic) && end_of_plain(begin, end) == plain &&
           end_of_spaces(begin, end) == spaces;
}

TEST(OctetRuns, EveryOctetAtEveryPlace) {
    for (std::size_t size = 0; size <= 19; ++size)
        for (std::size_t at = 0; at < size; ++at)
            for (int octet = 0; octet < 256; ++octet)
                for (const char around : {'a', ' ', '~'}) {
                    std::string text(size, around);
                    text[at] = static_cast<char>(octet);
                    EXPECT_TRUE(same(text)) << text;
                }
}

TEST(OctetRuns, StringsByChance) {
    constexpr std::string_view pieces(" ~\"\\a!#[]\x7f\x80\xff\n\r\t\x1f\0 ", 19);
    Random random(7);
    for (int i = 0; i < 20'000; ++i) {
        std::string text(random.below(30), ' ');
        for (auto& c : text) c = random.below(3) ? ' ' : pieces[random.below(pieces.size())];
        EXPECT_TRUE(same(text)) << text;
    }
}

}  // namespace
}  // namespace dropsmith::http::octet_runs_test
