// The words of a scenario: one line becomes one command. Names stand for ids: places by name, SKUs by code, drops by
// slug, holds and orders by their number. Grammar with examples: tests/scenarios/README.md. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/fact.h"
#include "model/state.h"

namespace dropsmith::scenarios {

struct Line {
    std::string verb;
    std::vector<std::string> words;  // in order, without key=value
    std::map<std::string, std::string> options;

    explicit Line(std::string_view text);
    std::string word(std::size_t i) const { return i < words.size() ? words[i] : std::string{}; }
    std::string option(const std::string& key, std::string otherwise = {}) const {
        const auto it = options.find(key);
        return it == options.end() ? otherwise : it->second;
    }
};

std::optional<Duration> parse_span(std::string_view text);  // 90s, 10m, 2h, 3d, 1500ms

// nullopt: there is no such verb, or one of its words means nothing.
std::optional<Command> command_of(const State& state, const Line& line, Instant start);

}  // namespace dropsmith::scenarios
