// Covered by tests/http/commands.py.
#include "app/command_line.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

namespace dropsmith::app {

Option Option::type_name(const char* name) const { return option_->type_name(name), *this; }
Option Option::required() const { return option_->required(), *this; }
Option Option::range(int least, int most) const { return option_->check(CLI::Range(least, most)), *this; }
Option Option::shows_default() const { return option_->capture_default_str(), *this; }
Option Option::hidden() const { return option_->group(""), *this; }
Option Option::delimiter(char mark) const { return option_->delimiter(mark), *this; }
Option Option::needs(Option other) const { return option_->needs(other.option_), *this; }
Option Option::excludes(Option other) const { return option_->excludes(other.option_), *this; }

Verb Verb::command(const std::string& name, const std::string& what, const std::string& example) const {
    auto* sub = app_->add_subcommand(name, what);
    if (!example.empty()) sub->footer("Example:\n  " + example);
    return {sub, chosen_};
}
Verb Verb::needs_command() const { return app_->require_subcommand(1), *this; }
Verb Verb::one_of(const char* name) const {
    auto* group = app_->add_option_group(name);
    group->require_option(1);
    return {group, chosen_};
}
template <typename T>
Option Verb::add_option(const std::string& name, T& to, const std::string& what) const {
    return Option(app_->add_option(name, to, what));
}
template Option Verb::add_option(const std::string&, std::string&, const std::string&) const;
template Option Verb::add_option(const std::string&, std::vector<std::string>&, const std::string&) const;
template Option Verb::add_option(const std::string&, int&, const std::string&) const;
template Option Verb::add_option(const std::string&, unsigned&, const std::string&) const;
template Option Verb::add_option(const std::string&, std::int64_t&, const std::string&) const;
template Option Verb::add_option(const std::string&, std::uint64_t&, const std::string&) const;
template Option Verb::add_option(const std::string&, std::optional<std::int64_t>&, const std::string&) const;

Option Verb::add_flag(const std::string& name, bool& to, const std::string& what) const {
    return Option(app_->add_flag(name, to, what));
}
void Verb::runs(std::function<int()> what) const {
    app_->callback([chosen = chosen_, what = std::move(what)] { *chosen = what; });
}

CommandLine::CommandLine(const char* what, const char* name, const char* version)
    : app_(std::make_unique<CLI::App>(what, name)) {
    app_->require_subcommand(1);
    app_->set_version_flag("--version", version);
}
CommandLine::~CommandLine() = default;
Verb CommandLine::program() { return {app_.get(), &chosen_}; }

int CommandLine::run(int argc, char** argv) {
    try {
        app_->parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app_->exit(error) == 0 ? 0 : 2;
    }
    return chosen_ ? chosen_() : 2;
}

}  // namespace dropsmith::app
