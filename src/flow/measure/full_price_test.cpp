// The fall is per hour, of what was sold per hour before; words for what is not known.
#include "flow/measure/full_price.h"

#include <gtest/gtest.h>

namespace dropsmith::measure::full_price_test {
namespace {

FullPriceTest sample() {
    FullPriceTest test;
    test.key = {DropId{1}, 0, ChannelId{1}};
    test.neighbours = 2, test.borne = Rate{200'000};
    test.units_before = 280, test.hours_before = 70, test.units_during = 15, test.hours_during = 5;
    return test;
}

TEST(FullPrice, TheFallIsPerHour) {
    auto test = sample();
    EXPECT_EQ(fall_of(test), Rate{250'000});  // 4 an hour, then 3
    test.units_during = 25;
    EXPECT_EQ(fall_of(test), Rate{-250'000}) << "they sold more";
    test.units_during = 0;
    EXPECT_EQ(fall_of(test), whole);
    for (auto nothing : {&FullPriceTest::units_before, &FullPriceTest::hours_before, &FullPriceTest::hours_during}) {
        test = sample();
        test.*nothing = 0;
        EXPECT_EQ(fall_of(test), std::nullopt);
    }
}

TEST(FullPrice, SaysWhatIsKnownAndWhatIsNot) {
    State state;
    state.catalogue.skus.resize(1);
    state.catalogue.skus[0].id = SkuId{1}, state.catalogue.skus[0].terms.sku = "CUP";
    state.places.channels.resize(1);
    state.places.channels[0].name = "web";
    Drop drop;
    drop.id = DropId{1};
    drop.lines.resize(1);
    drop.lines[0].terms.sku = SkuId{1};
    state.drops.drops.push_back(drop);
    auto test = sample();
    test.running = test.stops = true;
    auto unwatched = sample();
    unwatched.units_before = 0, unwatched.borne = whole;
    std::string out;
    JsonWriter json(out);
    write_full_price_tests(json, state, {test, unwatched});
    EXPECT_NE(out.find(R"("sku":"CUP","channel":"web")"), std::string::npos) << out;
    EXPECT_NE(out.find(R"("running":true,"neighbours":2,"before":{"units":280,"hours":70},"during":{"units":15,)"
                       R"("hours":5},"fall":0.25,"borne":0.2,"stops":true)"),
              std::string::npos)
        << out;
    EXPECT_NE(out.find(R"("fall":null,"borne":null,"stops":false)"), std::string::npos) << out;
}

}  // namespace
}  // namespace dropsmith::measure::full_price_test
