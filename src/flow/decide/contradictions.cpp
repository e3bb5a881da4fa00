// The list of clashes: the window, the channels, then each line: what it is, what it promises, what it costs.
// Covered by flow/decide/plan_test.cpp.
#include "flow/decide/contradictions.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/limits.h"
#include "base/text.h"
#include "flow/decide/exposure.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/mode_clashes.h"
#include "flow/decide/modes.h"

namespace dropsmith::decide {
namespace {

constexpr Duration window_min = minutes(15);
constexpr Duration cadence_min = minutes(1);

class Plan {
  public:
    Plan(const State& state, const DropTerms& terms, DropId self, Instant now)
        : state_(state), terms_(terms), self_(self), now_(now), drop_(state.drops.find(self)) {}

    std::vector<Clash> clashes(const std::function<bool(std::uint32_t)>& ended) && {
        window();
        channels();
        pricing();
        if (terms_.lines.empty()) clash("no_lines", "/lines", "the drop sells nothing: add a line");
        for (std::uint32_t i = 0; i < terms_.lines.size(); ++i) {
            const auto* now = line_now(i);
            if (ended ? !ended(i) : !now || !now->ended) line(i);
        }
        exposure();
        return std::move(clashes_);
    }

  private:
    void clash(std::string rule, std::string pointer, std::string detail) {
        clashes_.push_back({std::move(rule), std::move(pointer), std::move(detail)});
    }
    std::string money(Money amount) const { return format_money(amount, state_.shop.currency); }
    const DropLine* line_now(std::size_t i) const {
        return drop_ && i < drop_->lines.size() ? &drop_->lines[i] : nullptr;
    }

    void window() {
        if (terms_.closes_at <= terms_.opens_at)
            return clash("window_inverted", "/closes_at",
                         "the drop closes at " + rfc3339(terms_.closes_at) + ", not after it opens at " +
                             rfc3339(terms_.opens_at) + ": close later or open earlier");
        if (terms_.closes_at <= now_)
            return clash("window_past", "/closes_at",
                         "the window ended at " + rfc3339(terms_.closes_at) + " and it is " + rfc3339(now_) +
                             ": move opens_at and closes_at");
        if (drop_ && (drop_->status == DropStatus::open || drop_->status == DropStatus::paused)) return;
        const Duration left = terms_.closes_at - std::max(terms_.opens_at, now_);
        if (left < window_min)
            clash("window_too_short", "/closes_at",
                  "only " + std::to_string(left.n / 1000) +
                      " s are left to sell in, and a drop runs at least 900 s: close later");
    }

    void channels() {
        if (terms_.channels.empty())
            clash("no_channel", "/channels", "the drop is sold nowhere: name at least one channel");
        std::set<ChannelId> seen;
        for (std::size_t i = 0; i < terms_.channels.size(); ++i) {
            const auto pointer = "/channels/" + std::to_string(i);
            const auto* channel = state_.places.find(terms_.channels[i]);
            if (!channel) {
                clash("unknown_channel", pointer, "the shop has no such channel: create it or name another");
            } else if (channel->mode != ChannelMode::own) {
                clash("channel_not_own", pointer,
                      "\"" + channel->name + "\" is " + std::string(word_of(channel->mode)) +
                          ": a drop is priced and sold in own channels only; allot stock to it by a move instead");
            }
            if (!seen.insert(terms_.channels[i]).second)
                clash("channel_twice", pointer, "the channel is named twice: name it once");
        }
    }

    void pricing() {
        const auto& pricing = terms_.pricing;
        if (pricing.explore_share < Rate{} || pricing.explore_share > whole)
            clash("explore_share_range", "/pricing/explore_share", "a share is between 0 and 1");
        if (pricing.max_step && *pricing.max_step <= Rate{})
            clash("max_step_range", "/pricing/max_step",
                  "a largest step of nothing forbids every change: leave it out or make it positive");
        modes();
        if (!reviewed(pricing)) return;
        if (pricing.cadence < cadence_min)
            clash("cadence_too_short", "/pricing/cadence_s", "prices are reviewed at most once a minute: at least 60");
        else if (terms_.opens_at < terms_.closes_at && pricing.cadence >= terms_.closes_at - terms_.opens_at &&
                 mode_of(pricing) != PriceMode::taper)
            clash("cadence_over_window", "/pricing/cadence_s",
                  "the drop closes before the first review: review more often, or set the policy to fixed");
    }

    void exposure() {
        const auto over = over_exposed(state_, terms_, self_);
        if (!over) return;
        const auto percent = [](Rate rate) { return std::to_string((rate.n + 5'000) / 10'000) + " %"; };
        clash("brand_over_exposure", "/lines/" + std::to_string(over->line) + "/bands",
              "with this plan " + over->brand + " would give away " + percent(over->given) +
                  " of its list value on offer, and its rule allows " + percent(over->allowed) +
                  ": ask more, or change the brand's exposure_max");
    }

    void modes() {
        for (auto& found : mode_clashes(terms_, state_.prices.rules)) clashes_.push_back(std::move(found));
    }

    void line(std::size_t i) {
        const auto& terms = terms_.lines[i];
        const auto at = "/lines/" + std::to_string(i);
        const auto* sku = state_.catalogue.find(terms.sku);
        if (!sku) return clash("unknown_sku", at + "/sku", "the shop has no such SKU: add the product first");
        for (std::size_t j = 0; j < i; ++j)
            if (terms_.lines[j].sku == terms.sku)
                clash("sku_twice", at + "/sku", "line " + std::to_string(j) + " sells the same SKU: join them");
        if (terms.per_person_limit && *terms.per_person_limit < Quantity{1})
            clash("limit_below_one", at + "/per_person_limit", "nobody could buy: leave it out or make it 1 or more");
        promise(terms, sku->terms.sku, line_now(i), at);
        preorder(terms, at);
        const bool asked = bands(terms.bands, terms.list_price, at);
        if (!own_channels(terms, at) || !asked) return;
        for (auto& found : line_clashes(terms_, terms, at)) clashes_.push_back(std::move(found));
        costs(terms, *sku, at);
    }

    static std::string own_at(const std::string& line, std::size_t j) {
        return line + "/channels/" + std::to_string(j);
    }

    // The channels that ask prices of their own: each one is of this drop, once, and says what they are.
    bool own_channels(const LineTerms& terms, const std::string& line) {
        const auto before = clashes_.size();
        std::set<ChannelId> seen;
        for (std::size_t j = 0; j < terms.channels.size(); ++j) {
            const auto& own = terms.channels[j];
            const auto at = own_at(line, j);
            const auto* channel = state_.places.find(own.channel);
            const auto& sold_in = terms_.channels;
            if (!channel)
                clash("unknown_channel", at + "/channel", "the shop has no such channel: create it or name another");
            else if (std::find(sold_in.begin(), sold_in.end(), own.channel) == sold_in.end())
                clash("channel_not_of_drop", at + "/channel",
                      "the drop is not sold in \"" + channel->name + "\": add it to channels, or take its prices out");
            if (!seen.insert(own.channel).second)
                clash("channel_twice", at + "/channel", "the channel has prices of its own already: join them");
            if (own.bands.empty() && !own.list_price && !own.floor)
                clash("channel_says_nothing", at, "no bands, list price or floor of its own: say one, or leave it out");
            bands(own.bands, own.list_price.value_or(terms.list_price), at);
        }
        return clashes_.size() == before;
    }

    void promise(const LineTerms& terms, const std::string& sku, const DropLine* now, const std::string& at) {
        if (terms.cap < Quantity{1})
            return clash("cap_below_one", at + "/cap",
                         "a line sells at least one unit: raise the cap or leave the line out");
        auto places = terms.places;
        if (places.empty()) {
            const auto place = now && now->places.size() == 1 ? std::optional(now->places.front().place)
                                                              : only_place(state_, terms.sku);
            if (!place)
                return clash("no_allotment", at + "/places",
                             "the stock of " + sku +
                                 " lies at no place or at several: receive it, or say in places how many "
                                 "of the " +
                                 std::to_string(terms.cap.n) + " units come from where");
            places.push_back({*place, terms.cap});
        }
        Quantity allotted;
        Quantity to_come = terms.backorder_cap;  // may be sold before it is there
        std::set<PlaceId> seen;
        for (const auto& share : places) {
            const auto* place = state_.places.find(share.place);
            if (!place) {
                clash("unknown_place", at + "/places", "the shop has no such place: create it or name another");
                continue;
            }
            if (!seen.insert(share.place).second)
                clash("place_twice", at + "/places", "\"" + place->name + "\" is named twice: join them");
            if (share.units < Quantity{})
                clash("allotment_below_zero", at + "/places", "\"" + place->name + "\": units are 0 or more");
            allotted += share.units;
            stock(terms.sku, sku, *place, share.units - used(now, share.place), at, to_come);
        }
        if (allotted != terms.cap)
            clash("allotments_do_not_add_up", at + "/places",
                  "the places get " + std::to_string(allotted.n) + " units and the cap is " +
                      std::to_string(terms.cap.n) + ": make them equal");
    }

    static Quantity used(const DropLine* line, PlaceId place) {  // of this line: held and sold are free no longer
        Quantity units;
        if (line)
            for (const auto& use : line->places)
                if (use.place == place) units += use.held + use.sold;
        return units;
    }

    void stock(SkuId id, const std::string& sku, const Place& place, Quantity wanted, const std::string& at,
               Quantity& to_come) {
        const auto* row = state_.stock.find(id, place.id);
        const Quantity free = row ? row->free : Quantity{};
        const Quantity elsewhere = promised_elsewhere(state_, id, place.id, self_);
        if (wanted + elsewhere <= free) return;
        if (wanted + elsewhere - free <= to_come) return void(to_come -= wanted + elsewhere - free);
        clash("promised_over_stock", at + "/cap",
              "\"" + place.name + "\" has " + std::to_string(free.n) + " free units of " + sku + ", " +
                  std::to_string(elsewhere.n) + " of them promised to other drops, and this line promises " +
                  std::to_string(wanted.n) + ": receive or move in " + std::to_string((wanted + elsewhere - free).n) +
                  " more, or lower the cap" + bundles_there(id, place.id));
    }

    // What can still be made up of a bundle there: the least that a component leaves.
    std::string bundles_there(SkuId id, PlaceId place) const {
        const auto* sku = state_.catalogue.find(id);
        if (!sku || sku->terms.components.empty()) return {};
        std::int64_t most = limits::units_max;
        for (const auto& part : sku->terms.components) {
            const auto* row = state_.stock.find(part.sku, place);
            const auto free = row ? row->free - promised_elsewhere(state_, part.sku, place, DropId{}) : Quantity{};
            most = std::min(most, std::max<std::int64_t>(0, free.n) / part.units.n);
        }
        return "; of what lies there " + std::to_string(most) + " can be made up (POST /v1/stock/bundles)";
    }

    void preorder(const LineTerms& terms, const std::string& at) {
        if (terms.preorder_share < Rate{} || terms.preorder_share > whole)
            return clash("preorder_share_range", at + "/preorder_share", "a share is between 0 and 1");
        if (terms.preorder_share > Rate{} && terms.cap > Quantity{} &&
            share_of(terms.cap, terms.preorder_share) == Quantity{})
            clash("preorder_reserve_empty", at + "/preorder_share",
                  "that share of " + std::to_string(terms.cap.n) +
                      " units is less than one unit: raise the share or leave it out");
    }

    bool bands(const std::vector<Money>& bands, Money list_price, const std::string& at) {
        const auto before = clashes_.size();
        if (bands.size() > limits::bands_max)
            clash("too_many_bands", at + "/bands", "at most " + std::to_string(limits::bands_max) + " bands");
        if (list_price <= Money{})
            clash("list_price_missing", at + "/list_price",
                  "the list price is what the kill switch goes back to: above 0");
        for (std::size_t b = 0; b < bands.size(); ++b) {
            const auto pointer = at + "/bands/" + std::to_string(b);
            if (bands[b] <= Money{} || bands[b] > Money{limits::money_max})
                clash("band_out_of_range", pointer, "a price is above 0 and within the limits");
            if (b > 0 && bands[b] <= bands[b - 1])
                clash("bands_not_ascending", pointer, "bands are given once each, from the lowest up");
        }
        return clashes_.size() == before;
    }

    void costs(const LineTerms& terms, const Sku& sku, const std::string& at) {
        const bool bandit = reviewed(terms_.pricing);
        const auto& sold_in = terms_.channels;
        const bool guarded = sold_in.empty() ? has_guardrail(terms)
                                             : std::all_of(sold_in.begin(), sold_in.end(), [&](ChannelId channel) {
                                                   return has_guardrail(in_channel(terms, channel));
                                               });
        if (bandit && !guarded)
            clash("no_guardrail", at,
                  "no pricing experiment without a guardrail: set floor or min_margin, or the policy to fixed");
        if (!unit_cost_of(state_.catalogue, sku.terms) && (bandit || terms.min_margin))
            return clash(
                "missing_cost", at + "/sku",
                "the unit cost of " + sku.terms.sku + " is not known, so no margin can be kept: set unit_cost");
        bool told = false;  // channels at the line's prices differ by tax habit only: the list of one is enough
        for (const auto channel : terms_.channels) {
            const auto* own = own_prices(terms, channel);
            if (!own && told) continue;
            const auto before = clashes_.size();
            const auto unit = unit_economics(state_, terms, channel, now_);
            const Asked asked{in_channel(terms, channel), at,
                              own ? own_at(at, static_cast<std::size_t>(own - terms.channels.data())) : at, own};
            if (unit && !below_floor(asked, *unit)) below_cost(asked, *unit);
            if (!own) told = clashes_.size() > before;
        }
    }

    // What is asked in a channel, and where the document says so: its own part, else the line.
    struct Asked {
        LineTerms terms;
        std::string line, at;
        const ChannelPricing* own;
        std::string band(std::size_t b) const {
            if (own && own->bands.empty() && own->list_price && terms.bands.size() == 1) return at + "/list_price";
            return (own && !own->bands.empty() ? at : line) + "/bands/" + std::to_string(b);
        }
        std::string floor() const { return (own && own->floor ? at : line) + "/floor"; }
    };

    bool below_floor(const Asked& asked, const UnitEconomics& unit) {
        const auto& terms = asked.terms;
        const auto floor = floor_of(terms, unit);
        if (!floor) {
            clash("min_margin_unreachable", asked.line + "/min_margin",
                  "no price leaves this margin after tax and payment fee: lower it");
            return true;
        }
        const auto bands = bands_of(terms);
        const bool as_said = terms.floor && floor->by == Guardrail::floor;
        const auto from = floor->by == Guardrail::max_discount ? asked.line + "/max_discount"
                          : as_said                            ? asked.floor()
                                                               : asked.line + "/min_margin";
        const auto name = from.substr(from.rfind('/') + 1);
        if (floor->price > bands.back()) {
            clash("floor_over_every_band", from,
                  "the lowest lawful price is " + money(floor->price) + ", above every band (highest " +
                      money(bands.back()) + ")" + where(asked) + ": raise the bands or lower " + name);
            return true;
        }
        for (std::size_t b = 0; b < bands.size() && bands[b] < floor->price; ++b)
            clash("floor_over_band", asked.band(b),
                  "the band of " + money(bands[b]) + " is below the lowest lawful price of " + money(floor->price) +
                      where(asked) + ": raise or drop the band, or lower " + name);
        return bands.front() < floor->price;
    }

    // Where a channel is the only one to be asked so, what is wrong is told of it.
    std::string where(const Asked& asked) const {
        const auto* channel = asked.own ? state_.places.find(asked.own->channel) : nullptr;
        return channel ? " in \"" + channel->name + "\"" : "";
    }

    void below_cost(const Asked& asked, const UnitEconomics& unit) {
        const auto& terms = asked.terms;
        if (terms.below_cost_ok || !unit.unit_cost) return;
        const auto bands = bands_of(terms);
        for (std::size_t b = 0; b < bands.size() && contribution(unit, bands[b]) < Money{}; ++b) {
            const auto even = lowest_price(unit, Rate{});
            clash("below_cost", asked.band(b),
                  "at " + money(bands[b]) + where(asked) + " a unit loses " + money(-contribution(unit, bands[b])) +
                      " after tax, fee, delivery and cost: ask " +
                      (even ? money(*even) : std::string("another price")) +
                      " or more, or give leave by below_cost_ok");
        }
    }

    const State& state_;
    const DropTerms& terms_;
    DropId self_;
    Instant now_;
    const Drop* drop_;
    std::vector<Clash> clashes_;
};

bool live(DropStatus status) {
    return status == DropStatus::scheduled || status == DropStatus::open || status == DropStatus::paused;
}

}  // namespace

DropTerms whole_terms(const Drop& drop) {
    DropTerms terms = drop.terms;
    terms.lines.clear();
    for (const auto& line : drop.lines) terms.lines.push_back(line.terms);
    return terms;
}

std::vector<Clash> contradictions(const State& state, const DropTerms& terms, DropId self, Instant now,
                                  const std::function<bool(std::uint32_t)>& ended) {
    return Plan(state, terms, self, now).clashes(ended);
}

Quantity promised_elsewhere(const State& state, SkuId sku, PlaceId place, DropId self) {
    Quantity promised;
    for (const auto& drop : state.drops.drops) {
        if (drop.id == self || !live(drop.status)) continue;
        for (const auto& line : drop.lines) {
            if (line.ended || line.terms.sku != sku) continue;
            for (const auto& use : line.places)
                if (use.place == place) promised += std::max(Quantity{}, use.allotted - use.held - use.sold);
        }
    }
    return promised;
}

std::optional<PlaceId> only_place(const State& state, SkuId sku) {
    std::optional<PlaceId> found;
    for (auto it = state.stock.rows.lower_bound({sku, PlaceId{}}); it != state.stock.rows.end() && it->first.sku == sku;
         ++it) {
        if (it->second.free <= Quantity{}) continue;
        if (found) return std::nullopt;
        found = it->first.place;
    }
    return found;
}

}  // namespace dropsmith::decide
