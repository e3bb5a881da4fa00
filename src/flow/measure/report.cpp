// The report as JSON. Covered by flow/measure/report_test.cpp.
#include "flow/measure/report.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "flow/measure/refusal_words.h"

namespace dropsmith::measure {
namespace {

std::string share(std::int64_t part, std::int64_t all) {  // 0 … 1 with six places
    return all > 0 ? format_decimal(checked(try_mul_div_round(part, 1'000'000, all)), 6) : "0";
}
std::string hours_between(Instant from, Instant to) { return format_decimal((to - from).n / 36'000, 2); }

class Report {
  public:
    Report(std::string& out, const State& state, const Drop& drop, const std::vector<Decision>& decisions,
           const PublicIds* ids, std::string_view elasticity, std::string_view cohorts,
           const std::vector<Order>& archived, const std::vector<Halt>& halts,
           const std::vector<FullPriceTest>& tests)
        : json_(out),
          state_(state),
          drop_(drop),
          decisions_(decisions),
          halts_(halts),
          tests_(tests),
          ids_(ids),
          elasticity_(elasticity),
          cohorts_(cohorts),
          figures_(figures_of(state, drop, archived)),
          ahead_(orders_ahead_of(state, drop.id, archived)) {}

    void write() {
        json_.object().key("definition").text("report/1");
        head();
        totals();
        conversion();
        lines();
        holds();
        orders_ahead();
        refusals();
        substitutes();
        price_path();
        price_halts();
        write_full_price_tests(json_.key("neighbours_at_full_price"), state_, tests_);
        if (!elasticity_.empty()) json_.key("elasticity").raw(elasticity_);
        if (!cohorts_.empty()) json_.key("cohorts").raw(cohorts_);
        timeline();
        against_plan();
        next();
        json_.end();
    }

  private:
    void id(std::string_view prefix, std::uint64_t n) {
        if (ids_)
            json_.text(ids_->show(prefix, n));
        else
            json_.natural(n);
    }
    void money(std::string_view key, Money amount) { json_.key(key).money(amount.n, state_.shop.currency); }
    void instant(std::string_view key, const std::optional<Instant>& at) {
        json_.key(key);
        if (at)
            json_.instant(at->ms);
        else
            json_.null();
    }
    std::string code_of(SkuId sku) const {
        const auto* found = state_.catalogue.find(sku);
        return found ? found->terms.sku : "";
    }
    Instant opened() const { return drop_.opened_at.value_or(drop_.terms.opens_at); }
    bool settled() const { return drop_.status == DropStatus::settled || drop_.status == DropStatus::cancelled; }

    void head() {
        json_.key("drop"), id("drop", drop_.id.n);
        json_.key("slug")
            .text(drop_.terms.slug)
            .key("title")
            .text(drop_.terms.title)
            .key("status")
            .text(word_of(drop_.status));
        json_.key("as_of").instant(state_.at.ms).key("window").object();
        json_.key("from")
            .instant(opened().ms)
            .key("to")
            .instant(drop_.closed_at.value_or(drop_.terms.closes_at).ms)
            .end();
        json_.key("maturity").object().key("mature").boolean(settled()).key("detail");
        json_
            .text(settled() ? "settled: nothing is held any more; a later refund still lowers the figures"
                            : "figures still move: they stand when the drop is settled")
            .end();
    }

    void totals() {
        json_.key("cap")
            .integer(figures_.cap)
            .key("units_sold")
            .integer(figures_.units_sold)
            .key("units_held")
            .integer(figures_.units_held);
        json_.key("sell_through")
            .real_text(share(figures_.units_sold, figures_.cap))
            .key("skus_sold")
            .integer(figures_.skus);
        json_.key("first_48h")
            .object()
            .key("units")
            .integer(figures_.first_48h_units)
            .key("skus")
            .integer(figures_.first_48h_skus)
            .end();
        json_.key("orders").natural(figures_.orders).key("orders_cancelled").natural(figures_.cancelled);
        money("revenue", figures_.revenue);
        money("revenue_net", figures_.revenue_net);
        if (figures_.cost_known)
            money("margin", figures_.margin);
        else
            json_.key("margin").null();
        json_.key("margin_share");
        if (figures_.cost_known && figures_.revenue_net > Money{})
            json_.real_text(share(figures_.margin.n, figures_.revenue_net.n));
        else
            json_.null();
        json_.key("margin_parts").object();
        money("tax", figures_.revenue - figures_.revenue_net), money("payment_fees", figures_.fees),
            money("delivery_subsidy", figures_.subsidy);
        money("unit_costs", figures_.cost);
        json_.key("unit_costs_known").boolean(figures_.cost_known).end();
        money("refunded", figures_.refunded);
    }

    void conversion() {
        const bool sessions = figures_.sessions > 0, views = figures_.page_views > 0;
        const auto base = sessions ? figures_.sessions : figures_.page_views;
        json_.key("conversion").object().key("value");
        if (sessions || views)
            json_.real_text(share(static_cast<std::int64_t>(figures_.orders), static_cast<std::int64_t>(base)));
        else
            json_.null();
        json_.key("per").text(sessions ? "session" : views ? "page view" : "unknown").key("of").natural(base);
        if (!sessions && !views)
            json_.key("detail").text("unknown: no session.started or page.viewed signal named this drop");
        json_.end();
    }

    void lines() {
        json_.key("lines").array();
        for (std::size_t i = 0; i < drop_.lines.size(); ++i) {
            const auto& line = drop_.lines[i];
            const auto& at = figures_.lines[i];
            json_.object()
                .key("line")
                .natural(i)
                .key("sku")
                .text(code_of(line.terms.sku))
                .key("cap")
                .integer(at.cap)
                .key("sold")
                .integer(at.sold);
            json_.key("held")
                .integer(at.held)
                .key("refunded")
                .integer(at.refunded)
                .key("leftover")
                .integer(at.cap - at.sold);
            json_.key("sell_through").real_text(share(at.sold, at.cap)).key("first_48h").integer(at.first_48h);
            money("revenue", at.revenue), money("revenue_net", at.revenue_net);
            instant("sold_out_at", at.sold_out_at);
            json_.key("ended").boolean(line.ended).end();
        }
        json_.end().key("leftovers").integer(figures_.cap - figures_.units_sold);
    }

    void holds() {
        json_.key("holds")
            .object()
            .key("placed")
            .natural(figures_.holds)
            .key("expired")
            .natural(figures_.holds_expired);
        json_.key("released")
            .natural(figures_.holds_released)
            .key("confirmed")
            .natural(figures_.orders + figures_.cancelled)
            .end();
    }

    void orders_ahead() {
        json_.key("orders_ahead").object().key("wishes").natural(ahead_.wishes).key("units").integer(ahead_.units);
        json_.key("waiting").natural(ahead_.waiting).key("offered").natural(ahead_.offered);
        json_.key("ended").natural(ahead_.ended).key("gave_up").natural(ahead_.gave_up);
        json_.key("orders").natural(ahead_.orders).key("kept").natural(ahead_.kept);
        json_.key("missed").natural(ahead_.missed).key("open").natural(ahead_.open).end();
    }

    void refusals() {
        json_.key("refusals").array();
        for (auto it = state_.drops.refused.lower_bound({drop_.id, 0});
             it != state_.drops.refused.end() && it->first.first == drop_.id; ++it)
            json_.object().key("code").text(refusal_word(it->first.second)).key("times").natural(it->second).end();
        json_.end();
    }

    // Of the lines that sold out, by the pair: what was taken in their stead. capture_rate: orders with the substitute
    // over the wishes that were refused the other while this one was there, or over those that took it, if they are
    // more: a page that shows it at once has nobody refused. Unknown when nobody was either.
    void substitutes() {
        json_.key("substitutes").array();
        for (auto it = state_.substitutes.uses.lower_bound({drop_.id, SkuId{}, SkuId{}});
             it != state_.substitutes.uses.end() && it->first.drop == drop_.id; ++it) {
            const auto& use = it->second;
            const auto asked = std::max(use.refused, use.holds);
            json_.object().key("sku").text(code_of(it->first.gone)).key("substitute").text(code_of(it->first.taken));
            json_.key("refused").natural(use.refused);
            json_.key("holds").natural(use.holds).key("orders").natural(use.orders);
            json_.key("units_taken").integer(use.taken.n).key("units_bought").integer(use.bought.n);
            json_.key("capture_rate");
            if (asked > 0)
                json_.real_text(share(static_cast<std::int64_t>(use.orders), static_cast<std::int64_t>(asked)));
            else
                json_.null();
            json_.end();
        }
        json_.end();
    }

    void price_path() {
        json_.key("price_path").array();
        for (const auto& [seq, at, set] : decisions_) {
            const auto* channel = state_.places.find(set.key.channel);
            json_.object().key("decision"), id("dec", set.decision.n);
            json_.key("fact").natural(seq).key("at").instant(at.ms).key("line").natural(set.key.line);
            if (set.key.line < drop_.lines.size()) json_.key("sku").text(code_of(drop_.lines[set.key.line].terms.sku));
            json_.key("channel").text(channel ? channel->name : "").key("kind").text(word_of(set.kind));
            money("price", set.price), money("wanted", set.wanted), money("floor", set.floor);
            json_.key("arm");
            if (set.arm)
                json_.natural(*set.arm);
            else
                json_.null();
            json_.key("propensity").rate(set.propensity.n).key("bound").array();
            for (const auto guardrail : set.bound) json_.text(word_of(guardrail));
            json_.end().key("policy").text(set.inputs.policy).key("reason").text(set.reason).end();
        }
        json_.end();
    }

    // What stopped the prices, and how long. A cascade halts the whole drop: then neither SKU nor channel is named.
    void price_halts() {
        json_.key("price_halts").array();
        for (const auto& halt : halts_) {
            const auto* channel = halt.fact.key ? state_.places.find(halt.fact.key->channel) : nullptr;
            json_.object().key("at").instant(halt.at.ms).key("by").text(word_of(halt.fact.by)).key("sku");
            halt.fact.key ? json_.text(code_of_line(halt.fact.key->line)) : json_.null();
            json_.key("channel");
            channel ? json_.text(channel->name) : json_.null();
            json_.key("detail").text(halt.fact.detail);
            instant("resumed_at", halt.resumed_at);
            json_.key("why").text(halt.why).end();
        }
        json_.end();
    }

    // The reading of a test that has one, for people: the page shows it among what happened.
    std::string words_of(const FullPriceTest& test) const {
        const auto fall = fall_of(test);
        if (!fall) return {};
        const auto* channel = state_.places.find(test.key.channel);
        const auto less = fall->n > 0;
        return "the lower price of " + code_of_line(test.key.line) + (channel ? " in " + channel->name : "") +
               (test.running ? " so far" : " ended") + ": in " + std::to_string(test.hours_during) +
               " hours its neighbours sold " + std::to_string(test.units_during) + " units at full price, " +
               format_decimal((less ? fall->n : -fall->n) / 1'000, 1) + " % " + (less ? "less" : "more") +
               " an hour than before" +
               (test.stops ? ": beyond chance and what is borne" : "");
    }

    void timeline() {
        struct Event {
            Instant at;
            std::string what;
        };
        std::vector<Event> events;
        const auto add = [&](const std::optional<Instant>& at, std::string what) {
            if (at) events.push_back({*at, std::move(what)});
        };
        add(drop_.scheduled_at, "scheduled");
        add(drop_.opened_at, "opened");
        for (const auto& line : drop_.lines) add(line.sold_out_at, code_of(line.terms.sku) + " sold out");
        for (const auto& decision : decisions_)
            if (decision.set.kind == DecisionKind::override_ || decision.set.kind == DecisionKind::kill ||
                decision.set.kind == DecisionKind::override_ended || decision.set.kind == DecisionKind::kill_undone)
                events.push_back({decision.at, std::string(word_of(decision.set.kind)) + ": " +
                                                   code_of_line(decision.set.key.line) + " at " +
                                                   format_money(decision.set.price, state_.shop.currency) +
                                                   (decision.set.reason.empty() ? "" : ", " + decision.set.reason)});
        for (const auto& halt : halts_) {
            const auto whom = halt.fact.key ? code_of_line(halt.fact.key->line) : std::string("all lines");
            add(halt.at, "prices stopped by " + std::string(word_of(halt.fact.by)) + ": " + whom + ", " +
                             halt.fact.detail);
            add(halt.resumed_at, "prices go on: " + whom + ", " + halt.why);
        }
        for (const auto& test : tests_)
            if (auto said = words_of(test); !said.empty()) events.push_back({test.until, std::move(said)});
        add(drop_.closed_at, "closed");
        add(drop_.settled_at, "settled");
        std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
        json_.key("timeline").array();
        for (const auto& event : events)
            json_.object().key("at").instant(event.at.ms).key("what").text(event.what).end();
        json_.end();
    }
    std::string code_of_line(std::uint32_t line) const {
        return line < drop_.lines.size() ? code_of(drop_.lines[line].terms.sku) : "";
    }

    void against_plan() {
        json_.key("against_plan")
            .object()
            .key("units_planned")
            .integer(figures_.cap)
            .key("units_missed")
            .integer(figures_.cap - figures_.units_sold);
        json_.key("opened_late_s").integer(drop_.opened_at ? (*drop_.opened_at - drop_.terms.opens_at).n / 1000 : 0);
        Money at_list;
        for (const auto& line : figures_.lines) at_list += line.at_list;
        money("revenue_at_list_price", at_list);
        json_.key("markdown").object().key("units").integer(figures_.below_list);
        money("cost", figures_.below_list_at - figures_.below_list_paid);
        json_.key("depth").real_text(
            share((figures_.below_list_at - figures_.below_list_paid).n, figures_.below_list_at.n));
        // One-off ones, by hand: overrides below the price that stood.
        std::uint64_t by_hand = 0;
        std::map<LineKey, Money> stood;
        for (const auto& decision : decisions_) {
            auto& before = stood[decision.set.key];
            by_hand += decision.set.kind == DecisionKind::override_ && decision.set.price < before;
            before = decision.set.price;
        }
        json_.key("by_hand").natural(by_hand).end();
        json_.end();
    }

    std::uint64_t refused(std::uint16_t code) const {
        const auto found = state_.drops.refused.find({drop_.id, code});
        return found == state_.drops.refused.end() ? 0 : found->second;
    }

    // What to change next time: plain rules on the figures above, each with its reason.
    void next() {
        json_.key("what_to_change").array();
        const auto say = [&](std::string_view what, std::string why) {
            json_.object().key("what").text(what).key("why").text(why).end();
        };
        const auto closed = drop_.closed_at.value_or(drop_.terms.closes_at);
        for (std::size_t i = 0; i < drop_.lines.size(); ++i) {
            const auto& at = figures_.lines[i];
            const auto code = code_of_line(static_cast<std::uint32_t>(i));
            if (at.sold_out_at && (*at.sold_out_at - opened()).n * 2 < (closed - opened()).n)
                say("raise the cap or the bands of " + code, "sold out after " +
                                                                 hours_between(opened(), *at.sold_out_at) +
                                                                 " h, in the first half of the window");
            if (drop_.closed_at && at.cap > 0 && at.sold * 2 < at.cap)
                say("lower the cap or the lowest band of " + code,
                    std::to_string(at.cap - at.sold) + " of " + std::to_string(at.cap) + " units were left");
        }
        if (figures_.holds > 0 && figures_.holds_expired * 4 > figures_.holds)
            say("look at the checkout, or shorten holds",
                std::to_string(figures_.holds_expired) + " of " + std::to_string(figures_.holds) + " holds expired");
        if (refused(refusals::over_limit.number) > figures_.orders && figures_.orders > 0)
            say("look at the limit per person",
                std::to_string(refused(refusals::over_limit.number)) + " were refused by it");
        json_.end();
    }

    JsonWriter json_;
    const State& state_;
    const Drop& drop_;
    const std::vector<Decision>& decisions_;
    const std::vector<Halt>& halts_;
    const std::vector<FullPriceTest>& tests_;
    const PublicIds* ids_;
    std::string_view elasticity_, cohorts_;
    Figures figures_;
    OrdersAhead ahead_;
};

}  // namespace

std::string report_json(const State& state, DropId id, const std::vector<Decision>& decisions, const PublicIds* ids,
                        std::string_view elasticity, const std::vector<Order>& archived, std::string_view cohorts,
                        const std::vector<Halt>& halts, const std::vector<FullPriceTest>& tests) {
    std::string out;
    const auto* drop = state.drops.find(id);
    if (drop) Report(out, state, *drop, decisions, ids, elasticity, cohorts, archived, halts, tests).write();
    return out;
}

}  // namespace dropsmith::measure
