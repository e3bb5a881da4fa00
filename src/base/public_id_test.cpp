// Public ids: one to one, by prefix and key; no neighbours; secrets.
#include "base/public_id.h"

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace dropsmith::public_id_test {
namespace {

const std::string key_a(32, 'a');
const std::string key_b(32, 'b');

TEST(PublicIds, ReadsBackWhatItShows) {
    const PublicIds ids(key_a);
    EXPECT_TRUE(rc::check("read(show(n)) = n", [&](std::uint64_t n) {
        if (n == 0) n = 1;
        const std::string shown = ids.show("hold", n);
        RC_ASSERT(shown.size() == 18u);
        RC_ASSERT(ids.read("hold", shown) == n);
        RC_ASSERT(ids.read("ord", shown) == std::nullopt);
    }));
    for (const std::uint64_t n : {std::uint64_t{1}, std::uint64_t{1} << 32, ~std::uint64_t{0}})
        EXPECT_EQ(ids.read("hold", ids.show("hold", n)), n);
}

TEST(PublicIds, FirstThousandAreDistinctAndTellNothing) {
    const PublicIds ids(key_a);
    std::set<std::string> shown;
    int rising = 0;
    std::string before;
    for (std::uint64_t n = 1; n <= 1000; ++n) {
        const std::string one = ids.show("drop", n);
        rising += one > before ? 1 : 0;
        shown.insert(one);
        before = one;
    }
    EXPECT_EQ(shown.size(), 1000u);
    EXPECT_NEAR(rising, 500, 100);
    EXPECT_NE(ids.show("drop", 1).substr(5), ids.show("hold", 1).substr(5)) << "a prefix has its own permutation";
    EXPECT_NE(ids.show("drop", 1), PublicIds(key_b).show("drop", 1));
}

TEST(PublicIds, RefusesWhatItDidNotShow) {
    const PublicIds ids(key_a);
    const std::string good = ids.show("hold", 7);
    const std::string zero = ids.show("hold", 0);
    for (const std::string& bad :
         {std::string(), std::string("hold_"), good.substr(0, 17), good + "0", "Hold" + good.substr(4),
          "hold-" + good.substr(5), "hold_z" + good.substr(6), "hold_0l" + good.substr(7), zero})
        EXPECT_EQ(ids.read("hold", bad), std::nullopt) << bad;
}

TEST(PublicIds, Secrets) {
    const PublicIds ids(key_a);
    const std::string secret = ids.secret("hold", 7);
    EXPECT_EQ(secret.size(), 26u);
    EXPECT_TRUE(ids.secret_matches("hold", 7, secret));
    EXPECT_FALSE(ids.secret_matches("hold", 8, secret));
    EXPECT_FALSE(ids.secret_matches("ord", 7, secret));
    EXPECT_FALSE(ids.secret_matches("hold", 7, ""));
    EXPECT_FALSE(PublicIds(key_b).secret_matches("hold", 7, secret));
}

}  // namespace
}  // namespace dropsmith::public_id_test
