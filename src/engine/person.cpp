// The vault's form of a person: the MAC (32 octets), then e-mail, name and address as varint length and bytes.
// Covered by engine/person_test.cpp.
#include "engine/person.h"

#include <algorithm>

#include "base/text.h"

namespace dropsmith::engine {

namespace {

void put_text(Bytes& out, std::string_view text) {
    encode_varint(out, text.size());
    out += text;
}

bool take_text(ByteView& in, std::string& text) {
    std::uint64_t size = 0;
    if (!decode_varint(in, size) || size > in.size()) return false;
    text = in.substr(0, size);
    in.remove_prefix(size);
    return true;
}

}  // namespace

std::string normalised_email(std::string_view email) {
    std::string out(trim(email));
    for (auto& letter : out)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return out;
}

Digest256 email_mac(std::string_view vault_key, std::string_view email) {
    return blake2b(normalised_email(email), vault_key);
}

Bytes person_key(PersonId id) {
    Bytes key;
    for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(id.n >> shift & 0xFF));
    return key;
}

Bytes encode_person(const Digest256& mac, const PersonData& person) {
    Bytes out(reinterpret_cast<const char*>(mac.data()), mac.size());
    put_text(out, trim(person.email));
    put_text(out, person.name);
    put_text(out, person.address);
    return out;
}

std::optional<StoredPerson> decode_person(ByteView stored) {
    StoredPerson person;
    if (stored.size() < person.mac.size()) return std::nullopt;
    std::copy_n(stored.begin(), person.mac.size(), person.mac.begin());
    stored.remove_prefix(person.mac.size());
    auto& data = person.data;
    if (!take_text(stored, data.email) || !take_text(stored, data.name) || !take_text(stored, data.address) ||
        !stored.empty())
        return std::nullopt;
    return person;
}

Result<std::optional<PersonData>, Fault> read_person(const Journal& journal, PersonId id) {
    auto stored = journal.vault_get(person_table, person_key(id));
    if (!stored) return Failure{stored.error()};
    if (!*stored) return std::optional<PersonData>{};
    auto person = decode_person(**stored);
    if (!person) return fault(FaultKind::corrupt, "vault: a person's row cannot be read");
    return std::optional(std::move(person->data));
}

Status<Fault> PersonIndex::load(const Journal& journal) {
    ids_.clear();
    bool readable = true;
    auto visited = journal.vault_each(person_table, [&](ByteView key, ByteView value) {
        const auto person = decode_person(value);
        readable = person && key.size() == 8;
        if (!readable) return false;
        PersonId id;
        for (const char octet : key) id.n = id.n << 8 | static_cast<std::uint8_t>(octet);
        ids_[person->mac] = id;
        return true;
    });
    if (!visited) return visited;
    if (!readable) return fault(FaultKind::corrupt, "vault: a person's row cannot be read");
    return Nothing{};
}

PersonIndex::Found PersonIndex::find(const PersonData& person, Random random) const {
    Found found{{}, false, email_mac(vault_key_, person.email)};
    const auto it = ids_.find(found.mac);
    found.known = it != ids_.end();
    // 62 bits: fits a signed integer of SQL, never none
    found.id = found.known ? it->second : PersonId{(random.next() >> 2) + 1};
    return found;
}

bool PersonIndex::forget(PersonId id) {
    return std::erase_if(ids_, [&](const auto& known) { return known.second == id; }) > 0;
}

void PersonIndex::add(const Found& found) { ids_.emplace(found.mac, found.id); }

}  // namespace dropsmith::engine
