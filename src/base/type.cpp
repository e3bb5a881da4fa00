// The tables of what is no record: every noun's table points at these, and the optimizer may leave none of them in a
// noun's own object file. Covered by base/type_test.cpp.
#include "base/type.h"

#include "base/describe.h"

DROPSMITH_TYPES(bool, int, unsigned, long, unsigned long, std::uint8_t, std::uint16_t, std::string,
                std::vector<std::uint8_t>)
namespace dropsmith {
DROPSMITH_TYPES(Money, Quantity, Rate, Duration, Instant)
}  // namespace dropsmith
