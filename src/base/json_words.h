// What the reader of JSON says when it refuses: the right form of a value, and the pointer to it. Only base/json*.cpp
// include it. Any thread. Covered by base/json_test.cpp.
#pragma once

#include <string>
#include <string_view>

#include "base/type.h"

namespace dropsmith::json_words {

// Durations are whole seconds in fields named so, else milliseconds.
inline bool in_seconds(std::string_view field) { return field.ends_with("_s") || field.ends_with("_seconds"); }

// What would have been right: "must be " + this.
std::string expected(const Type& type, bool in_whole_seconds);

// A JSON number as a plain decimal: "2E-1" is "0.2" (that is how many programs print it). "" when it has no such form
// of a few dozen digits.
std::string without_exponent(std::string_view number);

// "/" and the token, escaped as in RFC 6901.
void append_token(std::string& pointer, std::string_view token);

}  // namespace dropsmith::json_words
