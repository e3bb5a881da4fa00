// Prices of one's own as JSON. Covered by tests/http/personal_offers.py.
#include "base/text.h"
#include "edge/http/views.h"
#include "flow/sell/personal_price.h"

namespace dropsmith::http {
namespace {

std::string hex_of(std::uint64_t digest) {
    std::string octets;
    for (int shift = 56; shift >= 0; shift -= 8) octets += static_cast<char>(digest >> shift & 0xff);
    return hex(octets);
}

}  // namespace

void write_personal(JsonWriter& json, const State& state, const PersonalPrice& own, const Words& words) {
    json.object().key("rule").natural(own.rule).key("feature").text(own.feature);
    json.key("at_least").integer(own.at_least).key("discount").rate(own.discount.n);
    json.key("standing_price").money(own.standing.n, words.currency).key("jurisdiction").text(own.jurisdiction);
    const auto* told = sell::disclosure_of(state.prices.rules, own.jurisdiction, own.disclosure);
    json.key("disclosure");
    told ? json.text(told->disclosure) : json.null();
    json.key("disclosure_digest").text(hex_of(own.disclosure)).end();
}

}  // namespace dropsmith::http
