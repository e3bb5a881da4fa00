// See the header. Covered by edge/cli/draw_test.cpp.
#include "edge/cli/draw.h"

#include <set>

#include "base/describe.h"
#include "base/json.h"
#include "flow/sell/draw.h"

namespace dropsmith {
using cli::DrawTranscript;
DROPSMITH_TYPES(DrawTranscript)
}  // namespace dropsmith

namespace dropsmith::cli {

Result<DrawFinding, std::string> verify_draw(std::string_view json) {
    DrawTranscript draw;
    const auto parsed = parse_json(json, type_of<DrawTranscript>(), &draw, {});
    if (!parsed) {
        const auto& error = parsed.error().front();
        return Failure<std::string>{"this is no transcript of a draw: " + error.pointer + " " + error.detail};
    }
    if (draw.format != "dropsmith/draw/1")
        return Failure<std::string>{"this program knows transcripts of the format dropsmith/draw/1, this one is '" +
                                    draw.format + "'"};
    DrawFinding found{false, draw.tickets.size(), ""};
    if (!sell::octets_of(draw.seed))
        found.breach = "the seed is not 64 hex digits";
    else if (sell::commitment_of(draw.seed) != draw.commitment)
        found.breach = "the seed is not the one that was committed to";
    else if (std::set<std::string>(draw.tickets.begin(), draw.tickets.end()).size() != draw.tickets.size())
        found.breach = "a ticket stands there twice";
    else if (draw.order.size() != draw.tickets.size())
        found.breach = "the order has another number of tickets";
    if (!found.breach.empty()) return found;
    const auto order = sell::draw_order(draw.seed, draw.tickets);
    for (std::size_t i = 0; i < order.size() && found.breach.empty(); ++i)
        if (draw.order[i] != draw.tickets[order[i]])
            found.breach = "place " + std::to_string(i + 1) + " belongs to ticket " + draw.tickets[order[i]] +
                           ", the transcript gives it to " + draw.order[i];
    found.holds = found.breach.empty();
    return found;
}

}  // namespace dropsmith::cli
