// The pages' files, embedded in the program at build time by tools/embed.py from web/dist.
//
// Invariant: paths start with '/', are unique and sorted (so that a look-up may be a binary search); `bytes` is the
// file as built; `gzip` is the same file compressed, or empty when that would not be smaller. All views point at
// constant data and live as long as the program. `etag` is quoted, as it stands in the header. A name under /assets/
// holds a hash of its content, so `immutable` says that it may be cached for ever; everything else must be
// revalidated by its etag. Thread: any. Test: assets_test.cpp.
#pragma once

#include <span>
#include <string_view>

namespace dropsmith::http {

struct Asset {
    std::string_view path;          // "/index.html", "/assets/index-3f2a9c.js"
    std::string_view content_type;  // "text/html; charset=utf-8"
    std::string_view etag;          // "\"9f8b…\"", the first 128 bits of SHA-256
    bool immutable;
    std::string_view bytes;
    std::string_view gzip;
};

/// Every file of the pages; "/" is served from "/index.html".
std::span<const Asset> assets();

/// The file at `path` ("/" finds the index), or nullptr.
const Asset* find_asset(std::string_view path);

/// The path of the pages' style sheet, for pages that are rendered here; "" when there is none.
std::string_view page_stylesheet();

}  // namespace dropsmith::http
