// The frame of the program's own plain pages (docs, errors): head, bar, title. Without script, under the pages' policy.
//
// Invariant: every text is escaped here; nothing is loaded but this shop's own style sheet. Thread: any, no state.
// Test: error_page_test.cpp.
#pragma once

#include <string>
#include <string_view>

namespace dropsmith::http {

// Up to and with the <h1>; `heading` is said in the window's title too.
std::string begin_plain_page(std::string_view heading);
// What closes what begin_plain_page opened.
inline constexpr std::string_view end_plain_page = "</main>\n</body>\n</html>\n";

}  // namespace dropsmith::http
