// A cohort drop's result as JSON, with a sentence. Covered by flow/measure/sides_test.cpp.
#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "flow/measure/sides.h"

namespace dropsmith::measure {
namespace {

std::string rounded(double value, int places) {
    return format_decimal(std::llround(std::min(value, 1e9) * std::pow(10.0, places)), places);
}

class Writing {
  public:
    Writing(std::string& out, const State& state) : json_(out), state_(state) {}

    void result(const CohortResult& at) {
        const auto* channel = state_.places.find(at.channel);
        json_.object().key("definition").text("cohort/1").key("channel").text(channel ? channel->name : "");
        json_.key("share").rate(at.share.n).key("since").instant(at.since.ms).key("sides").object();
        side("cohort", at.cohort, at.cost_known), side("rest", at.rest, at.cost_known);
        json_.end();
        side("without_session", at.none, at.cost_known);
        json_.key("units").array();
        for (const auto& [sku, units] : at.units) {
            const auto* known = state_.catalogue.find(sku);
            json_.object().key("sku").text(known ? known->terms.sku : "");
            json_.key("cohort").integer(units.first).key("rest").integer(units.second).end();
        }
        json_.end().key("difference").object();
        json_.key("of").text("everybody at the cohort's prices less everybody at the rest's, over the test");
        money("revenue_net", at.revenue_net);
        if (at.cost_known)
            money("margin", at.margin);
        else
            json_.key("margin").null();
        json_.key("buyers_ratio");
        if (at.buyers) {
            json_.object().key("value").real_text(rounded(at.buyers->value, 3));
            json_.key("low").real_text(rounded(at.buyers->low, 3));
            json_.key("high").real_text(rounded(at.buyers->high, 3)).end();
        } else {
            json_.null();
        }
        json_.end().key("summary").text(sentence(at)).end();
    }
    JsonWriter& json() { return json_; }

  private:
    void side(std::string_view name, const SideFigures& at, bool cost_known) {
        json_.key(name).object().key("orders").natural(at.orders).key("buyers").natural(at.buyers);
        json_.key("units").integer(at.units);
        json_.key("revenue").money(at.revenue.n, state_.shop.currency);
        json_.key("revenue_net").money(at.revenue_net.n, state_.shop.currency).key("margin");
        cost_known ? json_.money(at.margin.n, state_.shop.currency) : json_.null();
        json_.end();
    }
    void money(std::string_view name, const Interval& at) {
        json_.key(name).object();
        json_.key("value").money(std::llround(at.value), state_.shop.currency);
        json_.key("low").money(std::llround(at.low), state_.shop.currency);
        json_.key("high").money(std::llround(at.high), state_.shop.currency).end();
    }
    std::string sentence(const CohortResult& at) const {
        const auto shown = [&](double amount) {
            return format_money(Money{std::llround(amount)}, state_.shop.currency);
        };
        if (!at.buyers) return "nobody with a session has bought since the cohort was asked less";
        const auto& told = at.cost_known ? at.margin : at.revenue_net;
        const std::string what = at.cost_known ? "margin" : "net revenue";
        const auto range = shown(told.value) + " (95 %: " + shown(told.low) + " … " + shown(told.high) + ")";
        return "the cohort's prices for everybody: " + what + " " + range +
               (told.low > 0    ? ": more than the rest's"
                : told.high < 0 ? ": less than the rest's"
                                : ": the difference is within what chance does");
    }

    JsonWriter json_;
    const State& state_;
};

}  // namespace

std::string cohorts_json(const std::vector<CohortResult>& results, const State& state) {
    std::string out;
    Writing writing(out, state);
    writing.json().array();
    for (const auto& result : results) writing.result(result);
    writing.json().end();
    return out;
}

}  // namespace dropsmith::measure
