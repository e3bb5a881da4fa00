// See the header. Covered by flow/sell/personal_price_test.cpp.
#include "flow/sell/personal_price.h"

#include <algorithm>

#include "flow/sell/price_now.h"

namespace dropsmith::sell {
namespace {

const PersonalOffer* offer_that_runs(const Prices& prices, const Drop& drop, std::uint64_t session, Instant at) {
    const auto in_drop = prices.offers.find(drop.id);
    if (in_drop == prices.offers.end()) return nullptr;
    const auto found = in_drop->second.find(session);
    if (found == in_drop->second.end() || found->second.expires_at <= at) return nullptr;
    return found->second.jurisdiction == drop.terms.pricing.personal ? &found->second : nullptr;
}

bool rule_stands(const PricingTerms& pricing, const OfferedLine& offered) {
    if (offered.rule >= pricing.personal_offers.size()) return false;
    const auto& rule = pricing.personal_offers[offered.rule];
    return rule.feature == offered.feature && rule.at_least == offered.at_least && rule.discount == offered.discount;
}

// The offer's own, the last decision's and what the terms say now, so that nothing that was raised since is missed.
Money highest_floor(const OfferedLine& offered, const LinePrice& line, const LineTerms& terms) {
    auto floor = std::max({offered.floor, line.floor, terms.floor.value_or(Money{})});
    if (terms.max_discount)
        floor = std::max(
            floor, Money{checked(try_mul_div_ceil(terms.list_price.n, (whole - *terms.max_discount).n, whole.n))});
    return floor;
}

}  // namespace

const PersonalRule* disclosure_of(const PriceRules& rules, std::string_view jurisdiction, std::uint64_t digest) {
    for (const auto& rule : rules.personal)
        if (rule.jurisdiction == jurisdiction && !rule.disclosure.empty())
            return digest == 0 || disclosure_digest(rule.disclosure) == digest ? &rule : nullptr;
    return nullptr;
}

std::optional<PersonalPrice> personal_price_of(const State& state, const Drop& drop, const LineKey& key, Instant at,
                                               std::uint64_t session, Money asked) {
    const auto* offer = offer_that_runs(state.prices, drop, session, at);
    const auto* line = state.prices.find(key);
    if (!offer || !line || line->killed || key.line >= drop.lines.size()) return std::nullopt;
    const auto offered = std::find_if(offer->lines.begin(), offer->lines.end(), [&](const OfferedLine& row) {
        return row.line == key.line && row.channel == key.channel;
    });
    if (offered == offer->lines.end() || !rule_stands(drop.terms.pricing, *offered)) return std::nullopt;
    const auto* told = disclosure_of(state.prices.rules, offer->jurisdiction, 0);
    if (!told) return std::nullopt;
    const auto standing = price_now(*line, drop.id, at, 0).price;
    const auto floor = highest_floor(*offered, *line, in_channel(drop.lines[key.line].terms, key.channel));
    const Money less{checked(try_mul_div_ceil(standing.n, (whole - offered->discount).n, whole.n))};
    const auto price = std::max(less, floor);
    if (price >= asked || price >= standing) return std::nullopt;
    return PersonalPrice{key.line,          price,
                         standing,          floor,
                         offered->rule,     offered->feature,
                         offered->at_least, offered->discount,
                         offer->jurisdiction, disclosure_digest(told->disclosure)};
}

const std::vector<PersonalPrice>* personal_of(const Prices& prices, HoldId hold) {
    if (prices.personal.empty()) return nullptr;
    const auto found = prices.personal.find(hold);
    return found == prices.personal.end() ? nullptr : &found->second;
}

std::vector<PersonalPrice> still_in(const std::vector<PersonalPrice>& own, const std::vector<OrderLine>& lines) {
    std::vector<PersonalPrice> out;
    for (const auto& price : own)
        if (std::any_of(lines.begin(), lines.end(), [&](const OrderLine& line) { return line.line == price.line; }))
            out.push_back(price);
    return out;
}

std::optional<PersonalPriceGiven> personal_again(const State& state, HoldId ended, const Hold& again,
                                                 OrderPlaced& order) {
    const auto* own = personal_of(state.prices, ended);
    if (!own) return std::nullopt;
    order.personal = still_in(*own, order.lines);
    return PersonalPriceGiven{again.id, again.drop, again.channel, again.session, order.personal};
}

}  // namespace dropsmith::sell
