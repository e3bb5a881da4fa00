// Sizes and seeds of tests from the environment, so that the same test runs small in `./test` and large in tests/long.
// For tests only; any thread. Covered by the tests that use it.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace dropsmith {

inline std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* value = std::getenv(name);
    return value ? std::strtoull(value, nullptr, 10) : otherwise;
}

}  // namespace dropsmith
