// dropsmith draw verify: a ballot recomputed from its published transcript (GET /v1/drops/{id}/draw) and nothing else;
// no shop is needed. Pure; any thread. Covered by edge/cli/draw_test.cpp, tests/http/waiting_room.py.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/record.h"
#include "base/result.h"

namespace dropsmith::cli {

struct DrawTranscript {
    std::string format, drop, slug, drawn_at, commitment, seed;
    std::vector<std::string> tickets, order;
};
DROPSMITH_RECORD(DrawTranscript, format, drop, slug, drawn_at, commitment, seed, tickets, order)

struct DrawFinding {
    bool holds = false;
    std::size_t tickets = 0;
    std::string breach;                      // "" or what does not agree
};

// A failure says why this is no transcript.
Result<DrawFinding, std::string> verify_draw(std::string_view json);

}  // namespace dropsmith::cli
