// See the header. Covered by edge/stripe/calls_test.cpp.
#include "edge/stripe/json.h"

#include <boost/json/parse.hpp>

namespace dropsmith::stripe {

std::optional<boost::json::value> parse(std::string_view text) {
    boost::json::error_code ec;
    auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), ec);
    if (ec) return std::nullopt;
    return value;
}

const boost::json::value* at(const boost::json::value& from, std::initializer_list<std::string_view> path) {
    const auto* value = &from;
    for (const auto name : path) {
        const auto* object = value->if_object();
        value = object ? object->if_contains(boost::json::string_view(name.data(), name.size())) : nullptr;
        if (!value) return nullptr;
    }
    return value;
}

std::string text_at(const boost::json::value& from, std::initializer_list<std::string_view> path) {
    const auto* value = at(from, path);
    const auto* text = value ? value->if_string() : nullptr;
    return text ? std::string(text->data(), text->size()) : std::string{};
}

std::optional<std::int64_t> number_at(const boost::json::value& from, std::initializer_list<std::string_view> path) {
    const auto* value = at(from, path);
    const auto* number = value ? value->if_int64() : nullptr;
    return number ? std::optional(*number) : std::nullopt;
}

}  // namespace dropsmith::stripe
