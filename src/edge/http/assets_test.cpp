// The embedded files keep what assets.h promises, whether the pages were built or the fallback page stands in for them.
#include "edge/http/assets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace dropsmith::http::assets_test {
namespace {

TEST(Assets, AreSortedUniqueAndComplete) {
    const auto all = assets();
    ASSERT_FALSE(all.empty());
    for (const Asset& asset : all) {
        EXPECT_EQ(asset.path.front(), '/') << asset.path;
        EXPECT_FALSE(asset.content_type.empty()) << asset.path;
        EXPECT_FALSE(asset.bytes.empty()) << asset.path;
        EXPECT_TRUE(asset.etag.size() > 10 && asset.etag.front() == '"' && asset.etag.back() == '"') << asset.path;
        EXPECT_TRUE(asset.gzip.empty() || asset.gzip.size() < asset.bytes.size()) << asset.path;
        EXPECT_EQ(find_asset(asset.path), &asset);
    }
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](auto& a, auto& b) { return a.path < b.path; }));
    EXPECT_EQ(std::adjacent_find(all.begin(), all.end(), [](auto& a, auto& b) { return a.path == b.path; }), all.end());
}

TEST(Assets, FindsTheIndexAndNothingElse) {
    ASSERT_NE(find_asset("/"), nullptr);
    EXPECT_EQ(find_asset("/")->path, "/index.html");
    for (const char* path :
         {"", "index.html", "/index.htm", "/index.html/", "/../index.html", "//index.html", "/assets"}) {
        EXPECT_EQ(find_asset(path), nullptr) << path;
    }
}

TEST(Assets, NothingWouldNeedUnsafeInline) {
    for (const Asset& asset : assets()) {
        if (asset.content_type.find("text/html") == std::string_view::npos) {
            continue;
        }
        const std::string page(asset.bytes);
        EXPECT_EQ(page.find("<style"), std::string::npos);
        EXPECT_EQ(page.find(" style="), std::string::npos);
        EXPECT_EQ(page.find("http://"), std::string::npos);
        EXPECT_EQ(page.find("https://"), std::string::npos);
        for (std::size_t at = page.find("<script"); at != std::string::npos; at = page.find("<script", at + 1)) {
            EXPECT_NE(page.substr(at, page.find('>', at) - at).find(" src="), std::string::npos);
        }
    }
}

TEST(Assets, OnlyHashedNamesAreImmutable) {
    for (const Asset& asset : assets()) {
        EXPECT_EQ(asset.immutable, asset.path.starts_with("/assets/")) << asset.path;
    }
}

}  // namespace
}  // namespace dropsmith::http::assets_test
