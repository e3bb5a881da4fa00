// The state as bytes: every slice in its fixed order, maps in key order, sets sorted. One walk serves writing,
// reading and the state hash, so what is not in the snapshot cannot be in the hash. Derived indexes are rebuilt on
// reading. Pure; the thread that owns the state. Covered by engine/slices_test.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/cbor.h"
#include "base/digest.h"
#include "model/state.h"

namespace dropsmith::engine {

inline constexpr std::string_view slices_schema = "10";  // changes with every change of a slice

void write_slices(Bytes& out, const State& state);
bool read_slices(ByteView in, State& state);            // into a fresh State; false: not what write_slices wrote
Digest256 state_hash(const State& state);

}  // namespace dropsmith::engine
