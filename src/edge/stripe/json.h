// Third parties' JSON: parsed whole, picked by path, nothing demanded of the rest. Any thread. Covered by
// edge/stripe/calls_test.cpp.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace dropsmith::stripe {

std::optional<boost::json::value> parse(std::string_view text);
const boost::json::value* at(const boost::json::value& from, std::initializer_list<std::string_view> path);
std::string text_at(const boost::json::value& from, std::initializer_list<std::string_view> path);  // "": none
std::optional<std::int64_t> number_at(const boost::json::value& from, std::initializer_list<std::string_view> path);

}  // namespace dropsmith::stripe
