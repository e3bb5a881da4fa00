// What commands print: the JSON as it came with --json, else the same in lines for people; problems on standard error
// with their remedy. One thread. Covered by tests/http/commands.py.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "edge/cli/door.h"

namespace dropsmith::cli {

int print_answer(const Told& answer, bool json);      // the exit code
std::string lines_for_people(std::string_view json);  // indented, names before values, no braces
// A counter on standard error when that is a terminal; a function that does nothing otherwise.
std::function<void(std::uint64_t)> progress(const char* what);
void end_progress();
std::optional<std::int64_t> parse_span_seconds(std::string_view text);  // 90m, 72h, 3d, 900s

}  // namespace dropsmith::cli
