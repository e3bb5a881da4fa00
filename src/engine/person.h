// Persons in the vault: what is stored under a PersonId, and the keyed MAC by which an e-mail address finds it.
// Personal data never enters a fact. Pure; any thread; PersonIndex: the core's thread. Covered by
// engine/person_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/digest.h"
#include "base/random.h"
#include "engine/journal.h"
#include "model/ids.h"

namespace dropsmith::engine {

// goes to the vault; the facts get a random PersonId, found by keyed MAC of the e-mail
struct PersonData {
    std::string email;
    std::string name;
    std::string address;           // free text
};

inline constexpr std::string_view person_table = "person";

std::string normalised_email(std::string_view email);      // trimmed, ASCII letters in lower case; nothing cleverer
Digest256 email_mac(std::string_view vault_key, std::string_view email);

Bytes person_key(PersonId id);
Bytes encode_person(const Digest256& mac, const PersonData& person);
struct StoredPerson {
    Digest256 mac{};
    PersonData data;
};
std::optional<StoredPerson> decode_person(ByteView stored);
// The person behind an id, for staff and letters; nullopt when erased or never there.
Result<std::optional<PersonData>, Fault> read_person(const Journal& journal, PersonId id);

// MAC -> id, loaded from the vault at start. Ids are random, so that they say nothing of the order of arrival.
class PersonIndex {
public:
    explicit PersonIndex(std::string vault_key) : vault_key_(std::move(vault_key)) {}
    Status<Fault> load(const Journal& journal);

    struct Found {
        PersonId id;
        bool known = false;
        Digest256 mac{};
    };
    // a new person gets an id, which is not kept until add()
    Found find(const PersonData& person, Random random) const;
    void add(const Found& found);
    bool forget(PersonId id);  // false: not there

private:
    struct Hash {
        std::size_t operator()(const Digest256& mac) const noexcept { return static_cast<std::size_t>(first_64(mac)); }
    };
    std::string vault_key_;
    std::unordered_map<Digest256, PersonId, Hash> ids_;
};

}  // namespace dropsmith::engine
