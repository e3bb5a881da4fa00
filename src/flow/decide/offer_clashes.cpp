// What a plan may say of offers of one's own. Covered by flow/decide/personal_test.cpp.
#include <algorithm>
#include <string>

#include "flow/decide/attributes.h"
#include "flow/decide/personal.h"

namespace dropsmith::decide {
namespace {

bool share_a_line(const OfferRule& a, const OfferRule& b) {
    return a.lines.empty() ||
           std::any_of(a.lines.begin(), a.lines.end(), [&](SkuId sku) { return is_for(b, sku); });
}

bool covers(const OfferRule& a, const OfferRule& b) {  // a is for every line that b is for
    if (b.lines.empty()) return a.lines.empty();
    return std::all_of(b.lines.begin(), b.lines.end(), [&](SkuId sku) { return is_for(a, sku); });
}

class OfferClashes {
  public:
    OfferClashes(const DropTerms& terms, const PriceRules& rules)
        : terms_(terms), pricing_(terms.pricing), rules_(rules) {}

    std::vector<Clash> list() && {
        const auto& offers = pricing_.personal_offers;
        whole_plan();
        for (std::size_t i = 0; i < offers.size() && i < offer_rules_max; ++i) {
            const auto at = "/pricing/personal_offers/" + std::to_string(i);
            feature(offers[i], at);
            figures(offers[i], at);
            lines(offers[i], at);
            for (std::size_t j = 0; j < i; ++j) pair(offers[j], j, offers[i], at);
        }
        return std::move(out_);
    }

  private:
    void clash(std::string rule, std::string pointer, std::string detail) {
        out_.push_back({std::move(rule), std::move(pointer), std::move(detail)});
    }

    void whole_plan() {
        const auto& offers = pricing_.personal_offers;
        if (offers.size() > offer_rules_max)
            clash("offers_too_many", "/pricing/personal_offers", "at most 16 rules: join or drop some");
        if (!offers.empty() && pricing_.personal.empty())
            clash("personal_prices_off", "/pricing/personal",
                  "offers of one's own need a jurisdiction with a disclosure: say which, or leave the offers out");
        if (offers.empty() && !pricing_.personal.empty())
            clash("personal_unused", "/pricing/personal",
                  "the plan names a jurisdiction and offers nothing of one's own: add personal_offers, or leave it "
                  "out");
        for (std::size_t i = 0; i < pricing_.features.size(); ++i) {
            const auto& name = pricing_.features[i];
            if (attribute(name) != Attribute::personal || offers.empty()) continue;
            if (std::none_of(offers.begin(), offers.end(), [&](const OfferRule& r) { return r.feature == name; }))
                clash("feature_unused", "/pricing/features/" + std::to_string(i),
                      "no offer looks at \"" + name + "\": collect nothing that is not used, and leave it out");
        }
    }

    void feature(const OfferRule& rule, const std::string& at) {
        const auto& name = rule.feature;
        const auto kind = attribute(name);
        if (kind == Attribute::forbidden)
            return clash("forbidden_attribute", at + "/feature",
                         "\"" + name + "\" is protected or stands in for what is: no price may look at it");
        if (kind != Attribute::personal || name == "referrer")
            return clash("offer_feature", at + "/feature",
                         "\"" + name +
                             "\" is not a count of one session: use browse_depth, dwell, cart, returning, "
                             "orders_before or days_since_order");
        if (std::find(pricing_.features.begin(), pricing_.features.end(), name) == pricing_.features.end())
            clash("offer_feature_unnamed", at + "/feature",
                  "name \"" + name + "\" in features too: a plan says all that it looks at");
    }

    void figures(const OfferRule& rule, const std::string& at) {
        if (rule.at_least < 1)
            clash("offer_for_everybody", at + "/at_least",
                  "0 gives it to everybody: that is a markdown, for bands or a ladder; make it 1 or more");
        else if (rule.feature == "returning" && rule.at_least != 1)
            clash("offer_unused", at + "/at_least", "a session is returning (1) or not (0): make it 1");
        if (rule.discount <= Rate{} || rule.discount >= whole)
            return clash("offer_discount_range", at + "/discount", "a discount lies between 0 and 1");
        // What one person may not do by an override, one person may not do by a plan.
        const auto& alone = rules_.four_eyes_above;
        if (alone && rule.discount > std::max(*alone, rules_.approval_free_change.value_or(Rate{})))
            clash("offer_over_four_eyes", at + "/discount",
                  "the shop's rule lets one person move a price by at most " +
                      std::to_string(std::max(*alone, rules_.approval_free_change.value_or(Rate{})).n / 10'000) +
                      " %: offer less, or change four_eyes_above");
    }

    void lines(const OfferRule& rule, const std::string& at) {
        for (std::size_t i = 0; i < rule.lines.size(); ++i) {
            const auto pointer = at + "/lines/" + std::to_string(i);
            if (std::find(rule.lines.begin(), rule.lines.begin() + static_cast<std::ptrdiff_t>(i), rule.lines[i]) !=
                rule.lines.begin() + static_cast<std::ptrdiff_t>(i))
                clash("offer_line_twice", pointer, "is named twice: name it once");
            if (std::none_of(terms_.lines.begin(), terms_.lines.end(),
                             [&](const LineTerms& line) { return line.sku == rule.lines[i]; }))
                clash("offer_line_unknown", pointer, "the drop does not sell this SKU: leave it out, or add its line");
        }
        for (std::size_t i = 0; i < terms_.lines.size(); ++i) {
            const auto& line = terms_.lines[i];
            if (is_for(rule, line.sku) && line.max_discount && rule.discount > *line.max_discount)
                clash("offer_over_max_discount", at + "/discount",
                      "line " + std::to_string(i) + " gives away at most " +
                          std::to_string(line.max_discount->n / 10'000) +
                          " % (max_discount): offer less, or name other lines");
        }
    }

    void pair(const OfferRule& before, std::size_t j, const OfferRule& rule, const std::string& at) {
        if (before.feature != rule.feature || !share_a_line(before, rule)) return;
        const auto name = "rule " + std::to_string(j);
        if (before.at_least == rule.at_least && before.discount != rule.discount)
            return clash("offers_contradict", at,
                         name + " gives another discount for the same feature, value and line: keep one");
        const auto& higher = before.at_least > rule.at_least ? before : rule;
        const auto& lower = before.at_least > rule.at_least ? rule : before;
        if (higher.discount <= lower.discount && covers(lower, higher))
            clash("offer_unused", at,
                  "with " + name +
                      " the one with the higher at_least never gives more than the other: give it a larger discount, "
                      "or drop it");
    }

    const DropTerms& terms_;
    const PricingTerms& pricing_;
    const PriceRules& rules_;
    std::vector<Clash> out_;
};

}  // namespace

std::vector<Clash> offer_clashes(const DropTerms& terms, const PriceRules& rules) {
    return OfferClashes(terms, rules).list();
}

}  // namespace dropsmith::decide
