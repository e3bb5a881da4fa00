// Offers of one's own, asked for by the shop's own backend, never by the page: what it knows of a session leaves only
// the feature and the threshold that gave the offer. Covered by tests/http/personal_offers.py.
#include "edge/http/routes.h"

#include "edge/http/handling.h"
#include "edge/http/quote.h"
#include "flow/sell/personal_price.h"

namespace dropsmith::http {
namespace routes_offers {
namespace {

Reply made(const engine::Answer& answer, Call& c) {
    const auto* fact = fact_in<PersonalOfferMade>(answer);
    if (!fact) return missing_fact();
    const auto& state = answer.state;
    return json_reply(201, [&](JsonWriter& json) {
        const auto* drop = state.drops.find(fact->drop);
        const auto* told = sell::disclosure_of(state.prices.rules, fact->jurisdiction, fact->disclosure);
        json.object().key("drop").text(c.services.ids->show(fact->drop)).key("jurisdiction").text(fact->jurisdiction);
        json.key("disclosure");
        told ? json.text(told->disclosure) : json.null();
        json.key("expires_at").instant(fact->expires_at.ms).key("offers").array();
        for (const auto& row : fact->lines) {
            const auto* channel = state.places.find(row.channel);
            json.object().key("sku").text(
                drop && row.line < drop->lines.size() ? sku_code(state, drop->lines[row.line].terms.sku) : "");
            json.key("channel").text(channel ? channel->name : "").key("rule").natural(row.rule);
            json.key("feature").text(row.feature).key("at_least").integer(row.at_least);
            json.key("discount").rate(row.discount.n).key("never_below").money(row.floor.n, c.services.currency).end();
        }
        json.end().end();
    });
}

void post_offer(CallPtr call) {
    const auto asked = body<PersonalOfferBody>(*call);
    if (!asked) return;
    const auto* ids = call->services.ids;
    command(
        std::move(call),
        [asked = *asked, ids, named = call->params[0], grant = call->grant](const State& state,
                                                                            const Moment&) -> Result<Command, Refusal> {
            const auto drop = drop_for(state, *ids, named, grant.get());
            if (!drop) return Failure{drop.error()};
            MakePersonalOffer make{(*drop)->id, session_digest(asked.session), asked.jurisdiction, {}};
            for (const auto& known : asked.features) make.features.push_back({known.feature, known.value});
            return Command(std::move(make));
        },
        made);
}

constexpr Route table[] = {
    {"POST",
     "/v1/drops/{id}/offers",
     needs<Role::operator_, Role::pricing>(ScopeKind::channels),
     post_offer,
     {.summary = "Asks, as the shop's own backend, for the offer that a session gets by the plan's personal_offers; "
                 "409 no_personal_offer when it gets none",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<PersonalOfferBody>,
      .gives = "{drop, jurisdiction, disclosure, expires_at, offers: [{sku, channel, rule, feature, at_least, "
               "discount, never_below}]}"}},
};

}  // namespace
}  // namespace routes_offers

std::span<const Route> offer_routes() { return routes_offers::table; }

}  // namespace dropsmith::http
