// Deterministic CBOR over the field table. Hot in replay (a fact in well under half a microsecond): no allocation
// beyond the target, heads are read and written inline, lists are walked as the arrays that they are. Any thread.
// Covered by base/cbor_test.cpp, base/cbor_fuzz.cpp.
#include "base/cbor.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "base/check.h"
#include "base/octets.h"
#include "base/text.h"

namespace dropsmith {

namespace {

using namespace octets;

enum Major : std::uint8_t { natural = 0, negative = 1, raw = 2, text = 3, array = 4 };
constexpr char no = '\xF4', yes = '\xF5', null = '\xF6', float64 = '\xFB';

// Writes into the string's own room, which is cut to what was written at the end: a check for room an item, not for
// each octet.
class Writer {
public:
    explicit Writer(Bytes& out) : out_(out), begin_(out.size()) { grow(head_max); }
    ~Writer() { out_.resize(static_cast<std::size_t>(at_ - out_.data())); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    void octet(char c) {
        room(1);
        *at_++ = c;
    }
    void head(Major major, std::uint64_t n) {
        room(head_max);
        const auto first = static_cast<std::uint8_t>(major << 5);
        if (n < 24) {
            *at_++ = static_cast<char>(first | n);
            return;
        }
        const unsigned width = n <= 0xFF ? 0 : n <= 0xFFFF ? 1 : n <= 0xFFFF'FFFF ? 2 : 3;  // 1, 2, 4, 8 bytes follow
        *at_++ = static_cast<char>(first | (24 + width));
        big_endian(n << (64 - (8u << width)));
        at_ += std::size_t{1} << width;
    }
    void integer(std::int64_t n) {
        n >= 0 ? head(natural, static_cast<std::uint64_t>(n)) : head(negative, ~static_cast<std::uint64_t>(n));
    }
    void bytes(const void* from, std::size_t n) {
        if (n == 0) return;
        room(n);
        std::memcpy(at_, from, n);
        at_ += n;
    }
    void bits(std::uint64_t n) {
        room(8);
        big_endian(n);
        at_ += 8;
    }

private:
    static constexpr std::size_t usual_room = 192, head_max = 9;

    void room(std::size_t n) {
        if (static_cast<std::size_t>(end_ - at_) < n) [[unlikely]] grow(n);
    }
    void grow(std::size_t n) {
        const auto written = at_ ? static_cast<std::size_t>(at_ - out_.data()) : begin_;
        const auto wanted = written + n + (at_ ? written - begin_ : 0);
        out_.resize(std::max(wanted, std::min(out_.capacity(), written + usual_room)));
        at_ = out_.data() + written, end_ = out_.data() + out_.size();
    }
    void big_endian(std::uint64_t n) {  // there is room for eight
        static_assert(std::endian::native == std::endian::little);
        n = __builtin_bswap64(n);
        std::memcpy(at_, &n, sizeof n);
    }

    Bytes& out_;
    const std::size_t begin_;
    char* at_ = nullptr;
    char* end_ = nullptr;
};

// A head of the given major in its shortest form.
inline bool take_head(ByteView& in, Major major, std::uint64_t& n) {
    if (in.empty()) return false;
    const auto first = static_cast<std::uint8_t>(in[0]);
    if (first >> 5 != major) return false;
    const unsigned low = first & 31;
    if (low < 24) {
        n = low;
        in.remove_prefix(1);
        return true;
    }
    if (low > 27) return false;
    const std::size_t bytes = std::size_t{1} << (low - 24);
    if (in.size() < 1 + bytes) return false;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<std::uint8_t>(in[1 + i]);
    const std::uint64_t least = bytes == 1 ? 24 : std::uint64_t{1} << (4 * bytes);  // 24, 2^8, 2^16, 2^32
    if (value < least) return false;
    n = value;
    in.remove_prefix(1 + bytes);
    return true;
}

inline bool take_integer(ByteView& in, std::int64_t& n) {
    if (in.empty()) return false;
    const bool below = static_cast<std::uint8_t>(in[0]) >> 5 == negative;
    std::uint64_t magnitude;
    if (!take_head(in, below ? negative : natural, magnitude)) return false;
    if (magnitude > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return false;
    n = below ? static_cast<std::int64_t>(~magnitude) : static_cast<std::int64_t>(magnitude);
    return true;
}

bool take_bytes(ByteView& in, Major major, ByteView& bytes) {
    std::uint64_t size;
    if (!take_head(in, major, size) || size > in.size()) return false;
    bytes = in.substr(0, size);
    in.remove_prefix(size);
    return true;
}

bool is_eight_octets(Kind kind) {
    return kind == Kind::money || kind == Kind::quantity || kind == Kind::rate || kind == Kind::duration ||
           kind == Kind::instant;
}

void encode(Writer& out, const Type& type, const char* object) {
    switch (type.kind) {
        case Kind::boolean:
            out.octet(load<bool>(object) ? yes : no);
            return;
        case Kind::integer:
            out.integer(load_signed(object, type.size));
            return;
        case Kind::natural:
        case Kind::choice:
            out.head(natural, load_unsigned(object, type.size));
            return;
        case Kind::money:
        case Kind::quantity:
        case Kind::rate:
        case Kind::duration:
        case Kind::instant:
            out.integer(load<std::int64_t>(object));
            return;
        case Kind::id:
            out.head(natural, load<std::uint64_t>(object));
            return;
        case Kind::text: {
            const auto& held = *reinterpret_cast<const std::string*>(object);
            out.head(text, held.size());
            out.bytes(held.data(), held.size());
            return;
        }
        case Kind::bytes: {
            const auto& held = *reinterpret_cast<const std::vector<std::uint8_t>*>(object);
            out.head(raw, held.size());
            out.bytes(held.data(), held.size());
            return;
        }
        case Kind::list: {
            const std::size_t count = type.count(object);
            out.head(array, count);
            if (count == 0) return;
            const Type& element = *type.element;
            const auto* item = static_cast<const char*>(type.at(object, 0));
            for (std::size_t i = 0; i < count; ++i, item += element.size) encode(out, element, item);
            return;
        }
        case Kind::optional: {
            const void* held = type.peek(object);
            if (held == nullptr)
                out.octet(null);
            else
                encode(out, *type.element, static_cast<const char*>(held));
            return;
        }
        case Kind::record:
            out.head(array, type.fields.size());
            for (const Field& field : type.fields) {
                const Type& its = *field.type;
                if (its.kind == Kind::id)  // most fields of most facts: here, without another call
                    out.head(natural, load<std::uint64_t>(object + field.offset));
                else if (is_eight_octets(its.kind))
                    out.integer(load<std::int64_t>(object + field.offset));
                else
                    encode(out, its, object + field.offset);
            }
            return;
        case Kind::real: {
            out.octet(float64);
            out.bits(load<std::uint64_t>(object));
            return;
        }
    }
    CHECK_BECAUSE(false, "a kind that the codec does not know");
}

bool decode(ByteView& in, const Type& type, char* object) {
    switch (type.kind) {
        case Kind::boolean:
            if (in.empty() || (in[0] != yes && in[0] != no)) return false;
            store(object, in[0] == yes);
            in.remove_prefix(1);
            return true;
        case Kind::integer: {
            std::int64_t n;
            return take_integer(in, n) && store_signed(object, type.size, n);
        }
        case Kind::natural: {
            std::uint64_t n;
            return take_head(in, natural, n) && store_unsigned(object, type.size, n);
        }
        case Kind::choice: {
            std::uint64_t n;
            return take_head(in, natural, n) && n < type.words.size() && store(object, static_cast<std::uint8_t>(n));
        }
        case Kind::money:
        case Kind::quantity:
        case Kind::rate:
        case Kind::duration:
        case Kind::instant: {
            std::int64_t n;
            return take_integer(in, n) && store(object, n);
        }
        case Kind::id: {
            std::uint64_t n;
            return take_head(in, natural, n) && store(object, n);
        }
        case Kind::text: {
            ByteView bytes;
            if (!take_bytes(in, text, bytes) || !valid_utf8(bytes)) return false;
            reinterpret_cast<std::string*>(object)->assign(bytes);
            return true;
        }
        case Kind::bytes: {
            ByteView bytes;
            if (!take_bytes(in, raw, bytes)) return false;
            reinterpret_cast<std::vector<std::uint8_t>*>(object)->assign(bytes.begin(), bytes.end());
            return true;
        }
        case Kind::list: {
            std::uint64_t count;
            if (!take_head(in, array, count) || count > in.size()) return false;  // every item takes a byte at least
            const Type& element = *type.element;
            auto* item = static_cast<char*>(type.resize(object, count));
            for (std::uint64_t i = 0; i < count; ++i, item += element.size)
                if (!decode(in, element, item)) return false;
            return true;
        }
        case Kind::optional:
            if (in.starts_with(null)) {
                in.remove_prefix(1);
                type.clear(object);
                return true;
            }
            return decode(in, *type.element, static_cast<char*>(type.emplace(object)));
        case Kind::record: {
            std::uint64_t count;
            if (!take_head(in, array, count) || count != type.fields.size()) return false;
            for (const Field& field : type.fields)
                if (!decode(in, *field.type, object + field.offset)) return false;
            return true;
        }
        case Kind::real: {
            if (in.size() < 9 || in[0] != float64) return false;
            std::uint64_t bits = 0;
            for (std::size_t i = 1; i < 9; ++i) bits = bits << 8 | static_cast<std::uint8_t>(in[i]);
            in.remove_prefix(9);
            return store(object, bits);
        }
    }
    return false;
}

}  // namespace

void encode_cbor(Bytes& out, AnyRef value) {
    Writer writer(out);
    encode(writer, *value.type, static_cast<const char*>(value.object));
}

bool decode_cbor(ByteView& in, const Type& type, void* object) { return decode(in, type, static_cast<char*>(object)); }

void encode_varint(Bytes& out, std::uint64_t n) {
    for (; n >= 0x80; n >>= 7) out += static_cast<char>(n | 0x80);
    out += static_cast<char>(n);
}

bool decode_varint(ByteView& in, std::uint64_t& n) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < in.size() && i < 10; ++i) {
        const auto byte = static_cast<std::uint8_t>(in[i]);
        if (i == 9 && byte > 1) return false;  // beyond 64 bits
        value |= std::uint64_t{byte & 0x7Fu} << (7 * i);
        if (byte & 0x80) continue;
        if (byte == 0 && i > 0) return false;  // not the shortest form
        n = value;
        in.remove_prefix(i + 1);
        return true;
    }
    return false;
}

void encode_cbor_natural(Bytes& out, std::uint64_t n) { Writer(out).head(natural, n); }

void encode_cbor_text(Bytes& out, std::string_view bytes) {
    Writer(out).head(text, bytes.size());
    out.append(bytes);
}

}  // namespace dropsmith
