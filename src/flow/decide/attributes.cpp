// Covered by flow/decide/modes_test.cpp.
#include "flow/decide/attributes.h"

#include <algorithm>
#include <array>
#include <string>

namespace dropsmith::decide {
namespace {

using namespace std::string_view_literals;

// Of the goods, the place and the moment: the same for everybody who looks.
constexpr std::array allowed = {"stock_left"sv, "time_left"sv, "sales"sv,   "looks"sv,        "arrivals"sv,
                                "channel"sv,    "sku"sv,       "cluster"sv, "place"sv,        "weekday"sv,
                                "hour"sv,       "footfall"sv,  "history"sv, "announcement"sv, "weather"sv};
// Of a session or a buyer, but not protected.
constexpr std::array personal = {"browse_depth"sv,     "dwell"sv,   "cart"sv, "returning"sv, "orders_before"sv,
                                 "days_since_order"sv, "referrer"sv};
// Protected (charter of fundamental rights, art. 21), vulnerable, or known to stand in for these.
constexpr std::array forbidden = {
    "age"sv,       "sex"sv,           "gender"sv,       "pregnancy"sv,   "maternity"sv,   "marital_status"sv,
    "family"sv,    "children"sv,      "race"sv,         "ethnic"sv,      "ethnicity"sv,   "colour"sv,
    "color"sv,     "language"sv,      "accent"sv,       "religion"sv,    "belief"sv,      "politic"sv,
    "opinion"sv,   "union"sv,         "disability"sv,   "disabled"sv,    "health"sv,      "genetic"sv,
    "biometric"sv, "orientation"sv,   "sexual"sv,       "nationality"sv, "citizenship"sv, "migrant"sv,
    "birth"sv,     "origin"sv,        "income"sv,       "property"sv,    "wealth"sv,      "credit"sv,
    "battery"sv,   "name"sv,          "surname"sv,      "email"sv,       "postcode"sv,    "zip"sv,
    "address"sv,   "neighbourhood"sv, "neighborhood"sv, "device"sv,      "phone"sv,       "ip"sv};

bool has_word(std::string_view name, std::string_view word) {  // "buyer_age" has age, "page_views" has not
    for (std::size_t at = 0; at <= name.size();) {
        const auto end = std::min(name.find_first_of("_-. ", at), name.size());
        if (name.substr(at, end - at) == word) return true;
        at = end + 1;
    }
    return false;
}

}  // namespace

Attribute attribute(std::string_view given) {
    std::string name(given);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    for (const auto word : forbidden)
        if (has_word(name, word)) return Attribute::forbidden;
    if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) return Attribute::allowed;
    if (std::find(personal.begin(), personal.end(), name) != personal.end()) return Attribute::personal;
    return Attribute::unknown;
}

}  // namespace dropsmith::decide
