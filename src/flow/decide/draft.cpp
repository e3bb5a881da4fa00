// Drafting a plan. Covered by flow/decide/draft_test.cpp.
#include "flow/decide/draft.h"

#include <algorithm>

#include "base/text.h"
#include "flow/decide/audit.h"
#include "flow/decide/contradictions.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/templates.h"

namespace dropsmith::decide {
namespace {

constexpr Rate assumed_cost{400'000};

struct Past {
    Money usual;               // mean price of the last 90 days of sales; 0: none
    std::int64_t busiest = 0;  // units in the busiest window of the length asked
    bool any = false;
};

Past past_of(const History& history, SkuId sku, Duration window) {
    Past past;
    const auto hours = hours_of(history, static_cast<std::uint32_t>(sku.n));
    if (hours.empty()) return past;
    past.any = true;
    const auto end = hours.back().first;
    std::int64_t units = 0, in_window = 0;
    Money revenue;
    auto tail = hours.begin();
    for (const auto& [hour, sales] : hours) {
        in_window += sales.units;
        while (hour - tail->first >= window.n / hour_ms) in_window -= tail->second.units, ++tail;
        past.busiest = std::max(past.busiest, in_window);
        if (end - hour < 90 * 24) units += sales.units, revenue += sales.revenue;
    }
    if (units > 0) past.usual = Money{checked(try_mul_div_round(revenue.n, 1, units))};
    return past;
}

Quantity free_stock(const State& state, SkuId sku) {
    Quantity free;
    for (auto it = state.stock.rows.lower_bound({sku, PlaceId{}}); it != state.stock.rows.end() && it->first.sku == sku;
         ++it)
        free += it->second.free - promised_elsewhere(state, sku, it->first.place, DropId{});
    return std::max(Quantity{}, free);
}

class Drafting {
  public:
    Drafting(const State& state, const DraftAsk& ask) : state_(state), ask_(ask) {}

    Result<Draft, Refusal> draft() && {
        const auto* channel = state_.places.channel_named(ask_.channel);
        if (!channel || channel->mode != ChannelMode::own)
            return refuse(refusals::wrong_channel,
                          "there is no own channel \"" + ask_.channel + "\": name one that the shop sells in");
        if (!ask_.plan.empty()) {
            auto known = template_named(state_.prices, ask_.plan);
            if (!known)
                return refuse(refusals::not_found, "there is no template \"" + ask_.plan +
                                                       "\": GET /v1/templates lists them");
            plan_ = std::move(*known);
        }
        window_ = ask_.window.value_or(plan_.window);
        if (window_ < minutes(15) || window_ > days(366))
            return refuse(refusals::bad_value, "a drop runs from 15 minutes to 366 days: ask for another window");
        channel_ = channel->id;
        for (const auto& name : ask_.also) {
            const auto* other = state_.places.channel_named(name);
            if (!other || other->mode != ChannelMode::own)
                return refuse(refusals::wrong_channel,
                              "there is no own channel \"" + name + "\": name one that the shop sells in");
            if (other->id == channel_ || std::find(also_.begin(), also_.end(), other->id) != also_.end())
                return refuse(refusals::bad_value, "the channel \"" + name + "\" is named twice: name it once");
            also_.push_back(other->id);
        }
        auto codes = ask_.skus;
        if (codes.empty()) codes = fastest();
        if (codes.empty())
            return refuse(refusals::not_found, "nothing was sold yet: import orders first, or name the SKUs");
        if (codes.size() > 4)
            return refuse(refusals::bad_value, "a capsule has at most 4 SKUs: name the four that matter");
        frame();
        for (const auto& code : codes)
            if (auto line = add_line(code); !line) return Failure{std::move(line.error())};
        return std::move(draft_);
    }

  private:
    std::string money(Money amount) const { return format_money(amount, state_.shop.currency); }
    void note(std::string pointer, std::string detail) {
        draft_.notes.push_back({std::move(pointer), std::move(detail)});
    }

    std::vector<std::string> fastest() const {
        std::vector<std::string> codes;
        for (const auto& row : audit_velocity(state_, {}).rows)
            if (row.revenue > Money{} && !row.mostly_returned() && codes.size() < 3) codes.push_back(row.code);
        return codes;
    }

    void frame() {
        auto& terms = draft_.terms;
        const Instant next_hour{(ask_.now.ms / hour_ms + 1) * hour_ms};
        terms.opens_at = ask_.opens_at.value_or(next_hour + hours(24));
        terms.closes_at = terms.opens_at + window_;
        terms.time_zone = state_.shop.time_zone;
        const auto day = rfc3339(terms.opens_at).substr(0, 10);
        const bool plain = plan_.name.empty();
        terms.slug = !ask_.slug.empty() ? ask_.slug : (plain ? "capsule-" : plan_.name.substr(0, 49) + "-") + day;
        terms.title = !ask_.title.empty() ? ask_.title : (plain ? "Capsule of " : plan_.title + ", ") + day;
        terms.channels = {channel_};
        terms.channels.insert(terms.channels.end(), also_.begin(), also_.end());
        terms.pricing = plan_.pricing;
        terms.hold_for = plan_.hold_for;
        if (terms.pricing.cadence == Duration{}) {
            const auto sixtieth = (window_.n / 72 + 59'999) / 60'000;  // minutes
            terms.pricing.cadence = minutes(std::clamp<std::int64_t>(sixtieth, 5, 60));
            note("/pricing/cadence_s", "prices are reviewed every " + std::to_string(terms.pricing.cadence.n / 60'000) +
                                           " minutes: a 72nd of the window, 5 to 60 minutes");
        }
        if (plain)
            note("/pricing/explore_share", "at most a fifth of the looks go to bands other than the best one known");
        if (!ask_.opens_at) note("/opens_at", "the first full hour a day from now");
        if (!ask_.opens_why.empty()) note("/opens_at", ask_.opens_why);
        if (!plain) from_template();
    }
    void from_template() {
        const auto of = "of the template " + plan_.name;
        note("/closes_at", ask_.window ? "the window that was asked for" : "the window " + of);
        note("/pricing/mode", "the mode and guardrails " + of);
        if (!plan_.pricing.arrival_curve.empty())
            note("/pricing/arrival_curve", "how visitors come, by equal parts of the window, " + of);
    }

    Status<Refusal> add_line(const std::string& code) {
        const auto* sku = state_.catalogue.find(code);
        if (!sku)
            return refuse(refusals::not_found,
                          "the shop has no SKU \"" + code + "\": check its spelling, or import it");
        const auto at = "/lines/" + std::to_string(draft_.terms.lines.size());
        const auto past = past_of(state_.history, sku->id, window_);
        LineTerms line;
        line.sku = sku->id;
        line.list_price = on_price_grid(sku->terms.list_price.value_or(past.usual));
        if (line.list_price <= Money{})
            return refuse(refusals::bad_value,
                          "no usual price of " + code + " is known: set its list_price, or import its orders");
        note(at + "/list_price", sku->terms.list_price ? "the SKU's list price"
                                                       : "the mean price of the last 90 days of sales, " +
                                                             money(past.usual) + ", on the price grid");
        cap(line, *sku, past, at);
        prices(line, *sku, at);
        const auto reserve = share_of(line.cap, plan_.preorder_share);
        line.preorder_share = reserve > Quantity{} ? plan_.preorder_share : Rate{};
        if (line.preorder_share > Rate{})
            note(at + "/preorder_share",
                 share_text(plan_.preorder_share) + " of the run is kept for pre-orders: " + std::to_string(reserve.n) +
                     " units");
        line.max_discount = plan_.max_discount, line.per_person_limit = plan_.per_person_limit;
        draft_.terms.lines.push_back(std::move(line));
        return Nothing{};
    }

    void cap(LineTerms& line, const Sku& sku, const Past& past, const std::string& at) {
        std::int64_t units = plan_.units.n;
        std::string why = std::to_string(units) + " units a SKU, " +
                          (plan_.name.empty() ? "the usual size of a first capsule" : "as the template says");
        if (past.any && past.busiest < units) {
            units = std::max<std::int64_t>(5, past.busiest / 5 * 5);
            why = "the busiest window of this length sold " + std::to_string(past.busiest) +
                  " units: in fives, at least 5";
        } else if (past.any) {
            why += "; the busiest window of this length sold " + std::to_string(past.busiest);
        }
        const auto free = free_stock(state_, sku.id);
        if (free > Quantity{} && free.n < units)
            units = free.n, why += "; only " + std::to_string(free.n) + " are free";
        if (free == Quantity{})
            why += "; none are in stock yet: receive " + std::to_string(units) + " before scheduling";
        line.cap = Quantity{units};
        note(at + "/cap", why);
        allot(line, at);
    }

    // When the stock lies at several places the cap is split over them, the fullest first.
    void allot(LineTerms& line, const std::string& at) {
        std::vector<std::pair<Quantity, PlaceId>> places;
        for (auto it = state_.stock.rows.lower_bound({line.sku, PlaceId{}});
             it != state_.stock.rows.end() && it->first.sku == line.sku; ++it) {
            const auto free = it->second.free - promised_elsewhere(state_, line.sku, it->first.place, DropId{});
            if (free > Quantity{}) places.push_back({free, it->first.place});
        }
        if (places.size() < 2) return;
        std::stable_sort(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
        Quantity left = line.cap;
        for (const auto& [free, place] : places) {
            const auto units = std::min(left, free);
            if (units > Quantity{}) line.places.push_back({place, units}), left -= units;
        }
        note(at + "/places", "the stock lies at several places: the fullest first");
    }

    void prices(LineTerms& line, const Sku& sku, const std::string& at) {
        auto unit = unit_economics(state_, sku.id, channel_, ask_.now).value_or(UnitEconomics{});
        if (!unit.unit_cost) {
            unit.unit_cost = share_of(net_price(unit, line.list_price), assumed_cost);
            draft_.assumptions.push_back(
                {sku.terms.sku, *unit.unit_cost,
                 "no unit cost is known: " + money(*unit.unit_cost) +
                     " assumed, 40 % of the net usual price. Set unit_cost of the SKU, or keep "
                     "this one with cost_assumed; the floor follows it"});
        }
        const auto floor = lowest_price(unit, plan_.min_margin).value_or(line.list_price);
        line.floor = floor;
        note(at + "/floor", "leaves " + share_text(plan_.min_margin) +
                                " of the net price after tax, payment fee, delivery and a unit cost of " +
                                money(*unit.unit_cost));
        const auto lowest = at_least(line.list_price, floor);
        line.bands = bands_from(line.list_price, lowest);
        std::string shares;
        for (std::size_t i = 0; i < plan_.bands.size(); ++i) {
            shares += i == 0 ? "" : i + 1 == plan_.bands.size() ? " and " : ", ";
            shares += format_decimal(plan_.bands[i].n / 10'000, 2);
        }
        const bool lifted = line.bands.size() < plan_.bands.size() || line.bands.front() == lowest;
        note(at + "/bands", shares + " of the usual price of " + money(line.list_price) + " on the price grid" +
                                (lifted ? "; never below the floor" : ""));
        for (const auto channel : also_) own_prices_in(line, channel, unit, at);
    }

    Money at_least(Money list_price, Money floor) const {
        if (!plan_.max_discount) return floor;
        return std::max(floor,
                        Money{checked(try_mul_div_ceil(list_price.n, whole.n - plan_.max_discount->n, whole.n))});
    }
    std::vector<Money> bands_from(Money list_price, Money lowest) const {
        std::vector<Money> out;
        for (const auto share : plan_.bands) {
            const auto band = std::max(on_price_grid(share_of(list_price, share)), lowest);
            if (out.empty() || band > out.back()) out.push_back(band);
        }
        return out;
    }

    // A channel that shows prices in another tax habit is drafted its own, so that its buyers pay about the same.
    void own_prices_in(LineTerms& line, ChannelId id, const UnitEconomics& unit, const std::string& at) {
        const auto& channel = *state_.places.find(id);
        if (channel.prices_include_tax == unit.includes_tax || unit.tax == Rate{}) return;
        auto there = unit;
        there.includes_tax = channel.prices_include_tax;
        const auto shown = unit.includes_tax ? net_price(unit, line.list_price)
                                             : line.list_price + share_of(line.list_price, unit.tax);
        ChannelPricing own{id, {}, on_price_grid(shown), {}};
        own.floor = lowest_price(there, plan_.min_margin).value_or(*own.list_price);
        own.bands = bands_from(*own.list_price, at_least(*own.list_price, *own.floor));
        line.channels.push_back(std::move(own));
        note(at + "/channels/" + std::to_string(line.channels.size() - 1),
             "\"" + channel.name + "\" shows prices " + (there.includes_tax ? "with" : "without") +
                 " tax: the same shares of the usual price there, on the price grid, and the same margin");
    }

    const State& state_;
    static std::string share_text(Rate share) {
        return share == Rate{200'000} ? "a fifth" : format_decimal(share.n / 1'000, 1) + " %";
    }

    const DraftAsk& ask_;
    PlanTemplate plan_ = plain_template();
    Duration window_;
    ChannelId channel_;
    std::vector<ChannelId> also_;
    Draft draft_;
};

}  // namespace

Result<Draft, Refusal> draft_plan(const State& state, const DraftAsk& ask) { return Drafting(state, ask).draft(); }

Money on_price_grid(Money price) {
    const std::int64_t step = price.n < 200       ? 1
                              : price.n < 1'000   ? 5
                              : price.n < 10'000  ? 10
                              : price.n < 100'000 ? 50
                                                  : 500;
    return Money{std::max<std::int64_t>(price.n > 0 ? 1 : 0, (price.n + step / 2) / step * step)};
}

}  // namespace dropsmith::decide
