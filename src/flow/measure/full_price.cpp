// Covered by flow/measure/full_price_test.cpp.
#include "flow/measure/full_price.h"

#include <cmath>

namespace dropsmith::measure {

std::optional<Rate> fall_of(const FullPriceTest& test) {
    if (test.units_before <= 0 || test.hours_before <= 0 || test.hours_during <= 0) return std::nullopt;
    const auto before = static_cast<double>(test.units_before) / static_cast<double>(test.hours_before);
    const auto during = static_cast<double>(test.units_during) / static_cast<double>(test.hours_during);
    return Rate{std::llround((1 - during / before) * static_cast<double>(whole.n))};
}

void write_full_price_tests(JsonWriter& json, const State& state, const std::vector<FullPriceTest>& tests) {
    json.array();
    for (const auto& test : tests) {
        const auto* drop = state.drops.find(test.key.drop);
        const auto* channel = state.places.find(test.key.channel);
        const auto* sku = drop && test.key.line < drop->lines.size()
                              ? state.catalogue.find(drop->lines[test.key.line].terms.sku)
                              : nullptr;
        json.object().key("sku").text(sku ? sku->terms.sku : "").key("channel").text(channel ? channel->name : "");
        json.key("since").instant(test.since.ms).key("until").instant(test.until.ms);
        json.key("running").boolean(test.running).key("neighbours").natural(test.neighbours);
        const auto count = [&](std::string_view when, std::int64_t units, std::int64_t hours) {
            json.key(when).object().key("units").integer(units).key("hours").integer(hours).end();
        };
        count("before", test.units_before, test.hours_before), count("during", test.units_during, test.hours_during);
        const auto fall = fall_of(test);
        json.key("fall");
        fall ? json.rate(fall->n) : json.null();
        json.key("borne");
        test.borne < whole ? json.rate(test.borne.n) : json.null();
        json.key("stops").boolean(test.stops).end();
    }
    json.end();
}

}  // namespace dropsmith::measure
