// See the header. Covered by sim/prove_test.cpp.
#include "sim/prove_setting.h"

#include <algorithm>
#include <string>

namespace dropsmith::sim {

namespace {

bool by_chance(Random& random, std::uint64_t percent) { return random.below(100) < percent; }
Quantity some_units(Random& random, std::uint64_t most) {
    return Quantity{static_cast<std::int64_t>(random.below(most))};
}
Duration some_time(Random& random, Duration most) {
    return Duration{static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most.n)))};
}

// A line of which a part has still to arrive: promised for a day about the closing or some after it.
void draw_ahead(Random& random, const DropTerms& terms, LineTerms& line) {
    line.backorder_cap = line.cap;
    if (by_chance(random, 50))
        line.backorder_cap = Quantity{1} + some_units(random, static_cast<std::uint64_t>(line.cap.n));
    line.ship_by = std::max(terms.opens_at + minutes(5), terms.closes_at - hours(6)) + some_time(random, days(3));
    line.places = {{PlaceId{1}, line.cap}};
}

LineTerms draw_line(Random& random, SkuId sku, const DropTerms& terms, bool ahead) {
    LineTerms line;
    line.sku = sku, line.cap = Quantity{1} + some_units(random, 12);
    line.bands = {Money{2'990}}, line.floor = Money{2'000}, line.list_price = Money{2'990};
    if (by_chance(random, 40)) line.per_person_limit = Quantity{1} + some_units(random, 3);
    if (ahead && by_chance(random, 70)) draw_ahead(random, terms, line);
    return line;
}

// One may enter until the opening from any moment before it on, or only shortly before.
RoomTerms draw_room(Random& random, bool ballot, Duration until_open) {
    RoomTerms room;
    room.kind = ballot ? RoomKind::ballot : RoomKind::fifo;
    room.entry_before = by_chance(random, 30) ? seconds(60) : until_open;
    room.draw_before = some_time(random, seconds(30));
    room.per_second_max = random.below(4);
    room.admission_for = seconds(10) + some_time(random, by_chance(random, 50) ? minutes(2) : minutes(20));
    room.by_person = by_chance(random, 30);
    return room;
}

IssuePasses draw_passes(Random& random, std::uint64_t count, Instant now, Instant opens_at) {
    IssuePasses out;
    out.count = static_cast<std::uint32_t>(count);
    out.terms.title = "Early", out.terms.uses = Quantity{1} + some_units(random, 3);
    if (by_chance(random, 50)) out.terms.drops = {DropId{1}};
    out.terms.valid_from = now + some_time(random, by_chance(random, 30) ? minutes(10) : minutes(1));
    const auto after = by_chance(random, 30) ? some_time(random, hours(1)) : days(3);
    out.terms.valid_until = std::max(opens_at, out.terms.valid_from) + Duration{1} + after;
    out.terms.early = Duration{1} + some_time(random, opens_at - now);
    return out;
}

std::string seed_of_draw(Random& random) {
    std::string out;
    for (int i = 0; i < 64; ++i) out += "0123456789abcdef"[random.below(16)];
    return out;
}

}  // namespace

ProveSetting draw_setting(Random& random, Instant now, Plant plant) {
    ProveSetting out;
    out.skus = 1 + random.below(4);
    out.ahead = by_chance(random, 35) || plant == Plant::too_many_ahead || plant == Plant::promise_dearer;
    out.room = by_chance(random, 25) || plant == Plant::turn_forged || plant == Plant::other_seed;
    out.provider = by_chance(random, 35) || plant == Plant::refund_key_forgotten || plant == Plant::page_closed_unseen;
    if (by_chance(random, 25) || plant == Plant::pass_worn_out) out.passes = 1 + random.below(3);
    auto& commands = out.commands;
    commands.emplace_back(OpenShop{"Proof", "GBP", "Europe/London"});
    commands.emplace_back(AddPlace{"Hub", PlaceKind::hub, "Europe/London", {}});
    commands.emplace_back(AddPlace{"Stall", PlaceKind::popup, "Europe/London", {}});
    for (std::uint64_t i = 1; i <= out.skus; ++i)
        commands.emplace_back(AddProduct{"Thing", "", "", "standard",
                                         {{"T" + std::to_string(i), "", Money{1'000}, false, Money{2'990}, 0, ""}}});
    auto& terms = out.terms;
    terms.slug = "proof", terms.title = "Proof", terms.channels = {ChannelId{1}};
    terms.opens_at = now + minutes(1);
    if (out.room || out.passes > 0 || (out.ahead && by_chance(random, 60)))
        terms.opens_at = now + minutes(2) + some_time(random, minutes(30));
    if (out.room)
        terms.room = draw_room(random, plant == Plant::other_seed || by_chance(random, 50), terms.opens_at - now);
    const auto longest = out.ahead && by_chance(random, 50) ? hours(2) : hours(48);
    terms.closes_at = terms.opens_at + minutes(15) + some_time(random, longest);
    terms.hold_for = seconds(60) + some_time(random, seconds(1'200));
    terms.offer_for = seconds(60) + some_time(random, seconds(1'800));
    if (out.ahead && by_chance(random, 50)) terms.preorder_grace = some_time(random, days(2));
    for (std::uint64_t i = 1; i <= out.skus; ++i) {
        const auto line = draw_line(random, SkuId{i}, terms, out.ahead);
        auto there = line.cap - line.backorder_cap;
        if (line.backorder_cap == Quantity{0} || by_chance(random, 30)) there += some_units(random, 3);
        if (there > Quantity{0})
            commands.emplace_back(ReceiveStock{PlaceId{1}, {{line.sku, there, Money{1'000}}}, ""});
        terms.lines.push_back(line);
    }
    commands.emplace_back(DraftDrop{terms});
    commands.emplace_back(ScheduleDrop{DropId{1}, seed_of_draw(random)});
    if (out.passes > 0) commands.emplace_back(draw_passes(random, out.passes, now, terms.opens_at));
    return out;
}

Command staff_wish(Random& random, const ProveSetting& setting, Instant at) {
    const auto line = static_cast<std::uint32_t>(random.below(setting.skus));
    const SkuId sku{line + 1u};
    const auto few = Quantity{1} + some_units(random, 3);
    switch (random.below(setting.ahead ? 14 : 8)) {
        case 0: return ReceiveStock{PlaceId{1}, {{sku, few, {}}}, ""};
        case 1: return MoveStock{PlaceId{1}, PlaceId{2}, {{sku, few, {}}}, ""};
        case 2: return CountStock{PlaceId{2}, {{sku, few, {}}}, ""};
        case 3: return PauseDrop{DropId{1}, "a pause"};
        case 4:
        case 5: return ResumeDrop{DropId{1}};
        case 6: {
            if (setting.provider && by_chance(random, 20)) return CancelOrder{OrderId{1 + random.below(12)}, "staff"};
            ReportSale sale;
            sale.source = "till", sale.id = std::to_string(random.below(40)), sale.place = PlaceId{2};
            sale.sold_at = at, sale.lines = {{sku, few, {}}};
            return sale;
        }
        case 7:
        case 8:
        case 9: {
            if (setting.passes > 0 && by_chance(random, 20)) return EndPass{PassId{1 + random.below(setting.passes)}};
            const Money prices[] = {Money{2'490}, Money{2'790}, Money{3'290}};
            return OverridePrice{{DropId{1}, line, ChannelId{1}}, prices[random.below(3)],
                                 at + minutes(1) + some_time(random, hours(2)), "a try"};
        }
        case 10:
            if (by_chance(random, 30)) return CloseDrop{DropId{1}, "early"};
            [[fallthrough]];
        default: return ReceiveStock{PlaceId{1}, {{sku, few, {}}}, ""};
    }
}

}  // namespace dropsmith::sim
