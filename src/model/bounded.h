// Facts whose size a request decides (lists of lines, reasons, notes). The journal takes no fact longer than
// limits::fact_bytes_max and ends the process when a rule hands it one; so a rule whose fact could grow with a request
// answers with bounded_facts, which refuses what does not fit. Pure; any thread. Covered by model/bounded_test.cpp.
#pragma once

#include <utility>

#include "base/cbor.h"
#include "base/limits.h"
#include "model/fact.h"

namespace dropsmith {

template <IsFact F>
bool fits_the_journal(const F& fact) {
    constexpr std::size_t header = 16;  // code and version
    Bytes bytes;
    encode_cbor(bytes, AnyRef{&type_of<F>(), &fact});
    return bytes.size() + header <= limits::fact_bytes_max;
}

template <IsFact... F>
Verdict bounded_facts(F... fact) {
    if (!(fits_the_journal(fact) && ...))
        return refuse(refusals::bad_value, "this is more than one document can hold (64 KiB): shorten or split it");
    return facts(std::move(fact)...);
}

}  // namespace dropsmith
