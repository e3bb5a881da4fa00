// See the header. Covered by flow/decide/personal_test.cpp.
#include "flow/decide/personal.h"

#include <algorithm>
#include <set>
#include <string>

#include "flow/decide/attributes.h"
#include "flow/decide/exposure.h"
#include "flow/decide/price.h"
#include "flow/decide/price_inside.h"
#include "model/bounded.h"

namespace dropsmith::decide {
namespace {

Failure<Refusal> at_field(RefusalCode code, std::string pointer, std::string detail) {
    Refusal refusal{code, detail, {}, {}, {}};
    refusal.clashes.push_back({std::string(code.word), std::move(pointer), std::move(detail)});
    return Failure<Refusal>{std::move(refusal)};
}

std::optional<Failure<Refusal>> wrong_features(const PricingTerms& pricing, const std::vector<KnownFeature>& known) {
    using refusals::bad_value;
    if (known.empty()) return at_field(bad_value, "/features", "say at least one feature of the session");
    if (known.size() > offer_rules_max) return at_field(bad_value, "/features", "at most 16 features are looked at");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < known.size(); ++i) {
        const auto at = "/features/" + std::to_string(i);
        const auto& name = known[i].feature;
        switch (attribute(name)) {
            case Attribute::forbidden:
                return at_field(bad_value, at + "/feature",
                                "\"" + name + "\" is protected or stands in for what is: no price may look at it, so "
                                              "do not send it");
            case Attribute::unknown:
                return at_field(bad_value, at + "/feature", "\"" + name + "\" is not a feature that is known");
            case Attribute::allowed:
                return at_field(bad_value, at + "/feature",
                                "\"" + name + "\" is the same for everybody: it is no feature of a session");
            case Attribute::personal:
                break;
        }
        if (std::find(pricing.features.begin(), pricing.features.end(), name) == pricing.features.end())
            return at_field(bad_value, at + "/feature",
                            "the plan does not name \"" + name + "\" among its features: do not send what it does not "
                                                                 "look at");
        if (known[i].value < 0) return at_field(bad_value, at + "/value", "is 0 or more");
        if (!seen.insert(name).second) return at_field(bad_value, at + "/feature", "is said twice");
    }
    return std::nullopt;
}

}  // namespace

bool is_for(const OfferRule& rule, SkuId sku) {
    return rule.lines.empty() || std::find(rule.lines.begin(), rule.lines.end(), sku) != rule.lines.end();
}

const OfferRule* rule_for(const PricingTerms& pricing, SkuId sku, const std::vector<KnownFeature>& features) {
    const OfferRule* best = nullptr;
    for (const auto& rule : pricing.personal_offers) {
        if (!is_for(rule, sku)) continue;
        const auto known = std::find_if(features.begin(), features.end(),
                                        [&](const KnownFeature& f) { return f.feature == rule.feature; });
        if (known == features.end() || known->value < rule.at_least) continue;
        if (!best || best->discount < rule.discount) best = &rule;
    }
    return best;
}

std::optional<Money> personal_floor(const State& state, const LineKey& key, const LineTerms& terms, Instant at) {
    const auto unit = unit_economics(state, terms, key.channel, at);
    if (!unit) return std::nullopt;
    const auto floor = floor_of(terms, *unit);
    if (!floor) return std::nullopt;
    return std::max(floor->price, exposure_floor(state, key).value_or(Money{}));
}

Verdict handle(const State& state, const MakePersonalOffer& command, const Moment& moment) {
    using namespace refusals;
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return refuse(not_found, "there is no such drop");
    if (!has_prices(drop->status))
        return refuse(drop_not_open, "the drop is " + std::string(word_of(drop->status)) + ": it has no prices");
    if (command.session == 0)
        return at_field(bad_value, "/session", "an offer is for one session: say which, as the page sends it");
    const auto& pricing = drop->terms.pricing;
    if (pricing.personal_offers.empty())
        return refuse(no_personal_offer, "the plan makes no offers of one's own: add pricing.personal_offers");
    if (auto wrong = wrong_features(pricing, command.features)) return *wrong;
    if (command.jurisdiction != pricing.personal)
        return at_field(no_personal_offer, "/jurisdiction",
                        "the plan's offers are for " + pricing.personal + " and this session is in \"" +
                            command.jurisdiction + "\": it is asked what everybody is asked");
    const auto& rules = state.prices.rules.personal;
    const auto told = std::find_if(rules.begin(), rules.end(), [&](const PersonalRule& rule) {
        return rule.jurisdiction == command.jurisdiction && !rule.disclosure.empty();
    });
    if (told == rules.end())
        return at_field(no_personal_offer, "/jurisdiction",
                        "the shop has no text any more that tells buyers in " + command.jurisdiction +
                            " of prices of their own: set one in the price rules");
    PersonalOfferMade fact{drop->id,
                           command.session,
                           command.jurisdiction,
                           disclosure_digest(told->disclosure),
                           {},
                           std::min(moment.at + offer_lasts, std::max(moment.at, drop->terms.closes_at))};
    bool killed = false;
    for (std::uint32_t line = 0; line < drop->lines.size(); ++line) {
        const auto& terms = drop->lines[line].terms;
        const auto* rule = drop->lines[line].ended ? nullptr : rule_for(pricing, terms.sku, command.features);
        if (!rule) continue;
        for (const auto channel : drop->terms.channels) {
            const LineKey key{drop->id, line, channel};
            const auto* price = state.prices.find(key);
            if (!price) continue;
            if (price->killed) killed = true;
            const auto floor = personal_floor(state, key, in_channel(terms, channel), moment.at);
            if (!floor || price->killed) continue;
            fact.lines.push_back({line, channel, static_cast<std::uint32_t>(rule - pricing.personal_offers.data()),
                                  rule->feature, rule->at_least, rule->discount, *floor});
        }
    }
    if (fact.lines.empty() && killed)
        return refuse(prices_killed,
                      "the kill switch was thrown: everybody is asked the list price until it is undone");
    if (fact.lines.empty())
        return at_field(no_personal_offer, "/features",
                        "no rule of the plan fits what was said: the session is asked what everybody is asked");
    const auto known = state.prices.offers.find(drop->id);
    if (known != state.prices.offers.end() && known->second.size() >= offers_kept_max &&
        !known->second.contains(command.session))
        return refuse(no_personal_offer, "this drop has made its offers to 100000 sessions, and keeps no more");
    return bounded_facts(std::move(fact));
}

// --- what facts do

void evolve(Prices& slice, const PersonalOfferMade& fact, const Stamp&) {
    slice.offers[fact.drop][fact.session] = {fact.jurisdiction, fact.disclosure, fact.lines, fact.expires_at};
}

void evolve(Prices& slice, const PersonalPriceGiven& fact, const Stamp&) { slice.personal[fact.hold] = fact.lines; }

// With the holds that are forgotten (flow/sell/hold_end.cpp).
void evolve(Prices& slice, const ShopTidied& fact, const Stamp&) {
    slice.personal.erase(slice.personal.begin(), slice.personal.lower_bound(fact.holds_below));
}

}  // namespace dropsmith::decide
