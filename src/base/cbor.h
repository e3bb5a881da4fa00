// Deterministic CBOR (RFC 8949 section 4.2) by the field table: a record is a definite array of its fields in order, no
// names. Optional: null when empty; choice: its value; id, money, quantity, rate, duration, instant: an integer of the
// shortest form. decode refuses anything that encode would not have written (so bytes <-> value is one to one). libcbor
// is its judge in the tests. A record read from an older version with fewer fields goes through the noun's upgrade, not
// through here. Any thread. Covered by base/cbor_test.cpp, base/cbor_fuzz.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/type.h"

namespace dropsmith {

using Bytes = std::string;  // raw octets
using ByteView = std::string_view;

void encode_cbor(Bytes& out, AnyRef value);
// Consumes one item from the front of `in`. false: not what encode would have written for this type.
bool decode_cbor(ByteView& in, const Type& type, void* object);

// The pieces, for headers of batches and for tables.
void encode_varint(Bytes& out, std::uint64_t n);  // LEB128, shortest form
bool decode_varint(ByteView& in, std::uint64_t& n);
void encode_cbor_natural(Bytes& out, std::uint64_t n);
void encode_cbor_text(Bytes& out, std::string_view text);

}  // namespace dropsmith
