// Covered by tests/http/routes.py.
#include "edge/http/page.h"

#include <date/tz.h>

#include <algorithm>

#include "base/text.h"
#include "edge/http/assets.h"
#include "edge/http/drop_page.h"
#include "edge/http/resolve.h"
#include "flow/decide/modes.h"
#include "flow/sell/substitute.h"

namespace dropsmith::http {
namespace {

PageMoney page_money(Money amount, std::string_view currency) {
    return {format_decimal(amount.n, std::max(0, currency_places(currency))), std::string(currency)};
}

// "London" of "Europe/London": whose noon it is.
std::string city_of(const std::string& zone) {
    auto city = zone.substr(zone.rfind('/') + 1);
    std::replace(city.begin(), city.end(), '_', ' ');
    return city;
}

// The zone data's library throws for names that it does not know.
std::string in_words(Instant at, const std::string& zone) {
    using Milli = std::chrono::milliseconds;
    const date::sys_time<Milli> when{Milli(at.ms)};
    constexpr auto form = "%a %e %b %Y, %H:%M (";
    try {
        const auto there = date::make_zoned(zone, date::floor<std::chrono::minutes>(when));
        return date::format(form, there) + city_of(zone) + ")";
    } catch (const std::exception&) {
        return date::format(form, date::floor<std::chrono::minutes>(when)) + "UTC)";
    }
}

PageStatus page_status(DropStatus status) {
    switch (status) {
        case DropStatus::open:
            return PageStatus::open;
        case DropStatus::paused:
            return PageStatus::paused;
        case DropStatus::cancelled:
            return PageStatus::cancelled;
        case DropStatus::closed:
        case DropStatus::settled:
            return PageStatus::closed;
        case DropStatus::draft:
        case DropStatus::scheduled:
            break;
    }
    return PageStatus::scheduled;
}

}  // namespace

std::string time_in_words(Instant at, const std::string& zone) { return in_words(at, zone); }

std::string drop_page_of(const State& state, const Drop& drop, Instant now, std::string_view public_url) {
    DropView view;
    view.shop = state.shop.name;
    view.slug = drop.terms.slug, view.title = drop.terms.title, view.story = drop.terms.story;
    view.status = page_status(drop.status);
    view.opens_at = {rfc3339(drop.terms.opens_at), in_words(drop.terms.opens_at, drop.terms.time_zone)};
    const Instant closes = drop.closed_at.value_or(drop.terms.closes_at);  // it may have been closed by hand, early
    view.closes_at = {rfc3339(closes), in_words(closes, drop.terms.time_zone)};
    view.public_url = public_url;
    view.stylesheet = page_stylesheet();
    view.simulated = state.shop.simulated;
    const auto* room = state.rooms.find(drop.id);
    view.room = room && !room->over && drop.terms.room && now >= drop.terms.opens_at - drop.terms.room->entry_before;
    const ChannelId channel = drop.terms.channels.empty() ? ChannelId{} : drop.terms.channels[0];
    for (std::uint32_t i = 0; i < drop.lines.size(); ++i) {
        const auto& line = drop.lines[i];
        const auto* sku = state.catalogue.find(line.terms.sku);
        if (line.ended || !sku) continue;
        const auto* product = state.catalogue.find(sku->product);
        const auto* price = price_of(state, drop, i, channel);
        const Quantity units = available(state, drop, i);
        PageLine row;
        row.sku = sku->terms.sku, row.size = sku->terms.size;
        row.title = product ? product->title : sku->terms.sku;
        if (price) row.price = page_money(price->price, state.shop.currency);
        row.left = units.n;
        row.availability = units <= Quantity{}                       ? PageAvailability::sold_out
                           : drop.terms.show == ShowAvailable::exact ? PageAvailability::exact
                           : drop.terms.show == ShowAvailable::few && units < drop.terms.few_under
                               ? PageAvailability::few
                               : PageAvailability::in_stock;
        if (units <= Quantity{}) {
            if (const auto other = sell::substitute_for(state, drop, line.terms.sku)) {
                const auto* instead = state.catalogue.find(drop.lines[*other].terms.sku);
                const auto* of = instead ? state.catalogue.find(instead->product) : nullptr;
                if (instead) row.substitute = of ? of->title : instead->terms.sku;
                if (instead && !instead->terms.size.empty()) row.substitute += ", " + instead->terms.size;
            }
            if (line.terms.backorder_cap > Quantity{} && line.terms.ship_by)
                row.ship_by = in_words(*line.terms.ship_by, drop.terms.time_zone);
        }
        if (drop.status == DropStatus::scheduled && !drop.reserve_released && line.terms.preorder_share > Rate{0} &&
            units > Quantity{})
            row.ahead_until = in_words(drop.terms.opens_at - drop.terms.preorder_release, drop.terms.time_zone);
        if (mode_of(drop.terms.pricing) == PriceMode::taper)
            for (const auto& step : decide::taper_of(drop.terms, in_channel(line.terms, channel)))
                row.taper.push_back({{rfc3339(step.at), in_words(step.at, drop.terms.time_zone)},
                                     page_money(step.price, state.shop.currency)});
        if (price && price->next_review > now)
            row.price_valid_until = rfc3339(std::min(price->next_review, drop.terms.closes_at));
        view.lines.push_back(std::move(row));
        for (const auto& use : line.places) {
            const auto* place = state.places.find(use.place);
            if (!place) continue;
            bool known = false;
            for (const auto& at : view.places) known = known || at.name == place->name;
            if (!known) view.places.push_back({place->name});
        }
    }
    return drop_page(view);
}

}  // namespace dropsmith::http
