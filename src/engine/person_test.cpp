// Persons: one id per address however it is typed, found again after a restart, and nothing of it but in the vault.
#include "engine/person.h"

#include <gtest/gtest.h>

#include "engine/memory_journal.h"

namespace dropsmith::engine::person_test {
namespace {

const std::string key(32, 'v');

TEST(Person, AddressesAreNormalisedAndNothingCleverer) {
    EXPECT_EQ(normalised_email("  Ada@Example.ORG "), "ada@example.org");
    EXPECT_EQ(normalised_email("a.b+c@example.org"), "a.b+c@example.org");
    EXPECT_EQ(email_mac(key, "A@b.c"), email_mac(key, " a@B.C"));
    EXPECT_NE(email_mac(key, "a@b.c"), email_mac(std::string(32, 'w'), "a@b.c"));
}

TEST(Person, AStoredRowComesBack) {
    const auto mac = email_mac(key, "a@b.c");
    const auto row = encode_person(mac, {"A@b.c", "Ada", "1 Road\nTown"});
    const auto back = decode_person(row);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->mac, mac);
    EXPECT_EQ(back->data.email, "A@b.c");
    EXPECT_EQ(back->data.address, "1 Road\nTown");
    for (std::size_t n = 0; n < row.size(); ++n) EXPECT_FALSE(decode_person(ByteView(row).substr(0, n)));
}

TEST(Person, TheIndexIsLoadedFromTheVault) {
    MemoryJournal journal;
    PersonIndex index(key);
    const auto ada = index.find({"a@b.c", "", ""}, Random(1));
    EXPECT_FALSE(ada.known);
    EXPECT_TRUE(ada.id);
    EXPECT_LT(ada.id.n, 1ull << 63);
    EXPECT_FALSE(index.find({"a@b.c", "", ""}, Random(1)).known) << "not kept before add()";
    index.add(ada);
    EXPECT_EQ(index.find({"A@B.C", "", ""}, Random(2)).id, ada.id);
    const std::vector<VaultWrite> vault{{VaultWrite::Act::put, std::string(person_table), person_key(ada.id),
                                         encode_person(ada.mac, {"a@b.c", "Ada", ""})}};
    ASSERT_TRUE(journal.append({1, 1, "x"}, vault).ok());
    PersonIndex again(key);
    ASSERT_TRUE(again.load(journal).ok());
    const auto found = again.find({"a@b.c", "", ""}, Random(3));
    EXPECT_TRUE(found.known);
    EXPECT_EQ(found.id, ada.id);
    EXPECT_EQ((*read_person(journal, ada.id))->name, "Ada");
    EXPECT_FALSE((*read_person(journal, PersonId{5})).has_value());
}

}  // namespace
}  // namespace dropsmith::engine::person_test
