// What a quote or a hold asks for, and what is answered: shared by the routes, by the short way of holds (short_way.h)
// and by holds of a batch. Names are looked up where the state may be read. Covered by tests/http/routes.py,
// edge/http/board_test.cpp.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/public_id.h"
#include "base/result.h"
#include "edge/http/errors.h"
#include "edge/http/quote.h"
#include "edge/http/requests.h"
#include "engine/core.h"

namespace dropsmith::http {

struct Services;

inline constexpr Duration quote_for = minutes(5);

// With names still to be looked up.
struct Wish {
    std::string drop, channel;
    std::vector<WantedBody> lines;
    std::uint64_t session = 0;
    PlaceId pickup_at;
    std::optional<Quote> quote;
    std::optional<FulfilmentBody> fulfilment;
    std::optional<Admission> admission = {};
    PassId pass = {};
};

bool drop_is_public(const Drop& drop);
Instant quoted_until(Instant now, Instant closes_at);

std::vector<JsonError> wrong_units(const std::vector<WantedBody>& lines);
// The body's own rules, before anything is looked up. false and `errors` filled, or a wish.
bool wish_of(const HoldBody& asked, const Services& services, Wish& wish, std::vector<JsonError>& errors);

// Prices of the moment for a basket; a refusal names what is not there.
Result<Quote, Refusal> price_basket(const State& state, const PublicIds& ids, const Wish& wish, Instant now);
Refusal not_sold_in(std::string_view channel);
Refusal not_in_this_drop(std::string_view sku);

// code_at: the SKU's code of a line of the quote. state: may be left out of a quote that has no price of one's own.
void write_quote(JsonWriter& json, const Quote& quote, const std::function<std::string_view(std::size_t)>& code_at,
                 const Services& services, const State* state = nullptr);
Result<Command, Refusal> place_hold(const State& state, const PublicIds& ids, const Wish& wish);
Reply hold_refused(const engine::Answer& answer, const Services& services, const Wish& wish);
Reply hold_placed(const engine::Answer& answer, const Services& services);

}  // namespace dropsmith::http
