// Look-up among the embedded files. The list itself is generated (see assets.h). Test: assets_test.cpp.
#include "edge/http/assets.h"

#include <algorithm>

namespace dropsmith::http {

const Asset* find_asset(std::string_view path) {
    if (path == "/") {
        path = "/index.html";
    }
    const std::span<const Asset> all = assets();
    const auto found = std::lower_bound(
        all.begin(), all.end(), path, [](const Asset& asset, std::string_view wanted) { return asset.path < wanted; });
    return found != all.end() && found->path == path ? &*found : nullptr;
}

std::string_view page_stylesheet() {
    for (const Asset& asset : assets()) {
        if (asset.content_type.starts_with("text/css")) {
            return asset.path;
        }
    }
    return {};
}

}  // namespace dropsmith::http
