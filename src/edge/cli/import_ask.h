// A question to the shop and its answer as a tree. A busy shop (429, 503) is asked again for a while. One thread.
// Covered by edge/cli/import_send_test.cpp.
#pragma once

#include <string>

#include <boost/json/value.hpp>

#include "base/result.h"
#include "edge/cli/door.h"

namespace dropsmith::cli {

struct Answer {
    int status = 0;
    boost::json::value body;
    bool good() const { return status >= 200 && status < 300; }
    std::string text(std::string_view name) const;  // a member of the body; "" when there is none
    std::uint64_t number(std::string_view name) const;
    std::string problem() const;  // "sold_out: ...", for people
};

Result<Answer, std::string> ask(Door& door, Asked asked);
std::string text_of(const boost::json::value& object, std::string_view name);
std::string query_value(std::string_view text);  // percent-encoded

}  // namespace dropsmith::cli
