// See import_ask.h. Covered by edge/cli/import_send_test.cpp.
#include "edge/cli/import_ask.h"

#include <chrono>
#include <thread>

#include <boost/json/parse.hpp>

#include "base/text.h"

namespace dropsmith::cli {

std::string text_of(const boost::json::value& object, std::string_view name) {
    const auto* members = object.if_object();
    const auto* member =
        members != nullptr ? members->if_contains(boost::json::string_view(name.data(), name.size())) : nullptr;
    const auto* text = member != nullptr ? member->if_string() : nullptr;
    return text != nullptr ? std::string(text->data(), text->size()) : std::string();
}

std::string Answer::text(std::string_view name) const { return text_of(body, name); }

std::uint64_t Answer::number(std::string_view name) const {
    const auto* members = body.if_object();
    const auto* member =
        members != nullptr ? members->if_contains(boost::json::string_view(name.data(), name.size())) : nullptr;
    const auto* number = member != nullptr ? member->if_int64() : nullptr;
    return number != nullptr && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

std::string Answer::problem() const {
    std::string out = text("detail");
    if (out.empty()) out = "the shop answered " + std::to_string(status);
    if (const auto* members = body.if_object())
        if (const auto* errors = members->if_contains("errors"))
            if (const auto* list = errors->if_array())
                for (const auto& error : *list)
                    out += "; " + text_of(error, "pointer") + " " + text_of(error, "detail");
    return out;
}

Result<Answer, std::string> ask(Door& door, Asked asked) {
    constexpr int attempts_max = 50;
    for (int attempt = 1;; ++attempt) {
        auto told = door.ask(asked);
        if (!told) return Failure{told.error().what};
        if ((told->status == 429 || told->status == 503) && attempt < attempts_max) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            continue;
        }
        Answer answer{told->status, {}};
        boost::json::error_code ec;
        answer.body = boost::json::parse(told->body, ec);
        if (ec && answer.good()) return Failure{std::string("the shop's answer is not JSON: ") + ec.message()};
        return answer;
    }
}

std::string query_value(std::string_view text) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos)
            out += c;
        else
            out += "%" + hex(std::string_view(&c, 1));
    }
    return out;
}

}  // namespace dropsmith::cli
