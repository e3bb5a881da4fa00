// Covered by tests/http/commands.py.
#include "edge/cli/json_pick.h"

#include <boost/json/parse.hpp>

namespace dropsmith::cli {
namespace {

namespace bjson = boost::json;

template <class Take>
auto picked(std::string_view json, std::string_view pointer, Take take) {
    bjson::error_code ec;
    const auto document = bjson::parse(bjson::string_view(json.data(), json.size()), ec);
    const bjson::value* found = nullptr;
    if (!ec) found = document.find_pointer(bjson::string_view(pointer.data(), pointer.size()), ec);
    return take(found);
}

}  // namespace

const bjson::value* member(const bjson::value& object, std::string_view name) {
    const auto* members = object.if_object();
    return members != nullptr ? members->if_contains(bjson::string_view(name.data(), name.size())) : nullptr;
}

std::string pick_text(std::string_view json, std::string_view pointer) {
    return picked(json, pointer, [](const bjson::value* found) {
        const auto* text = found ? found->if_string() : nullptr;
        return text ? std::string(text->data(), text->size()) : std::string{};
    });
}

std::optional<std::int64_t> pick_integer(std::string_view json, std::string_view pointer) {
    return picked(json, pointer, [](const bjson::value* found) -> std::optional<std::int64_t> {
        const auto* n = found ? found->if_int64() : nullptr;
        return n ? std::optional(*n) : std::nullopt;
    });
}

}  // namespace dropsmith::cli
