// The bodies of the waiting room, the waiting list and passes; see requests.h. Covered by tests/http/openapi.py.
#pragma once

#include "edge/http/requests.h"
#include "model/pass.h"

namespace dropsmith::http {

struct EnterBody {
    std::optional<std::string> session;  // none: the shop makes one and says it
    std::optional<PersonBody> person;
};
DROPSMITH_RECORD(EnterBody, session, person)
struct LookBody {
    std::optional<std::string> session;  // a word of chance that the page made; kept as a keyed digest only
    std::optional<std::string> channel;
};
DROPSMITH_RECORD(LookBody, session, channel)
struct RateBody {
    std::uint64_t per_second = 0;
};
DROPSMITH_RECORD(RateBody, per_second)
struct WaitLineBody {
    std::string sku;
    Quantity units;
};
DROPSMITH_RECORD(WaitLineBody, sku, units)
struct WaitBody {
    std::string channel;
    std::vector<WaitLineBody> lines;
    std::optional<std::string> session;
    std::optional<PersonBody> person;
    bool preorder = false;
    std::optional<std::string> admission;  // while the drop's waiting room runs
};
DROPSMITH_RECORD(WaitBody, channel, lines, session, person, preorder, admission)
DROPSMITH_DEFAULTS(WaitBody, preorder)
struct PassBody {
    std::string title;
    std::vector<std::string> drops;  // ids or slugs; none: any drop
    std::optional<Instant> valid_from;
    Instant valid_until;
    std::optional<Quantity> uses;
    std::optional<Duration> early_seconds;
    std::optional<std::uint32_t> count;
};
DROPSMITH_RECORD(PassBody, title, drops, valid_from, valid_until, uses, early_seconds, count)

}  // namespace dropsmith::http
