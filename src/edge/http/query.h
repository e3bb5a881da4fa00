// Query strings and percent-encoding, strictly: a parameter that the route does not know, or that stands twice, is
// refused by name. Any thread. Covered by edge/http/words_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dropsmith::http {

// nullopt: broken escapes, NUL, or not UTF-8. plus_is_space for query strings.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

class Query {
  public:
    // error: "" or what is wrong, naming the parameter.
    static Query parse(std::string_view raw, std::string& error);
    const std::string* find(std::string_view name) const;
    std::string get(std::string_view name) const;  // "" when absent
    const std::vector<std::pair<std::string, std::string>>& all() const { return pairs_; }

  private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace dropsmith::http
