// See the header: one walk over the field table.
#include "tell.h"

#include <cstring>

namespace dropsmith::scenarios {
namespace {

std::int64_t integer_at(const void* object, std::size_t size, bool is_signed) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, object, size);  // little-endian, as everywhere that this runs
    if (is_signed && size < 8 && (bits >> (size * 8 - 1))) bits |= ~std::uint64_t{0} << (size * 8);
    return static_cast<std::int64_t>(bits);
}

std::string value(const Type& type, const void* object, Instant start);

std::string list(const Type& type, const void* object, Instant start) {
    std::string out;
    for (std::size_t i = 0; i < type.count(object); ++i)
        out += (i ? ", " : "") + value(*type.element, type.at(object, i), start);
    return out.empty() ? out : "[" + out + "]";
}

std::string record(const Type& type, const void* object, Instant start) {
    std::string out;
    for (const auto& field : type.fields) {
        if (field.name == "person" || field.name == "source_key")
            continue;  // random or a digest: no reader checks them
        const auto text = value(*field.type, static_cast<const char*>(object) + field.offset, start);
        if (text.empty()) continue;
        out += (out.empty() ? "" : " ") + std::string(field.name) + "=" + text;
    }
    return out;
}

std::string value(const Type& type, const void* object, Instant start) {
    switch (type.kind) {
        case Kind::boolean:
            return *static_cast<const bool*>(object) ? "yes" : "";
        case Kind::choice:
            return std::string(type.words[*static_cast<const std::uint8_t*>(object)]);
        case Kind::text:
            return *static_cast<const std::string*>(object);
        case Kind::instant: {
            const auto at = *static_cast<const Instant*>(object);
            return at == Instant{} ? "" : tell_span(at - start);
        }
        case Kind::duration: {
            const auto span = *static_cast<const Duration*>(object);
            return span == Duration{} ? "" : tell_span(span).substr(1);
        }
        case Kind::list:
            return list(type, object, start);
        case Kind::optional:
            return type.peek(object) ? value(*type.element, type.peek(object), start) : "";
        case Kind::record: {
            const auto inside = record(type, object, start);
            return inside.empty() ? "" : "(" + inside + ")";
        }
        case Kind::bytes:
        case Kind::real:
            return "?";
        default: {
            const auto n = integer_at(object, type.size, type.kind != Kind::natural && type.kind != Kind::id);
            return n == 0 ? "" : std::to_string(n);
        }
    }
}

}  // namespace

std::string tell_span(Duration span) {
    struct Unit {
        std::int64_t ms;
        const char* name;
    };
    for (const auto& unit : {Unit{86'400'000, "d"}, Unit{3'600'000, "h"}, Unit{60'000, "m"}, Unit{1'000, "s"}})
        if (span.n % unit.ms == 0)
            return (span.n < 0 ? "-" : "+") + std::to_string(std::abs(span.n) / unit.ms) + unit.name;
    return (span.n < 0 ? "-" : "+") + std::to_string(std::abs(span.n)) + "ms";
}

std::string tell(AnyRef ref, Instant start) {
    return std::string(ref.type->name) + " " + record(*ref.type, ref.object, start);
}

}  // namespace dropsmith::scenarios
