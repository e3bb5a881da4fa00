// `--name value` and `--flag` for the load tools, nothing more. Bad use ends the program with 2 and says which word.
// Used at start-up only.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace dropsmith::load {

class Options {
  public:
    /// `known` lists every option as "name" (takes a value) or "name!" (a flag), separated by spaces; `usage` is what
    /// --help prints.
    Options(int count, char** words, const std::string& known, const std::string& usage);
    bool flag(const std::string& name) const { return values_.contains(name); }
    std::string text(const std::string& name, const std::string& otherwise = "") const;
    std::uint64_t number(const std::string& name, std::uint64_t otherwise, std::uint64_t most) const;

  private:
    std::map<std::string, std::string> values_;
};

/// Ends the program with 2 and the message.
[[noreturn]] void refuse_use(const std::string& message);

}  // namespace dropsmith::load
