// A quote: prices for stated units in a channel until a stated time, sealed by a MAC under a key derived from the
// shop's, so that a client carries it and cannot change it. Nothing is stored. The token is base32 of the record's CBOR
// and 16 octets of MAC. Any thread. Covered by edge/http/quote_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/ids.h"
#include "model/personal.h"

namespace dropsmith::http {

struct QuotedLine {
    SkuId sku;
    Quantity units;
    Money unit_price;
    DecisionId decision;     // that set the price
    SkuId instead_of = {};   // what was gone as it was quoted, when this is its declared substitute
};
DROPSMITH_RECORD(QuotedLine, sku, units, unit_price, decision, instead_of)

struct Quote {
    DropId drop;
    ChannelId channel;
    std::vector<QuotedLine> lines;
    std::uint64_t session = 0;
    Instant valid_until;
    std::vector<PersonalPrice> personal = {};  // of the session alone, by line of the drop
};
DROPSMITH_RECORD(Quote, drop, channel, lines, session, valid_until, personal)

std::string seal(const Quote& quote, std::string_view mac_key);
std::optional<Quote> unseal(std::string_view token, std::string_view mac_key);
std::uint64_t session_digest(std::string_view session);  // 0 for ""

}  // namespace dropsmith::http
