// Grants: issued with a digest, ended once; what their limits allow.
#include "flow/sell/access.h"

#include <gtest/gtest.h>

#include "flow/sell/grant_limit.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::access_test {
namespace {

IssueGrant grant(Role role, char digit) {
    IssueGrant out;
    out.role = role, out.token_digest = std::string(64, digit);
    return out;
}

TEST(AccessTest, IssuedAndEndedOnce) {
    TestShop shop;
    shop.must(grant(Role::owner, 'a'));
    EXPECT_EQ(shop.word(grant(Role::viewer, 'a')), "already_exists");
    EXPECT_EQ(shop.word(grant(Role::viewer, 'X')), "bad_value");
    auto late = grant(Role::viewer, 'b');
    late.expires_at = shop.now;
    EXPECT_EQ(shop.word(late), "bad_value");
    auto far = grant(Role::till, 'b');
    far.scope.places = {PlaceId{5}};
    EXPECT_EQ(shop.word(far), "not_found");
    auto negative = grant(Role::till, 'b');
    negative.limits.refund_max = Money{-1};
    EXPECT_EQ(shop.word(negative), "bad_value");
    EXPECT_EQ(shop.word(EndGrant{GrantId{2}}), "not_found");
    EXPECT_EQ(shop.word(EndGrant{GrantId{1}}), "");
    EXPECT_TRUE(shop.state.access.grants[0].ended);
    EXPECT_EQ(shop.word(EndGrant{GrantId{1}}), "wrong_state");
}

TEST(AccessTest, AnAbsentLimitIsNoneForOwnersAndNothingForOthers) {
    TestShop shop;
    shop.must(grant(Role::owner, 'a')), shop.must(grant(Role::till, 'b'));
    auto limited = grant(Role::till, 'c');
    limited.limits.refund_max = Money{500};
    shop.must(limited);
    struct Case {
        Actor who;
        std::optional<Money> expected;
    };
    const Case cases[] = {
        {{ActorKind::staff, GrantId{1}}, std::nullopt}, {{ActorKind::staff, GrantId{2}}, Money{0}},
        {{ActorKind::device, GrantId{3}}, Money{500}},  {{ActorKind::staff, GrantId{9}}, Money{0}},
        {{ActorKind::buyer, {}}, std::nullopt},         {{ActorKind::timer, {}}, std::nullopt},
    };
    for (const auto& c : cases) EXPECT_EQ(refund_limit(shop.state.access, c.who), c.expected) << c.who.grant.n;
    EXPECT_EQ(write_off_limit(shop.state.access, {ActorKind::device, GrantId{3}}), Quantity{0});
}

}  // namespace
}  // namespace dropsmith::sell::access_test
