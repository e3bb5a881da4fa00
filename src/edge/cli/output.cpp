// Covered by tests/http/commands.py.
#include "edge/cli/output.h"

#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.h"

namespace dropsmith::cli {
namespace {

namespace bjson = boost::json;

bool is_money(const bjson::value& value) {
    const auto* object = value.if_object();
    return object && object->size() == 2 && object->contains("amount") && object->contains("currency");
}

std::string scalar(const bjson::value& value) {
    if (is_money(value)) {
        const auto& object = value.get_object();
        const auto* amount = object.at("amount").if_int64();
        const auto* currency = object.at("currency").if_string();
        if (amount && currency)
            return format_money(Money{*amount}, std::string_view(currency->data(), currency->size()));
    }
    if (const auto* text = value.if_string()) return {text->data(), text->size()};
    if (value.is_null()) return "-";
    if (value.is_double()) {  // six digits, and no exponent where people expect 72 or 0.6878
        std::array<char, 32> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value.get_double(),
                                       std::chars_format::general, 6);
        return {digits.data(), end.ptr};
    }
    return bjson::serialize(value);
}

bool is_scalar(const bjson::value& value) { return is_money(value) || (!value.is_object() && !value.is_array()); }

void lines(std::string& out, const bjson::value& value, std::size_t depth) {
    const std::string indent(depth * 2, ' ');
    if (const auto* object = value.if_object()) {
        for (const auto& [key, inner] : *object) {
            out.append(indent).append(key.data(), key.size()).append(":");
            if (is_scalar(inner)) {
                out.append(" ").append(scalar(inner)).append("\n");
            } else {
                out.append("\n");
                lines(out, inner, depth + 1);
            }
        }
    } else if (const auto* array = value.if_array()) {
        for (const auto& inner : *array) {
            if (is_scalar(inner)) {
                out.append(indent).append("- ").append(scalar(inner)).append("\n");
                continue;
            }
            std::string block;
            lines(block, inner, depth + 1);
            if (block.size() > depth * 2 + 1) block[depth * 2] = '-';
            out.append(block);
        }
    }
}

}  // namespace

std::string lines_for_people(std::string_view json) {
    bjson::error_code ec;
    const auto value = bjson::parse(bjson::string_view(json.data(), json.size()), ec);
    if (ec) return std::string(json) + "\n";
    std::string out;
    lines(out, value, 0);
    return out;
}

int print_answer(const Told& answer, bool json) {
    const bool fine = answer.status >= 200 && answer.status < 300;
    if (json) {
        std::printf("%s\n", answer.body.c_str());
    } else if (fine) {
        std::fputs(lines_for_people(answer.body).c_str(), stdout);
    }
    if (!fine) {
        bjson::error_code ec;
        const auto value = bjson::parse(answer.body, ec);
        const auto* object = ec ? nullptr : value.if_object();
        const auto* detail = object && object->contains("detail") ? object->at("detail").if_string() : nullptr;
        std::fprintf(stderr, "dropsmith: %s\n",
                     detail ? std::string(detail->data(), detail->size()).c_str() : "the shop refused");
    }
    return fine ? 0 : 1;
}

std::function<void(std::uint64_t)> progress(const char* what) {
    if (!::isatty(STDERR_FILENO)) return [](std::uint64_t) {};
    return [what](std::uint64_t n) { std::fprintf(stderr, "\r%llu %s", static_cast<unsigned long long>(n), what); };
}

void end_progress() {
    if (::isatty(STDERR_FILENO)) std::fputs("\r\033[K", stderr);
}

std::optional<std::int64_t> parse_span_seconds(std::string_view text) {
    if (text.size() < 2) return std::nullopt;
    std::int64_t unit = 0;
    switch (text.back()) {
        case 's':
            unit = 1;
            break;
        case 'm':
            unit = 60;
            break;
        case 'h':
            unit = 3'600;
            break;
        case 'd':
            unit = 86'400;
            break;
        default:
            return std::nullopt;
    }
    const auto n = parse_integer(text.substr(0, text.size() - 1));
    if (!n || *n < 1 || *n > 366 * 86'400) return std::nullopt;
    return try_mul(*n, unit);
}

}  // namespace dropsmith::cli
