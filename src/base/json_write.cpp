// JSON out, by the field table and by hand. Any thread; appends, allocates nothing of its own.
// Covered by base/json_test.cpp, base/json_fuzz.cpp.
#include "base/json.h"

#include <charconv>
#include <cmath>
#include <cstring>

#include "base/check.h"
#include "base/json_frames.h"
#include "base/json_words.h"
#include "base/octets.h"
#include "base/public_id.h"
#include "base/text.h"

namespace dropsmith {

namespace {

using namespace octets;

template <class N>
void put(std::string& out, N n) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, n).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
}

void put_real(std::string& out, double value) {
    if (std::isfinite(value))
        put(out, value);
    else
        out += "null";
}

std::int64_t floor_seconds(std::int64_t ms) { return ms / 1000 - (ms % 1000 < 0 ? 1 : 0); }

void write(std::string& out, const Type& type, const char* object, const JsonContext& context, std::string_view field);

// A list of entries stands as an object (json_frames.h).
void write_entries(std::string& out, const Type& list, const char* object, const JsonContext& context) {
    const auto fields = list.element->fields;
    out += '{';
    for (std::size_t i = 0; i < list.count(object); ++i) {
        const auto* entry = static_cast<const char*>(list.at(object, i));
        if (i > 0) out += ',';
        write_json_string(out, *reinterpret_cast<const std::string*>(entry + fields[0].offset));
        out += ':';
        write(out, *fields[1].type, entry + fields[1].offset, context, fields[1].name);
    }
    out += '}';
}

void write(std::string& out, const Type& type, const char* object, const JsonContext& context, std::string_view field) {
    switch (type.kind) {
        case Kind::boolean:
            out += load<bool>(object) ? "true" : "false";
            return;
        case Kind::integer:
            put(out, load_signed(object, type.size));
            return;
        case Kind::natural:
            put(out, load_unsigned(object, type.size));
            return;
        case Kind::money:
            write_json_money(out, load<std::int64_t>(object), context.currency);
            return;
        case Kind::quantity:
            put(out, load<std::int64_t>(object));
            return;
        case Kind::rate:
            write_json_rate(out, load<std::int64_t>(object));
            return;
        case Kind::duration: {
            const auto ms = load<std::int64_t>(object);
            put(out, json_words::in_seconds(field) ? floor_seconds(ms) : ms);
            return;
        }
        case Kind::instant:
            write_json_instant(out, load<std::int64_t>(object));
            return;
        case Kind::id: {
            const auto n = load<std::uint64_t>(object);
            if (context.ids == nullptr) {
                put(out, n);
            } else if (n == 0) {
                out += "null";
            } else {
                out += '"';
                context.ids->show_to(out, type.name, n);
                out += '"';
            }
            return;
        }
        case Kind::text:
            write_json_string(out, *reinterpret_cast<const std::string*>(object));
            return;
        case Kind::bytes: {
            const auto& bytes = *reinterpret_cast<const std::vector<std::uint8_t>*>(object);
            out += '"';
            out += hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
            out += '"';
            return;
        }
        case Kind::choice: {
            const auto n = load<std::uint8_t>(object);
            CHECK(n < type.words.size());
            out += '"';
            out.append(type.words[n]);
            out += '"';
            return;
        }
        case Kind::list: {
            if (json_frames::is_entry(*type.element)) return write_entries(out, type, object, context);
            const std::size_t count = type.count(object);
            out += '[';
            const char* item = count == 0 ? nullptr : static_cast<const char*>(type.at(object, 0));
            for (std::size_t i = 0; i < count; ++i, item += type.element->size) {
                if (i > 0) out += ',';
                write(out, *type.element, item, context, field);
            }
            out += ']';
            return;
        }
        case Kind::optional: {
            const void* held = type.peek(object);
            if (held == nullptr)
                out += "null";
            else
                write(out, *type.element, static_cast<const char*>(held), context, field);
            return;
        }
        case Kind::record: {
            char before = '{';
            for (const Field& member : type.fields) {
                out += before;
                out += '"';
                out.append(member.name);
                out += "\":";
                write(out, *member.type, object + member.offset, context, member.name);
                before = ',';
            }
            if (before == '{') out += '{';
            out += '}';
            return;
        }
        case Kind::real:
            put_real(out, type.size == sizeof(float) ? static_cast<double>(load<float>(object)) : load<double>(object));
            return;
    }
    CHECK_BECAUSE(false, "a kind that the writer does not know");
}

}  // namespace

void write_json(std::string& out, AnyRef value, const JsonContext& context) {
    write(out, *value.type, static_cast<const char*>(value.object), context, {});
}

// Eight letters at a time: whether one of them is a control letter, a quote or a backslash (or no ASCII).
static bool needs_a_look(std::uint64_t letters) {
    constexpr std::uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    const auto zero = [](std::uint64_t word) { return (word - ones) & ~word & tops; };
    return (((letters - ones * 0x20) | letters) & tops) != 0 || zero(letters ^ ones * '"') ||
           zero(letters ^ ones * '\\');
}

static bool is_plain(std::string_view text) {
    std::uint64_t word = 0;
    for (; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
        std::memcpy(&word, text.data(), sizeof word);
        if (needs_a_look(word)) return false;
    }
    word = 0x2020202020202020u;
    std::memcpy(&word, text.data(), text.size());
    return !needs_a_look(word);
}

static void write_escaped(std::string& out, std::string_view text) {
    std::size_t plain = 0;  // start of the stretch that needs no escape
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') [[likely]]
            continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default: {
                constexpr std::string_view digits = "0123456789abcdef";
                out += "\\u00";
                out += digits[c >> 4];
                out += digits[c & 15];
            }
        }
    }
    out.append(text, plain, text.size() - plain);
}

void write_json_string(std::string& out, std::string_view text) {
    out += '"';
    if (is_plain(text))
        out.append(text);
    else
        write_escaped(out, text);
    out += '"';
}

void write_json_money(std::string& out, std::int64_t minor, std::string_view currency) {
    out += "{\"amount\":";
    put(out, minor);
    out += ",\"currency\":\"";
    out.append(currency);
    out += "\"}";
}

void write_json_instant(std::string& out, std::int64_t ms) {
    out += '"';
    append_rfc3339(out, Instant{ms});
    out += '"';
}

void write_json_rate(std::string& out, std::int64_t ppm) {
    std::string digits = format_decimal(ppm, 6);
    while (digits.ends_with('0')) digits.pop_back();
    if (digits.ends_with('.')) digits.pop_back();
    out += digits == "-0" ? "0" : digits;
}

void JsonWriter::comma() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (!first_) out_ += ',';
    first_ = false;
}

JsonWriter& JsonWriter::object() {
    comma();
    out_ += '{';
    open_.push_back('}');
    first_ = true;
    return *this;
}

JsonWriter& JsonWriter::array() {
    comma();
    out_ += '[';
    open_.push_back(']');
    first_ = true;
    return *this;
}

JsonWriter& JsonWriter::end() {
    CHECK_BECAUSE(!open_.empty() && !after_key_, "nothing is open, or a key waits for its value");
    out_ += open_.back();
    open_.pop_back();
    first_ = false;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    comma();
    write_json_string(out_, name);
    out_ += ':';
    after_key_ = true;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) { return comma(), write_json_string(out_, value), *this; }
JsonWriter& JsonWriter::integer(std::int64_t value) { return comma(), put(out_, value), *this; }
JsonWriter& JsonWriter::natural(std::uint64_t value) { return comma(), put(out_, value), *this; }
JsonWriter& JsonWriter::boolean(bool value) { return comma(), out_ += value ? "true" : "false", *this; }
JsonWriter& JsonWriter::null() { return comma(), out_ += "null", *this; }
JsonWriter& JsonWriter::real_text(std::string_view digits) { return comma(), out_.append(digits), *this; }
JsonWriter& JsonWriter::instant(std::int64_t ms) { return comma(), write_json_instant(out_, ms), *this; }
JsonWriter& JsonWriter::rate(std::int64_t ppm) { return comma(), write_json_rate(out_, ppm), *this; }
JsonWriter& JsonWriter::raw(std::string_view json) { return comma(), out_.append(json), *this; }
JsonWriter& JsonWriter::money(std::int64_t minor, std::string_view currency) {
    return comma(), write_json_money(out_, minor, currency), *this;
}
JsonWriter& JsonWriter::value(AnyRef value, const JsonContext& context) {
    return comma(), write_json(out_, value, context), *this;
}

}  // namespace dropsmith
