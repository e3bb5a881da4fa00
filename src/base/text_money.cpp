// The currencies of ISO 4217 (list of 2024-06, without funds, metals and test codes) and their minor units.
// Any thread. Covered by base/text_test.cpp.
#include "base/text.h"

#include <algorithm>
#include <array>

namespace dropsmith {

namespace {

// Sorted. Currencies that have no entry in the three special lists have two places.
constexpr auto all = std::to_array<std::string_view>({
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF",
    "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLF", "CLP", "CNY", "COP",
    "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL",
    "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK",
    "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD",
    "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN",
    "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON",
    "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC",
    "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYI", "UYU",
    "UYW", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWL",
});
constexpr auto no_places =
    std::to_array<std::string_view>({"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
                                     "VND", "VUV", "XAF", "XOF", "XPF"});
constexpr auto three_places = std::to_array<std::string_view>({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"});
constexpr auto four_places = std::to_array<std::string_view>({"CLF", "UYW"});
static_assert(std::ranges::is_sorted(all));

}  // namespace

int currency_places(std::string_view iso4217) {
    if (!std::ranges::binary_search(all, iso4217)) return -1;
    if (std::ranges::binary_search(no_places, iso4217)) return 0;
    if (std::ranges::binary_search(three_places, iso4217)) return 3;
    if (std::ranges::binary_search(four_places, iso4217)) return 4;
    return 2;
}

bool known_currency(std::string_view iso4217) { return currency_places(iso4217) >= 0; }

std::string format_money(Money amount, std::string_view currency) {
    const int places = currency_places(currency);
    std::string out = format_decimal(amount.n, places < 0 ? 0 : places);
    out += ' ';
    out.append(currency);
    return out;
}

}  // namespace dropsmith
