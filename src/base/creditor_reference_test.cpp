// References and IBANs: published examples, and every single error and exchange is noticed.
#include "base/creditor_reference.h"

#include <utility>

#include <gtest/gtest.h>

namespace dropsmith::creditor_reference_test {
namespace {

TEST(CreditorReference, IbansOfTheStandard) {
    // Examples of the SWIFT IBAN registry.
    for (const auto* good : {"GB29NWBK60161331926819", "DE89370400440532013000", "NO9386011117947",
                             "MT84MALT011000012345MTLCAST001S"})
        EXPECT_TRUE(valid_iban(good)) << good;
    for (const auto* bad : {"GB29NWBK60161331926818", "GB29 NWBK 6016 1331 9268 19", "gb29NWBK60161331926819", "",
                            "29GBNWBK60161331926819"})
        EXPECT_FALSE(valid_iban(bad)) << bad;
}

TEST(CreditorReference, ThereAndBack) {
    for (const std::uint64_t number : {1ull, 1'001ull, 99'999'999ull, 100'000'000ull, 999'999'999'999ull}) {
        const auto reference = creditor_reference(number);
        const auto found = find_creditor_reference(reference);
        ASSERT_TRUE(found) << reference;
        EXPECT_EQ(found->number, number);
        EXPECT_EQ(found->reference, reference);
    }
    // The check digits by hand: 00001001 271500 mod 97 = 39, and 98 - 39 = 59.
    EXPECT_EQ(creditor_reference(1'001), "RF" + std::to_string(98 - 1'001'271'500ull % 97) + "00001001");
    EXPECT_EQ(grouped_by_four("RF5900001001"), "RF59 0000 1001");
}

TEST(CreditorReference, FoundInRunningText) {
    const auto reference = creditor_reference(1'234);
    const auto shown = grouped_by_four(reference);
    for (const auto& text : {"SEPA credit " + shown + " thank you", "order/" + reference + "/2026-11-22",
                             "rf" + reference.substr(2), reference + " 42", "RFID cards, " + shown + " 20261122",
                             "RF00 0000 0000 then " + reference}) {
        const auto found = find_creditor_reference(text);
        ASSERT_TRUE(found) << text;
        EXPECT_EQ(found->number, 1'234u) << text;
    }
    for (const std::string text : {"", "RF", "RF18", "invoice 1234", "RF00 0000 1234"})
        EXPECT_FALSE(find_creditor_reference(text)) << text;
}

TEST(CreditorReference, EverySlipIsNoticed) {
    for (std::uint64_t number = 1'000; number < 1'200; ++number) {
        const auto right = creditor_reference(number);
        for (std::size_t i = 2; i < right.size(); ++i) {
            for (char c = '0'; c <= '9'; ++c) {
                auto wrong = right;
                wrong[i] = c;
                if (wrong == right) continue;
                EXPECT_FALSE(find_creditor_reference(wrong)) << wrong;
            }
            auto exchanged = right;
            if (i + 1 < right.size()) std::swap(exchanged[i], exchanged[i + 1]);
            if (exchanged == right) continue;
            EXPECT_FALSE(find_creditor_reference(exchanged)) << exchanged;
        }
    }
}

}  // namespace
}  // namespace dropsmith::creditor_reference_test
