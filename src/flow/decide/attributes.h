// What a pricing policy may look at. A plan that names a protected attribute, or one that stands in for it, is refused
// when it is loaded; so is a word that is not known. Attributes of a person or session are allowed only where prices of
// one's own are lawful and disclosed (docs/concepts/pricing.md). Pure; any thread. Covered by
// flow/decide/modes_test.cpp.
#pragma once

#include <cstdint>
#include <string_view>

namespace dropsmith::decide {

enum class Attribute : std::uint8_t { allowed, personal, forbidden, unknown };

Attribute attribute(std::string_view name);

}  // namespace dropsmith::decide
