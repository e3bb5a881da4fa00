// Shorthands of the routes' handlers: finding a fact in an answer, lists by id with a cursor. Included by routes_*.cpp
// only.
#pragma once

#include "edge/http/call.h"
#include "edge/http/resolve.h"
#include "edge/http/services.h"
#include "edge/http/views.h"

namespace dropsmith::http {

inline Words words_of(const Call& call) { return {*call.services.ids, call.services.currency}; }

template <class F>
const F* fact_in(const engine::Answer& answer) {
    if (answer.facts)
        for (const auto& fact : *answer.facts)
            if (const auto* found = fact.as<F>()) return found;
    return nullptr;
}

// A reply of an effect without the fact that it should have made is a bug of ours; it is told as one, not hidden.
inline Reply missing_fact() {
    return problem(500, "error", "The shop did this, but cannot describe it; ask for it by GET.");
}

// {"data": [...], "next": cursor or null} over rows with ids 1…n.
template <class Rows, class Keep, class Write>
Reply list_reply(Call& call, const Page& page, const Rows& rows, Keep keep, Write write, Instant as_of) {
    return json_reply(200, [&](JsonWriter& json) {
        std::uint64_t last = 0;
        bool more = false;
        std::size_t taken = 0;
        json.object().key("data").array();
        for (std::size_t i = page.after; i < rows.size(); ++i) {
            if (!keep(rows[i])) continue;
            if (taken == page.limit) {
                more = true;
                break;
            }
            write(json, rows[i]);
            last = i + 1;
            ++taken;
        }
        json.end().key("next");
        more ? json.text(cursor_of(call, last)) : json.null();
        json.key("as_of").instant(as_of.ms).end();
    });
}

}  // namespace dropsmith::http
