// See the header. Each refusal names the field by pointer and says what would be right. Covered by
// flow/sell/drop_test.cpp.
#include "flow/sell/drop_terms.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "flow/sell/refusing.h"

namespace dropsmith::sell {
namespace {

using refusals::already_exists;
using refusals::bad_value;
using refusals::not_found;

Refusal wrong(const std::string& pointer, std::string detail, RefusalCode code = bad_value) {
    return refuse_field(code, std::string(code.word), pointer, std::move(detail)).error;
}

bool is_price(Money amount) { return amount.n > 0 && amount.n <= limits::money_max; }
bool is_share(Rate rate) { return rate >= Rate{0} && rate <= whole; }

bool is_slug(const std::string& slug) {
    return !slug.empty() && slug.size() <= 60 &&
           slug.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

std::optional<Refusal> wrong_bands(const std::vector<Money>& bands, const std::string& at) {
    if (bands.size() > limits::bands_max) return wrong(at + "/bands", "a line has at most 8 bands");
    for (std::size_t i = 0; i < bands.size(); ++i) {
        if (!is_price(bands[i])) return wrong(at + "/bands/" + std::to_string(i), "a band is a price above 0");
        if (i > 0 && bands[i] <= bands[i - 1])
            return wrong(at + "/bands/" + std::to_string(i), "bands ascend, each above the one before");
    }
    return std::nullopt;
}

std::optional<Refusal> wrong_amounts(const std::vector<Money>& bands, Money list_price,
                                     const std::optional<Money>& floor, const std::string& at) {
    if (auto refusal = wrong_bands(bands, at)) return refusal;
    if (!is_price(list_price)) return wrong(at + "/list_price", "a list price is above 0");
    if (floor && (floor->n < 0 || floor->n > limits::money_max)) return wrong(at + "/floor", "a floor is 0 or more");
    return std::nullopt;
}

// Channels with prices of their own: of this drop, once each, and none of them says nothing.
std::optional<Refusal> wrong_channels(const LineTerms& line, const std::vector<ChannelId>& sold_in,
                                      const std::string& line_at) {
    std::set<ChannelId> seen;
    for (std::size_t j = 0; j < line.channels.size(); ++j) {
        const auto& own = line.channels[j];
        const auto at = line_at + "/channels/" + std::to_string(j);
        if (std::find(sold_in.begin(), sold_in.end(), own.channel) == sold_in.end())
            return wrong(at + "/channel", "the drop is not sold in this channel: name one of its channels");
        if (!seen.insert(own.channel).second)
            return wrong(at + "/channel", "this channel has prices of its own already: name it once");
        if (own.bands.empty() && !own.list_price && !own.floor)
            return wrong(at, "a channel with its own prices says bands, list_price or floor: say one, or leave it out");
        if (auto refusal = wrong_amounts(own.bands, own.list_price.value_or(line.list_price), own.floor, at))
            return refusal;
    }
    return std::nullopt;
}

// The most that a unit is asked in any channel.
Money dearest(const LineTerms& line) {
    auto most = line.list_price;
    const auto see = [&](const std::vector<Money>& bands, Money list) {
        most = std::max(most, bands.empty() ? list : std::max(list, bands.back()));
    };
    see(line.bands, line.list_price);
    for (const auto& own : line.channels) see(own.bands, own.list_price.value_or(line.list_price));
    return most;
}

std::optional<Refusal> wrong_line(const State& state, const LineTerms& line, const std::vector<ChannelId>& sold_in,
                                  const std::string& at) {
    if (!state.catalogue.find(line.sku)) return wrong(at + "/sku", "no such SKU", not_found);
    if (line.cap.n < 1 || line.cap.n > limits::units_max) return wrong(at + "/cap", "a cap is at least 1 unit");
    if (auto refusal = wrong_amounts(line.bands, line.list_price, line.floor, at)) return refusal;
    if (auto refusal = wrong_channels(line, sold_in, at)) return refusal;
    const auto amount = try_mul(dearest(line).n, line.cap.n);
    if (!amount || *amount > limits::line_amount_max)
        return wrong(at + "/cap", "cap times price is more money than one line may come to (10^15 minor units)");
    if (line.min_margin && !is_share(*line.min_margin))
        return wrong(at + "/min_margin", "a margin is a share from 0 to 1");
    if (!is_share(line.preorder_share)) return wrong(at + "/preorder_share", "a share lies between 0 and 1");
    if (line.per_person_limit && line.per_person_limit->n < 1)
        return wrong(at + "/per_person_limit", "a limit is at least 1 unit");
    if (line.backorder_cap.n < 0 || line.backorder_cap > line.cap)
        return wrong(at + "/backorder_cap", "what may be ordered ahead is a part of the cap");
    if (line.backorder_cap > Quantity{0} && !line.ship_by)
        return wrong(at + "/ship_by", "say by when what is ordered ahead will be sent");
    if (line.places.size() > limits::places_max)
        return wrong(at + "/places", "a line is split over at most 256 places");
    std::set<PlaceId> seen;
    for (const auto& allotment : line.places) {
        if (allotment.units.n < 0 || allotment.units.n > limits::units_max)
            return wrong(at + "/places", "an allotment is 0 units or more");
        if (!seen.insert(allotment.place).second) return wrong(at + "/places", "a place is named twice");
    }
    return std::nullopt;
}

std::optional<Refusal> wrong_head(const State& state, const DropTerms& terms, DropId self) {
    if (!is_slug(terms.slug)) return wrong("/slug", "a slug has 1 to 60 of a-z, 0-9 and -");
    const auto known = state.drops.by_slug.find(terms.slug);
    if (known != state.drops.by_slug.end() && known->second != self)
        return wrong("/slug", "another drop has the slug " + terms.slug, already_exists);
    if (terms.title.empty() || terms.title.size() > limits::name_max)
        return wrong("/title", "a title has 1 to 200 bytes");
    if (terms.story.size() > limits::text_max) return wrong("/story", "a story has at most 4000 bytes");
    if (terms.kind.size() > limits::name_max) return wrong("/kind", "a kind has at most 200 bytes");
    if (terms.closes_at <= terms.opens_at) return wrong("/closes_at", "a drop closes after it opens");
    if (terms.time_zone.empty()) return wrong("/timezone", "give an IANA time zone, like Europe/London");
    if (terms.hold_for < seconds(1) || terms.hold_for > days(7))
        return wrong("/hold_seconds", "a hold lasts from 1 second to 7 days");
    if (terms.preorder_release < Duration{0} || terms.preorder_release > days(365))
        return wrong("/preorder_release_seconds", "the reserve is released 0 seconds to 365 days before opening");
    if (terms.preorder_grace < Duration{0} || terms.preorder_grace > days(365))
        return wrong("/preorder_grace_seconds", "a late pre-order waits on for 0 seconds to 365 days");
    if (terms.few_under.n < 1) return wrong("/few_under", "the threshold of \"few\" is at least 1");
    return std::nullopt;
}

std::optional<Refusal> wrong_pricing(const PricingTerms& pricing) {
    if (pricing.cadence < seconds(1) || pricing.cadence > days(365))
        return wrong("/pricing/cadence_s", "a cadence lasts from 1 second to 365 days");
    if (pricing.max_step && !is_share(*pricing.max_step))
        return wrong("/pricing/max_step", "a step is a share from 0 to 1");
    if (!is_share(pricing.explore_share)) return wrong("/pricing/explore_share", "a share lies between 0 and 1");
    if (!is_arrival_curve(pricing.arrival_curve))
        return wrong("/pricing/arrival_curve",
                     "a curve has at most " + std::to_string(limits::arrival_parts_max) +
                         " parts from 0 to 1000000, and not all of them are 0");
    return std::nullopt;
}

// A substitute is bought in the same drop, so that the same hold can take it.
std::optional<Refusal> wrong_substitutes(const DropTerms& terms) {
    for (std::size_t i = 0; i < terms.lines.size(); ++i) {
        const auto& line = terms.lines[i];
        if (!line.substitute) continue;
        const bool here = std::any_of(terms.lines.begin(), terms.lines.end(),
                                      [&](const LineTerms& other) { return other.sku == line.substitute; });
        if (!here || line.substitute == line.sku)
            return wrong("/lines/" + std::to_string(i) + "/substitute", "a substitute is another line of this drop");
    }
    return std::nullopt;
}

std::optional<Refusal> wrong_room(const DropTerms& terms) {
    if (terms.offer_for < minutes(1) || terms.offer_for > days(7))
        return wrong("/offer_seconds", "an offer stands from 1 minute to 7 days");
    if (!terms.room) return std::nullopt;
    const auto& room = *terms.room;
    if (room.entry_before < seconds(1) || room.entry_before > days(30))
        return wrong("/room/entry_before_seconds", "one may enter from 1 second to 30 days before the opening");
    if (room.draw_before < Duration{0} || room.draw_before >= room.entry_before)
        return wrong("/room/draw_before_seconds", "the draw lies between the beginning of entry and the opening");
    if (room.per_second_max > 1'000'000)
        return wrong("/room/per_second_max", "the cap of admissions is at most 1000000 a second; 0 is none");
    if (room.admission_for < seconds(10) || room.admission_for > days(1))
        return wrong("/room/admission_seconds", "an admission may be used for 10 seconds to 1 day");
    return std::nullopt;
}

std::optional<Refusal> resolve_places(const State& state, LineTerms& line, const std::string& at) {
    std::vector<PlaceId> having;
    std::string where;
    for (const auto& place : state.places.places) {
        const auto* row = state.stock.find(line.sku, place.id);
        if (!row || row->free <= Quantity{0}) continue;
        having.push_back(place.id);
        where += (where.empty() ? "" : ", ") + place.name + " (" + count_of(row->free) + ")";
    }
    if (having.empty() && state.places.places.size() == 1) having.push_back(state.places.places.front().id);
    if (having.size() != 1)
        return wrong(at + "/places",
                     having.empty() ? "no place has this SKU: receive stock first, or say which place sells how many"
                                    : "say how the cap is split; the SKU lies at " + where);
    line.places = {{having.front(), line.cap}};
    return std::nullopt;
}

}  // namespace

std::optional<Refusal> wrong_terms(const State& state, const DropTerms& terms, DropId self) {
    if (auto refusal = wrong_head(state, terms, self)) return refusal;
    if (auto refusal = wrong_pricing(terms.pricing)) return refusal;
    if (terms.channels.size() > limits::channels_max) return wrong("/channels", "a drop has at most 16 channels");
    std::set<ChannelId> channels;
    for (auto channel : terms.channels) {
        if (!state.places.find(channel)) return wrong("/channels", "no such channel", not_found);
        if (!channels.insert(channel).second) return wrong("/channels", "a channel is named twice");
    }
    if (terms.lines.size() > limits::drop_lines_max) return wrong("/lines", "a drop has at most 500 lines");
    for (std::size_t i = 0; i < terms.lines.size(); ++i)
        if (auto refusal = wrong_line(state, terms.lines[i], terms.channels, "/lines/" + std::to_string(i)))
            return refusal;
    if (auto refusal = wrong_substitutes(terms)) return refusal;
    return wrong_room(terms);
}

std::optional<Refusal> complete(const State& state, DropTerms& terms) {
    for (std::size_t i = 0; i < terms.lines.size(); ++i) {
        auto& line = terms.lines[i];
        const auto* sku = state.catalogue.find(line.sku);
        if (!sku) continue;  // wrong_terms says so
        if (line.list_price == Money{0} && sku->terms.list_price) line.list_price = *sku->terms.list_price;
        if (line.bands.empty() && line.list_price > Money{0}) line.bands = {line.list_price};
        if (line.places.empty())
            if (auto refusal = resolve_places(state, line, "/lines/" + std::to_string(i))) return refusal;
    }
    return std::nullopt;
}

}  // namespace dropsmith::sell
