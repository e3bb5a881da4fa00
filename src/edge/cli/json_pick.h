// One value out of a JSON answer by its RFC 6901 pointer, for clients of our own routes. Any thread.
// Covered by tests/http/commands.py.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dropsmith::cli {

std::string pick_text(std::string_view json, std::string_view pointer);  // "" when it is not there, or no text
std::optional<std::int64_t> pick_integer(std::string_view json, std::string_view pointer);

}  // namespace dropsmith::cli
