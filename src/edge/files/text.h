// A whole small file (a plan, an instance) as text; plain or gzip, "-" is standard input. One thread.
#pragma once

#include <string>

#include "base/fault.h"
#include "base/result.h"

namespace dropsmith::files {

inline constexpr std::size_t text_file_max = 16 << 20;  // octets

Result<std::string, Fault> read_all(const std::string& path);

}  // namespace dropsmith::files
