// Covered by edge/http/admission_test.cpp.
#include "edge/http/admission.h"

#include <array>

#include <sodium.h>

#include "base/cbor.h"
#include "base/describe.h"
#include "base/digest.h"
#include "base/text.h"

namespace dropsmith {
using http::PlaceInRoom;
DROPSMITH_TYPES(PlaceInRoom)
}  // namespace dropsmith

namespace dropsmith::http {
namespace {

constexpr std::size_t mac_size = 16, token_max = 256;

// A key for each kind of token: none can pass for another.
std::string mac_of(std::string_view prefix, std::string_view bytes, std::string_view mac_key) {
    const auto key = blake2b(prefix, mac_key);
    const auto digest = blake2b(bytes, {reinterpret_cast<const char*>(key.data()), key.size()});
    return {reinterpret_cast<const char*>(digest.data()), mac_size};
}

std::string seal(std::string_view prefix, AnyRef record, std::string_view mac_key) {
    Bytes bytes;
    encode_cbor(bytes, record);
    bytes += mac_of(prefix, bytes, mac_key);
    return std::string(prefix) + base32(bytes);
}

bool unseal(std::string_view prefix, std::string_view token, std::string_view mac_key, const Type& type, void* into) {
    if (!token.starts_with(prefix) || token.size() > token_max) return false;
    const auto text = token.substr(prefix.size());
    const auto bytes = parse_base32(text);
    if (!bytes || bytes->size() <= mac_size || base32(*bytes) != text) return false;
    ByteView body = std::string_view(*bytes).substr(0, bytes->size() - mac_size);
    const auto mac = std::string_view(*bytes).substr(body.size());
    if (!equal_in_constant_time(mac_of(prefix, body, mac_key), mac)) return false;
    return decode_cbor(body, type, into) && body.empty();
}

}  // namespace

std::string seal_admission(const Admission& admission, std::string_view mac_key) {
    return seal("adm_", {&type_of<Admission>(), &admission}, mac_key);
}
std::optional<Admission> unseal_admission(std::string_view token, std::string_view mac_key) {
    std::optional<Admission> out(std::in_place);
    if (!unseal("adm_", token, mac_key, type_of<Admission>(), &*out)) out.reset();
    return out;
}
std::string seal_place(const PlaceInRoom& place, std::string_view mac_key) {
    return seal("plr_", {&type_of<PlaceInRoom>(), &place}, mac_key);
}
std::optional<PlaceInRoom> unseal_place(std::string_view token, std::string_view mac_key) {
    std::optional<PlaceInRoom> out(std::in_place);
    if (!unseal("plr_", token, mac_key, type_of<PlaceInRoom>(), &*out)) out.reset();
    return out;
}

std::string pass_code(PassId pass, const PublicIds& ids) {
    return ids.show(pass) + "." + ids.secret(PassTag::prefix, pass.n);
}

PassId pass_of(std::string_view code, const PublicIds& ids) {
    const auto dot = code.find('.');
    const auto id = dot == std::string_view::npos ? std::nullopt : ids.read<PassTag>(code.substr(0, dot));
    if (id && ids.secret_matches(PassTag::prefix, id->n, code.substr(dot + 1))) return *id;
    return PassId{~std::uint64_t{0}};
}

std::string random_hex() {
    std::array<char, 32> octets;
    randombytes_buf(octets.data(), octets.size());
    return hex(std::string_view(octets.data(), octets.size()));
}

std::string new_session(std::string_view seed, std::string_view mac_key) {
    const auto text = seed.empty() ? random_hex() : std::string(seed);
    const auto digest = blake2b("session " + text, mac_key);
    return "ses_" + base32({reinterpret_cast<const char*>(digest.data()), 20});
}

}  // namespace dropsmith::http
