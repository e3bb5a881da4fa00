// See options.h.
#include "options.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace dropsmith::load {

void refuse_use(const std::string& message) {
    std::fprintf(stderr, "%s (see --help)\n", message.c_str());
    std::exit(2);
}

Options::Options(int count, char** words, const std::string& known, const std::string& usage) {
    const std::string list = " " + known + " ";
    for (int i = 1; i < count; ++i) {
        const std::string word = words[i];
        if (word == "--help") {
            std::fputs(usage.c_str(), stdout);
            std::exit(0);
        }
        if (!word.starts_with("--")) refuse_use("unexpected word '" + word + "'");
        const std::string name = word.substr(2);
        if (list.find(" " + name + "! ") != std::string::npos) {
            values_[name] = "";
        } else if (list.find(" " + name + " ") != std::string::npos) {
            if (i + 1 >= count) refuse_use(word + " needs a value");
            values_[name] = words[++i];
        } else {
            refuse_use("unknown option " + word);
        }
    }
}

std::string Options::text(const std::string& name, const std::string& otherwise) const {
    const auto found = values_.find(name);
    return found == values_.end() ? otherwise : found->second;
}

std::uint64_t Options::number(const std::string& name, std::uint64_t otherwise, std::uint64_t most) const {
    const auto found = values_.find(name);
    if (found == values_.end()) return otherwise;
    std::uint64_t value = 0;
    const char* const end = found->second.data() + found->second.size();
    const auto [last, error] = std::from_chars(found->second.data(), end, value);
    if (error != std::errc{} || last != end || value > most) {
        refuse_use("--" + name + " takes a whole number up to " + std::to_string(most) + ", not '" + found->second +
                   "'");
    }
    return value;
}

}  // namespace dropsmith::load
