// Covered by engine/personal_laws_test.cpp.
#include "engine/personal_laws.h"

#include <algorithm>

#include "engine/dispatch.h"
#include "flow/decide/personal.h"

namespace dropsmith::engine {
namespace {

template <class F>
const F& own_fact(const BatchWalk::RawFact& fact) {
    return *static_cast<const F*>(fact.object);
}

// price >= standing * (1 - discount), and no minor unit more than that: without the rule's own rounding.
bool is_less_by(Money price, Money standing, Rate discount) {
    const auto exact = static_cast<__int128>(standing.n) * (whole - discount).n;
    const auto asked = static_cast<__int128>(price.n) * whole.n;
    return asked >= exact && asked - exact < whole.n;
}

}  // namespace

void PersonalLaws::look(const BatchWalk::RawFact& fact, const Stamp& stamp) {
    switch (fact.info->code) {
        case PriceSet::code.n:
            stood_[own_fact<PriceSet>(fact).key].insert(own_fact<PriceSet>(fact).price.n);
            break;
        case PersonalOfferMade::code.n: {
            const auto& offer = own_fact<PersonalOfferMade>(fact);
            ++law_.checked;
            if (const auto wrong = wrong_offer(offer, stamp.at)) breach(law_, stamp.seq, "an offer " + *wrong);
            made_[{offer.drop, offer.session}].push_back(offer);
            break;
        }
        case PersonalPriceGiven::code.n:
            for (const auto& own : own_fact<PersonalPriceGiven>(fact).lines) {
                ++law_.checked;
                if (const auto wrong = wrong_price(own_fact<PersonalPriceGiven>(fact), own))
                    breach(law_, stamp.seq,
                           "hold " + std::to_string(own_fact<PersonalPriceGiven>(fact).hold.n) + " line " +
                               std::to_string(own.line) + ": " + *wrong);
            }
            break;
        case UnitsHeld::code.n:
            look_at_hold(own_fact<UnitsHeld>(fact), stamp.seq);
            break;
        case OrderPlaced::code.n:
            look_at_order(own_fact<OrderPlaced>(fact), stamp.seq);
            break;
        default:
            break;
    }
}

std::optional<std::string> PersonalLaws::wrong_offer(const PersonalOfferMade& offer, Instant at) const {
    const auto* drop = state_.drops.find(offer.drop);
    if (!drop || offer.session == 0) return "is for nobody, or in no drop";
    const auto& pricing = drop->terms.pricing;
    if (offer.jurisdiction != pricing.personal) return "is for a jurisdiction that the plan does not name";
    const auto& rules = state_.prices.rules.personal;
    const bool told = std::any_of(rules.begin(), rules.end(), [&](const PersonalRule& rule) {
        return rule.jurisdiction == offer.jurisdiction && !rule.disclosure.empty() &&
               disclosure_digest(rule.disclosure) == offer.disclosure;
    });
    if (!told) return "names a text that the shop did not have";
    for (const auto& row : offer.lines) {
        if (row.rule >= pricing.personal_offers.size() || row.line >= drop->lines.size())
            return "names a rule or a line that is not there";
        const auto& rule = pricing.personal_offers[row.rule];
        const auto& terms = drop->lines[row.line].terms;
        const bool meant = rule.lines.empty() ||
                           std::find(rule.lines.begin(), rule.lines.end(), terms.sku) != rule.lines.end();
        if (!meant || rule.feature != row.feature || rule.at_least != row.at_least || rule.discount != row.discount)
            return "is not what the plan's rule " + std::to_string(row.rule) + " gives";
        const LineKey key{offer.drop, row.line, row.channel};
        if (decide::personal_floor(state_, key, in_channel(terms, row.channel), at) != row.floor)
            return "has a floor of " + std::to_string(row.floor.n) + " that is not the gate's";
    }
    return std::nullopt;
}

std::optional<std::string> PersonalLaws::wrong_price(const PersonalPriceGiven& given, const PersonalPrice& own) {
    const auto made = made_.find({given.drop, given.session});
    const LineKey key{given.drop, own.line, given.channel};
    const bool offered =
        made != made_.end() &&
        std::any_of(made->second.begin(), made->second.end(), [&](const PersonalOfferMade& offer) {
            return offer.jurisdiction == own.jurisdiction &&
                   std::any_of(offer.lines.begin(), offer.lines.end(), [&](const OfferedLine& row) {
                       return row.line == own.line && row.channel == given.channel && row.rule == own.rule &&
                              row.feature == own.feature && row.at_least == own.at_least &&
                              row.discount == own.discount && own.floor >= row.floor;
                   });
        });
    if (!offered) return "no offer that was made to this session gives it";
    if (own.price < own.floor) return "it is below its floor";
    if (own.price >= own.standing) return "it is not below what everybody was asked";
    if (!stood_[key].contains(own.standing.n)) return "nobody was ever asked what it is compared with";
    if (own.price != own.floor && !is_less_by(own.price, own.standing, own.discount))
        return "it is neither the price of everybody less the discount, nor the floor";
    if (own.price == own.floor && !is_less_by(own.price, own.standing, own.discount) &&
        static_cast<__int128>(own.price.n) * whole.n <
            static_cast<__int128>(own.standing.n) * (whole - own.discount).n)
        return "more was given than the rule says";
    return std::nullopt;
}

void PersonalLaws::look_at_hold(const UnitsHeld& held, std::uint64_t seq) {
    const auto own = state_.prices.personal.find(held.hold);
    if (own == state_.prices.personal.end()) return;
    for (const auto& price : own->second) {
        ++law_.checked;
        const bool same = std::all_of(held.lines.begin(), held.lines.end(), [&](const HeldLine& line) {
            return line.line != price.line || line.unit_price == price.price;
        });
        if (!same) breach(law_, seq, "hold " + std::to_string(held.hold.n) + " is not at the price that it was given");
    }
}

void PersonalLaws::look_at_order(const OrderPlaced& order, std::uint64_t seq) {
    const auto own = state_.prices.personal.find(order.hold);
    for (const auto& line : order.lines) {
        const auto is_its = [&](const PersonalPrice& price) { return price.line == line.line; };
        const bool said = std::any_of(order.personal.begin(), order.personal.end(), is_its);
        const bool given = own != state_.prices.personal.end() &&
                           std::any_of(own->second.begin(), own->second.end(), is_its);
        if (said || given) ++law_.checked;
        if (said != given)
            breach(law_, seq,
                   "order " + std::to_string(order.number) + (given ? " keeps silent of" : " invents") +
                       " a price of one's own");
    }
}

}  // namespace dropsmith::engine
