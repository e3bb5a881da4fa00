// Numbers that people copy to a bank, with check digits: the creditor reference of ISO 11649 ("RF" + two check digits +
// ours) that a buyer writes on a transfer, and the IBAN of ISO 13616. Both check by ISO 7064 mod 97-10, which notices
// every single wrong character and every exchange of two neighbours. Ours is a number of 8 digits or more, so that it
// is found in a statement's running text whatever stands around it. Pure; any thread. Covered by
// base/creditor_reference_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dropsmith {

std::string creditor_reference(std::uint64_t number);    // RF61000001001
std::string grouped_by_four(std::string_view reference);  // RF61 0000 0100 1, as it is printed for people
// The number of the first reference of ours in the text; letter case, spaces and dashes inside it do not matter.
struct FoundReference {
    std::string reference;
    std::uint64_t number = 0;
};
std::optional<FoundReference> find_creditor_reference(std::string_view text);
bool valid_iban(std::string_view iban);                  // letters and digits only, upper case

}  // namespace dropsmith
