// Edits of a drop by status: what is announced binds, and nothing goes below what is held or sold.
#include <gtest/gtest.h>

#include "flow/sell/drop.h"
#include "flow/sell/laws.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::drop_edit_test {
namespace {

struct DropEditTest : testing::Test {
    TestShop shop;
    SkuId a = shop.sku("A"), b = shop.sku("B");
    PlaceId hub = shop.place("Hub");

    DropTerms document(DropId id) {  // as a client would send it back
        auto terms = shop.drop(id).terms;
        for (const auto& line : shop.drop(id).lines) terms.lines.push_back(line.terms);
        return terms;
    }
    template <class Change>
    std::string edit(DropId id, Change change, std::string reason = "because") {
        EditDrop command{id, {}, document(id), {}, std::move(reason)};
        change(command);
        return shop.word(command);
    }
    void TearDown() override { EXPECT_EQ(cap_law(shop.state).breach, ""); }
};

TEST_F(DropEditTest, ADraftMayBecomeAnything) {
    shop.receive(a, 5), shop.receive(b, 5);
    const auto id = shop.draft({TestShop::line(a, 5), TestShop::line(b, 5)});
    EXPECT_EQ(edit(id,
                   [&](EditDrop& e) {
                       e.terms.slug = "other", e.terms.lines = {TestShop::line(b, 3)}, e.terms.opens_at = Instant{5},
                       e.reason = "";
                   }),
              "");
    EXPECT_EQ(shop.drop(id).lines.size(), 1u);
    EXPECT_EQ(shop.drop(id).version, 2u);
    EXPECT_FALSE(shop.state.drops.by_slug.contains("drop-1"));
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.if_version = 1; }), "version_conflict");
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.if_version = 2; }), "");
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.terms.title = ""; }), "bad_value");
}

TEST_F(DropEditTest, AScheduledDropKeepsSlugAndSkusAndMovesItsTimers) {
    shop.receive(a, 5), shop.receive(b, 5);
    const auto id = shop.scheduled({TestShop::line(a, 5)});
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.terms.slug = "new"; }), "wrong_state");
    EXPECT_EQ(edit(id, [&](EditDrop& e) { e.terms.lines[0].sku = b; }), "breaks_promise");
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.terms.lines.clear(); }), "breaks_promise");
    EXPECT_EQ(edit(id, [&](EditDrop& e) { e.terms.opens_at = shop.now; }), "wrong_state");
    EXPECT_EQ(edit(id, [&](EditDrop& e) { e.terms.lines[0].cap = Quantity{6}; }), "insufficient_free");
    const auto opens = shop.now + hours(3);
    EXPECT_EQ(edit(
                  id,
                  [&](EditDrop& e) {
                      e.terms.opens_at = opens, e.terms.lines[0].bands = {Money{900}, Money{1000}},
                      e.terms.lines[0].cap = Quantity{4};
                  },
                  ""),
              "");
    EXPECT_EQ(shop.drop(id).lines[0].places[0].allotted, Quantity{4});  // the only place follows the cap
    shop.run_to(opens - Duration{1});
    EXPECT_EQ(shop.drop(id).status, DropStatus::scheduled);
    shop.run_to(opens);
    EXPECT_EQ(shop.drop(id).status, DropStatus::open);
}

TEST_F(DropEditTest, AnOpenDropIsExtendedRaisedAndExplainedNeverCut) {
    shop.receive(a, 10), shop.receive(b, 5);
    const auto id = shop.opened({TestShop::line(a, 5)});
    shop.confirm(shop.hold(id, a, 2)), shop.hold(id, a, 1);
    EXPECT_EQ(edit(
                  id, [](EditDrop&) {}, ""),
              "bad_value");  // no reason
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.terms.closes_at = e.terms.closes_at - minutes(1); }), "breaks_promise");
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.terms.opens_at = e.terms.opens_at - minutes(1); }), "wrong_state");
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.terms.lines[0].cap = Quantity{2}; }), "breaks_promise");
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.terms.lines[0].bands = {Money{1}}; }), "wrong_state");
    EXPECT_EQ(edit(id,
                   [](EditDrop& e) {
                       e.terms.lines[0].channels = {{e.terms.channels[0], {Money{1}}, {}, {}}};
                   }),
              "wrong_state");
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.terms.lines[0].per_person_limit = Quantity{1}; }), "wrong_state");
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.terms.hold_for = minutes(1); }), "wrong_state");
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.terms.lines[0].cap = Quantity{11}; }), "insufficient_free");
    const auto closes = shop.drop(id).terms.closes_at + hours(1);
    EXPECT_EQ(edit(id,
                   [&](EditDrop& e) {
                       e.terms.closes_at = closes, e.terms.lines[0].cap = Quantity{10}, e.terms.title = "Longer";
                       e.terms.lines.push_back(TestShop::line(b, 5));
                   }),
              "");
    EXPECT_EQ(shop.drop(id).lines[0].sold, Quantity{2});
    EXPECT_EQ(shop.drop(id).lines.size(), 2u);
    EXPECT_EQ(shop.word(TestShop::wish(id, b, 1)), "no_such_line");  // not priced yet
    shop.set_price(id, 1, Money{1000});
    EXPECT_EQ(shop.word(TestShop::wish(id, b, 1)), "");
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.end_lines = {0}; }), "");
    EXPECT_EQ(shop.word(TestShop::wish(id, a, 1)), "no_such_line");
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.end_lines = {7}; }), "no_such_line");
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.terms.lines[0].cap = Quantity{9}; }), "wrong_state");  // it has ended
    shop.run_to(closes);
    EXPECT_EQ(shop.drop(id).status, DropStatus::closed);
    EXPECT_EQ(edit(id, [](EditDrop&) {}), "wrong_state");
}

TEST_F(DropEditTest, PlacesAreShiftedDownToWhatIsUsedThere) {
    shop.receive(a, 4), shop.receive(a, 6, hub);
    auto line = TestShop::line(a, 8);
    line.places = {{PlaceId{1}, Quantity{4}}, {hub, Quantity{4}}};
    const auto id = shop.opened({line});
    auto wish = TestShop::wish(id, a, 3);
    wish.pickup_at = PlaceId{1};
    shop.must(wish);
    const auto split = [&](std::int64_t here, std::int64_t there) {
        return edit(id, [&](EditDrop& e) {
            e.terms.lines[0].places = {{PlaceId{1}, Quantity{here}}, {hub, Quantity{there}}};
        });
    };
    EXPECT_EQ(split(2, 6), "breaks_promise");
    EXPECT_EQ(split(3, 6), "bad_value");  // 9 of 8
    EXPECT_EQ(split(5, 3), "insufficient_free");
    EXPECT_EQ(split(3, 5), "");
    EXPECT_EQ(shop.word(wish), "sold_out");
    EXPECT_EQ(shop.word(TestShop::wish(id, a, 5)), "");
}

TEST_F(DropEditTest, SoldOutComesAndGoesWithTheCap) {
    shop.receive(a, 10);
    const auto id = shop.opened({TestShop::line(a, 5)});
    shop.hold(id, a, 5);
    EXPECT_EQ(shop.drop(id).lines[0].sold_out_at, shop.now);
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.terms.lines[0].cap = Quantity{6}; }), "");
    EXPECT_FALSE(shop.drop(id).lines[0].sold_out_at.has_value());
    EXPECT_EQ(edit(id, [](EditDrop& e) { e.terms.lines[0].cap = Quantity{5}; }), "");
    EXPECT_TRUE(shop.drop(id).lines[0].sold_out_at.has_value());
}

}  // namespace
}  // namespace dropsmith::sell::drop_edit_test
