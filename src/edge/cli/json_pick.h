// One value out of a JSON answer by its RFC 6901 pointer, for clients of our own routes. Any thread.
// Covered by tests/http/commands.py.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace dropsmith::cli {

std::string pick_text(std::string_view json, std::string_view pointer);  // "" when it is not there, or no text
std::optional<std::int64_t> pick_integer(std::string_view json, std::string_view pointer);

// The member of an object; nullptr when it has none, or is no object.
const boost::json::value* member(const boost::json::value& object, std::string_view name);

}  // namespace dropsmith::cli
