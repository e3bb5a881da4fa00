// See base/fuzz.h. Test code only. Covered by base/fuzz_test.cpp.
#include "base/fuzz.h"

#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "base/octets.h"

namespace dropsmith {

namespace {

using octets::store;

void store_low(char* to, std::size_t size, std::uint64_t n) {
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(to, &n, size);
}

std::int64_t integer(FuzzBytes& bytes) {
    constexpr std::array<std::int64_t, 8> edges{
        0, 1, -1, 23, 24, 256, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()};
    const std::uint64_t how = bytes.take(1);
    if (how < edges.size()) return edges[how];
    const std::uint64_t n = bytes.take(1 + how % 8);
    return static_cast<std::int64_t>(how % 3 == 0 ? 0 - n : n);
}

std::string any_text(FuzzBytes& bytes, bool json) {
    constexpr auto pieces = std::to_array<std::string_view>(
        {"a", "\"", "\\", "/", "\n", "\x01", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x93\xA6", " ", "{", "drop"});
    std::string out;
    for (std::uint64_t n = bytes.below(12); n > 0; --n) {
        const std::uint64_t which = bytes.take(1);
        if (which < pieces.size())
            out += pieces[which];
        else
            out += static_cast<char>(which % 128);
    }
    if (json)
        for (char& c : out)
            if (c == '\0') c = ' ';
    return out;
}

}  // namespace

std::uint64_t FuzzBytes::take(std::size_t width) {
    std::uint64_t n = 0;
    for (std::size_t i = 0; i < width && i < 8 && !bytes_.empty(); ++i) {
        n |= std::uint64_t{static_cast<unsigned char>(bytes_[0])} << (8 * i);
        bytes_.remove_prefix(1);
    }
    return n;
}

void fuzz_fill(FuzzBytes& bytes, const Type& type, void* object, FuzzOptions options) {
    auto* to = static_cast<char*>(object);
    switch (type.kind) {
        case Kind::boolean:
            store(to, bytes.take(1) % 2 == 1);
            return;
        case Kind::integer:
        case Kind::natural:
            store_low(to, type.size, static_cast<std::uint64_t>(integer(bytes)));
            return;
        case Kind::money:
        case Kind::quantity:
            store(to, integer(bytes));
            return;
        case Kind::rate:
            store(to, options.json ? static_cast<std::int64_t>(bytes.take(4) % 1'000'001) : integer(bytes));
            return;
        case Kind::duration:
            store(to, options.json ? static_cast<std::int64_t>(bytes.take(4)) * 1000 : integer(bytes));
            return;
        case Kind::instant:  // 1970 to 2527
            store(to,
                  options.json ? static_cast<std::int64_t>(bytes.take(8) % (std::uint64_t{1} << 44)) : integer(bytes));
            return;
        case Kind::id: {
            const auto n = static_cast<std::uint64_t>(integer(bytes));
            store(to, options.json && n == 0 ? 1 : n);
            return;
        }
        case Kind::text:
            *static_cast<std::string*>(object) = any_text(bytes, options.json);
            return;
        case Kind::bytes: {
            auto& out = *static_cast<std::vector<std::uint8_t>*>(object);
            out.resize(bytes.below(20));
            for (auto& byte : out) byte = static_cast<std::uint8_t>(bytes.take(1));
            return;
        }
        case Kind::choice:
            store(to, static_cast<std::uint8_t>(bytes.below(type.words.size())));
            return;
        case Kind::list:
            type.clear(object);
            for (std::uint64_t n = bytes.below(options.list_max + 1); n > 0; --n)
                fuzz_fill(bytes, *type.element, type.grow(object), options);
            return;
        case Kind::optional:
            if (bytes.take(1) % 3 == 0)
                type.clear(object);
            else
                fuzz_fill(bytes, *type.element, type.emplace(object), options);
            return;
        case Kind::record:
            for (const Field& field : type.fields) fuzz_fill(bytes, *field.type, to + field.offset, options);
            return;
        case Kind::real: {
            const auto whole = static_cast<double>(static_cast<std::int32_t>(bytes.take(4)));
            if (type.size == sizeof(float))
                store(to, static_cast<float>(whole / 64));
            else
                store(to, whole / 1024);
            return;
        }
    }
}

}  // namespace dropsmith
