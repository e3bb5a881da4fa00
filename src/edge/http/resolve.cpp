// Covered by tests/http/routes.py.
#include "edge/http/resolve.h"

#include <algorithm>
#include <cmath>

#include "flow/sell/allocation.h"

namespace dropsmith::http {

Failure<Refusal> bad_field(std::string pointer, std::string detail) {
    Refusal refusal{refusals::bad_value, pointer.empty() ? detail : pointer + ": " + detail, {}, {}, {}};
    refusal.clashes.push_back({"bad_value", std::move(pointer), std::move(detail)});
    return Failure<Refusal>{std::move(refusal)};
}

Failure<Refusal> nothing_there() {
    return refuse(refusals::not_found, "There is nothing here, or it is not for this caller to see.");
}

const Channel* channel_of(const State& state, const PublicIds& ids, std::string_view name_or_id) {
    if (const auto* channel = state.places.channel_named(name_or_id)) return channel;
    const auto id = ids.read<ChannelTag>(name_or_id);
    return id ? state.places.find(*id) : nullptr;
}

const Drop* drop_of(const State& state, const PublicIds& ids, std::string_view id_or_slug) {
    if (const auto id = ids.read<DropTag>(id_or_slug)) return state.drops.find(*id);
    const auto it = state.drops.by_slug.find(std::string(id_or_slug));
    return it == state.drops.by_slug.end() ? nullptr : state.drops.find(it->second);
}

Result<const Drop*, Refusal> drop_for(const State& state, const PublicIds& ids, const std::string& named,
                                      const Grant* grant) {
    const auto* drop = drop_of(state, ids, named);
    if (!drop) return nothing_there();
    if (grant && !grant->scope.channels.empty())
        for (const auto channel : drop->terms.channels)
            if (std::find(grant->scope.channels.begin(), grant->scope.channels.end(), channel) ==
                grant->scope.channels.end())
                return nothing_there();
    return drop;
}

Result<std::vector<StockLine>, Refusal> stock_lines(const State& state, const std::vector<StockLineBody>& lines) {
    std::vector<StockLine> out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto* sku = state.catalogue.find(lines[i].sku);
        if (!sku)
            return bad_field("/lines/" + std::to_string(i) + "/sku",
                             "the shop has no SKU '" + lines[i].sku + "'; add it with POST /v1/products first");
        out.push_back({sku->id, lines[i].units, lines[i].unit_cost});
    }
    return out;
}

std::optional<Position> position_of(const std::optional<PositionBody>& body, bool& sane) {
    sane = true;
    if (!body) return std::nullopt;
    sane = std::abs(body->lat) <= 90 && std::abs(body->lon) <= 180;
    if (!sane) return std::nullopt;
    return Position{std::llround(body->lat * 1'000'000), std::llround(body->lon * 1'000'000)};
}

Quantity available(const State& state, const Drop& drop, std::uint32_t index) {
    const auto& line = drop.lines[index];
    if (line.ended) return {};
    const auto free = sell::free_in_line(line, sell::free_by_place(state.stock, line, PlaceId{}));
    return std::max(Quantity{}, free);
}

const LinePrice* price_of(const State& state, const Drop& drop, std::uint32_t line, ChannelId channel) {
    return state.prices.find({drop.id, line, channel});
}

std::optional<std::uint32_t> line_of(const Drop& drop, SkuId sku) {
    for (std::uint32_t i = 0; i < drop.lines.size(); ++i)
        if (drop.lines[i].terms.sku == sku && !drop.lines[i].ended) return i;
    return std::nullopt;
}

}  // namespace dropsmith::http
