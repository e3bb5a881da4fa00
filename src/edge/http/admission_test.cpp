// What the waiting room hands out cannot be made, bent or passed for something else.
#include "edge/http/admission.h"

#include <gtest/gtest.h>

namespace dropsmith::http::admission_test {
namespace {

const std::string key(32, 'k'), other_key(32, 'o');
const Admission admission{DropId{3}, 77, 12, Instant{1'000'000}};

TEST(AdmissionTest, ComesBackAsItWasAndAlwaysTheSameText) {
    const auto token = seal_admission(admission, key);
    const auto back = unseal_admission(token, key);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->drop, admission.drop);
    EXPECT_EQ(back->session, admission.session);
    EXPECT_EQ(back->number, admission.number);
    EXPECT_EQ(back->expires_at, admission.expires_at);
    EXPECT_EQ(seal_admission(admission, key), token);
    const auto place = unseal_place(seal_place({DropId{3}, 12, 77}, key), key);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->number, 12u);
}

TEST(AdmissionTest, EveryOtherLetterAnywhereIsRefused) {
    const auto token = seal_admission(admission, key);
    EXPECT_FALSE(unseal_admission(token, other_key));
    for (std::size_t i = 0; i < token.size(); ++i)
        for (const char letter : std::string("0123456789abcdefghjkmnpqrstvwxyzOIL-. ")) {
            auto bent = token;
            bent[i] = letter;
            EXPECT_EQ(unseal_admission(bent, key).has_value(), bent == token) << i << letter;
        }
    for (std::size_t n = 0; n < token.size(); ++n) EXPECT_FALSE(unseal_admission(token.substr(0, n), key));
    EXPECT_FALSE(unseal_admission(token + "0", key));
    EXPECT_FALSE(unseal_admission(std::string(300, 'a'), key));
}

TEST(AdmissionTest, OneKindDoesNotPassForAnother) {
    const auto place = seal_place({DropId{3}, 12, 77}, key), turn = seal_admission(admission, key);
    EXPECT_FALSE(unseal_admission("adm_" + place.substr(4), key));
    EXPECT_FALSE(unseal_place("plr_" + turn.substr(4), key));
    EXPECT_FALSE(unseal_admission(place, key));
}

TEST(AdmissionTest, PassCodesAreSignedAndWhatIsNotOursIsNobodys) {
    const PublicIds ids(key), others(other_key);
    const auto code = pass_code(PassId{7}, ids);
    EXPECT_EQ(pass_of(code, ids), PassId{7});
    const PassId nobody{~std::uint64_t{0}};
    EXPECT_EQ(pass_of(code, others), nobody);
    EXPECT_EQ(pass_of(pass_code(PassId{8}, ids).substr(0, code.find('.')) + code.substr(code.find('.')), ids), nobody);
    for (const char* text : {"", ".", "pass_", "pass_0000000000000.", "x.y"}) EXPECT_EQ(pass_of(text, ids), nobody);
}

TEST(AdmissionTest, SessionsThatTheShopMakesRepeatOnlyForTheSameSeed) {
    EXPECT_EQ(new_session("a", key), new_session("a", key));
    EXPECT_NE(new_session("a", key), new_session("b", key));
    EXPECT_NE(new_session("", key), new_session("", key));
    EXPECT_EQ(random_hex().size(), 64u);
}

}  // namespace
}  // namespace dropsmith::http::admission_test
