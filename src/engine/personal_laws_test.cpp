// Prices of one's own through the whole engine: random days in which prices move and some sessions have offers; the law
// of verify holds, and rings on journals that were changed.
#include "engine/personal_laws.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "engine/shop_testing.h"
#include "flow/sell/price_now.h"

namespace dropsmith::engine::personal_laws_test {
namespace {

constexpr const char* text = "This price was made for you by a program.";

struct Days {
    MemoryJournal journal;
    ShopOnTest shop{journal};
    LineKey key{DropId{1}, 0, ChannelId{1}};
    Random random;
    int personal = 0, ordinary = 0, bound_by_floor = 0, orders = 0;

    explicit Days(std::uint64_t seed) : random(seed) {
        shop.start();
        shop.must(OpenShop{"Test", "GBP", "Europe/London"});
        shop.must(AddPlace{"Hackney", PlaceKind::store, "Europe/London", {}});
        shop.must(AddProduct{"Vase", "", "", "standard", {{"VASE-S", "", Money{1'000}, false, Money{2'990}, 0, ""}}});
        shop.must(ReceiveStock{PlaceId{1}, {{SkuId{1}, Quantity{900}, Money{1'000}}}, ""});
        SetPriceRules rules;
        rules.personal = std::vector{PersonalRule{"GB", text}};
        shop.must(rules);
        auto terms = shop.terms(900);
        terms.pricing.personal = "GB", terms.pricing.features = {"orders_before", "returning"};
        terms.pricing.personal_offers = {{"orders_before", 2, Rate{70'000}},
                                         {"orders_before", 6, Rate{333'333}},
                                         {"returning", 1, Rate{50'000}}};
        shop.must(DraftDrop{terms});
        shop.must(ScheduleDrop{DropId{1}});
        shop.pass(minutes(1));
        for (int i = 0; i < 120; ++i) something();
    }
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low + 1)));
    }
    void something() {
        const auto session = static_cast<std::uint64_t>(between(1, 12));
        switch (between(0, 5)) {
            case 0: {
                OverridePrice by_hand{key, Money{between(2'000, 2'990)}, shop.now + minutes(between(2, 20)), "a test"};
                shop.tell(by_hand);
                break;
            }
            case 1: {  // sessions from 7 on never have one
                MakePersonalOffer make{DropId{1}, session % 6 + 1, between(0, 5) ? "GB" : "FR", {}};
                make.features = {{"orders_before", between(0, 9)}, {"returning", between(0, 1)}};
                shop.tell(make);
                break;
            }
            case 2:
                shop.pass(minutes(between(1, 9)));
                break;
            default:
                buy(session);
        }
    }
    void buy(std::uint64_t session) {
        const auto& state = shop.core.state();
        const auto standing = sell::price_now(state.prices, key, shop.now)->price;
        const auto told = shop.tell(hold_of(1, session));
        ASSERT_FALSE(told.refusal.has_value());
        const auto paid = state.holds.table.must(told.hold).lines.front().unit_price;
        const bool own = state.prices.personal.contains(told.hold);
        EXPECT_LE(paid, standing);
        EXPECT_EQ(own, paid < standing);
        EXPECT_TRUE(paid == standing || paid >= Money{2'000}) << "the floor of the line";
        if (session > 6) {
            EXPECT_FALSE(own) << "who has no offer is asked what everybody is";
        }
        ++(own ? personal : ordinary);
        if (own && paid == Money{2'000}) ++bound_by_floor;
        if (between(0, 1)) return;
        ConfirmHold confirm;
        confirm.hold = told.hold;
        const auto placed = shop.tell(confirm, {}, PersonData{"a@example.org", "", ""});
        ASSERT_FALSE(placed.refusal.has_value());
        EXPECT_EQ(state.orders.table.must(placed.order).personal.size(), own ? 1u : 0u);
        ++orders;
    }
    // Changes one fact of this kind and chains everything anew: whether the law then rings.
    template <class F>
    bool rings(const std::function<bool(F&)>& lie) {
        MemoryJournal changed = journal;
        Digest256 previous{};
        bool done = false;
        for (auto& stored : changed.batches()) {
            auto batch = std::move(decode_batch(stored)).value();
            batch.previous = previous;
            for (auto& entry : batch.entries)
                for (auto& fact : entry.facts)
                    if (const auto* found = fact.template as<F>(); found && !done) {
                        F copy = *found;
                        done = lie(copy);
                        fact = Fact(std::move(copy));
                    }
            stored = encode_batch(batch);
            previous = chain(previous, stored.bytes);
        }
        EXPECT_TRUE(done);
        return !law(verify(changed)).holds;
    }
    static LawResult law(const VerifyReport& report) {
        for (const auto& law : report.laws)
            if (law.law.find("one's own") != std::string::npos) return law;
        ADD_FAILURE() << "no such law";
        return report.laws.front();
    }
};

TEST(PersonalLawsOfTheJournal, HoldOverRandomDays) {
    int personal = 0, bound = 0, orders = 0, ordinary = 0;
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        Days days(seed);
        const auto report = verify(days.journal);
        for (const auto& law : report.laws)
            EXPECT_TRUE(law.holds) << seed << ": " << law.law << ": " << law.first_breach;
        EXPECT_GT(Days::law(report).checked, 0u);
        personal += days.personal, bound += days.bound_by_floor, orders += days.orders, ordinary += days.ordinary;
    }
    EXPECT_GT(personal, 200);
    EXPECT_GT(bound, 20);
    EXPECT_GT(orders, 200);
    EXPECT_GT(ordinary, 500);
}

TEST(PersonalLawsOfTheJournal, EachLieRings) {
    Days days(3);
    EXPECT_TRUE(days.rings<PersonalOfferMade>([](auto& f) { return f.lines[0].discount = Rate{400'000}, true; }));
    EXPECT_TRUE(days.rings<PersonalOfferMade>([](auto& f) { return f.lines[0].floor = Money{1}, true; }));
    EXPECT_TRUE(days.rings<PersonalOfferMade>([](auto& f) { return f.lines[0].feature = "cart", true; }));
    EXPECT_TRUE(days.rings<PersonalOfferMade>([](auto& f) { return f.jurisdiction = "FR", true; }));
    EXPECT_TRUE(days.rings<PersonalOfferMade>([](auto& f) { return ++f.disclosure, true; }));
    EXPECT_TRUE(days.rings<PersonalOfferMade>([](auto& f) { return f.session = 99, true; }));
    EXPECT_TRUE(days.rings<PersonalPriceGiven>([](auto& f) { return f.lines[0].price = Money{1'999}, true; }));
    EXPECT_TRUE(days.rings<PersonalPriceGiven>([](auto& f) { return f.lines[0].standing = Money{2'989}, true; }));
    EXPECT_TRUE(days.rings<PersonalPriceGiven>([](auto& f) { return f.lines[0].discount = Rate{1}, true; }));
    EXPECT_TRUE(days.rings<PersonalPriceGiven>([](auto& f) { return f.session = 99, true; }));
    EXPECT_TRUE(days.rings<OrderPlaced>([](auto& f) { return !f.personal.empty() && (f.personal.clear(), true); }));
}

}  // namespace
}  // namespace dropsmith::engine::personal_laws_test
