// Field tables of personal.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/personal.h"

#include "base/describe.h"
#include "base/digest.h"

namespace dropsmith {

DROPSMITH_TYPES(OfferRule, OfferedLine, PersonalOfferMade, PersonalPrice, PersonalPriceGiven, PersonalOffer)

std::uint64_t disclosure_digest(std::string_view text) {
    return first_64(blake2b(text, "dropsmith disclosure")) >> 1 | 1;
}

}  // namespace dropsmith
