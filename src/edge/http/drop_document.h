// The document of a drop as clients write it, to the terms that the rules know: names to ids, what is left out to what
// it was. Runs where the state may be read. Covered by tests/http/routes.py.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/public_id.h"
#include "base/result.h"
#include "edge/http/requests.h"
#include "model/state.h"

namespace dropsmith::http {

void lay_pricing(const PricingBody& body, PricingTerms& terms);  // what the body says, over what was
std::vector<JsonError> missing_fields(const DropBody& body);  // of a new drop
Result<DropTerms, Refusal> drafted_terms(const State& state, const PublicIds& ids, const DropBody& body);
// A draft's lines become those given; of an announced drop lines are found by SKU, changed, added, or ended by "ended":
// true.
Result<EditDrop, Refusal> edit_of(const State& state, const PublicIds& ids, const Drop& drop, const DropBody& body);

}  // namespace dropsmith::http
