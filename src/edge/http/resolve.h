// Names and codes of requests to ids of the state: channels by name or id, drops by id or slug, SKUs by code; and the
// refusals that say which field named something that is not there. Runs where the state may be read. Covered by
// tests/http/routes.py.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/public_id.h"
#include "base/result.h"
#include "edge/http/requests.h"
#include "model/state.h"
#include "model/stock.h"

namespace dropsmith::http {

Failure<Refusal> bad_field(std::string pointer, std::string detail);  // 400 naming the field
Failure<Refusal> nothing_there();                                     // 404

const Channel* channel_of(const State& state, const PublicIds& ids, std::string_view name_or_id);
const Drop* drop_of(const State& state, const PublicIds& ids, std::string_view id_or_slug);
// The drop that the path names, if this caller may touch it; else a refusal.
Result<const Drop*, Refusal> drop_for(const State& state, const PublicIds& ids, const std::string& named,
                                      const Grant* grant);
Result<std::vector<StockLine>, Refusal> stock_lines(const State& state, const std::vector<StockLineBody>& lines);
std::optional<Position> position_of(const std::optional<PositionBody>& body, bool& sane);

// What can still be had of a line, all places together: within its cap, and physically there.
Quantity available(const State& state, const Drop& drop, std::uint32_t line);
// What a line costs in a channel just now; null before the drop has been scheduled.
const LinePrice* price_of(const State& state, const Drop& drop, std::uint32_t line, ChannelId channel);
std::optional<std::uint32_t> line_of(const Drop& drop, SkuId sku);  // open lines only

}  // namespace dropsmith::http
