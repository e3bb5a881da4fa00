// The four ways in which a text of the shop may stand in a page, each safe for exactly its own place.
//
// Invariant: whatever the input, html() yields no markup and fits text and quoted attributes; json() yields the
// inside of a JSON string that can neither end the string nor the <script> element around it; url_segment() yields
// one path segment; safe_url() yields a URL that can only load or lead to http, https or this shop, or an empty text.
// Thread: any, no state. Test: escape_test.cpp, drop_page_test.cpp.
#pragma once

#include <string>
#include <string_view>

namespace dropsmith::http {

/// For element content and for attributes in double or single quotes. Control characters other than tab and newline go.
std::string html(std::string_view text);

/// For the inside of a double-quoted JSON string that may stand within <script type="application/ld+json">.
std::string json(std::string_view text);

/// Percent-encoded: only unreserved characters of RFC 3986 stay.
std::string url_segment(std::string_view text);

/// The URL itself when it is absolute http(s) or begins with one '/' (not "//"), without blanks or controls; else "".
/// It is not yet escaped: html() or json() must follow.
std::string safe_url(std::string_view text);

}  // namespace dropsmith::http
