// The program's command line, by CLI11 behind a narrow door: its headers are templates that cost every file that reads
// them six seconds, so command_line.cpp alone does. Handles are cheap to copy and live as long as CommandLine does;
// what an option writes to must live until parse() and what follows it. Main thread. Covered by tests/http/commands.py.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace dropsmith::app {

class Option {
  public:
    explicit Option(CLI::Option* option) : option_(option) {}
    Option type_name(const char* name) const;
    Option required() const;
    Option range(int least, int most) const;
    Option shows_default() const;
    Option hidden() const;
    Option delimiter(char mark) const;
    Option needs(Option other) const;
    Option excludes(Option other) const;

  private:
    CLI::Option* option_;
};

class Verb {
  public:
    Verb(CLI::App* app, std::function<int()>* chosen) : app_(app), chosen_(chosen) {}
    // A command under this one; the example is shown by --help.
    Verb command(const std::string& name, const std::string& what, const std::string& example = "") const;
    // One of its commands must be given.
    Verb needs_command() const;
    // Exactly one of the options that this group gets must be given.
    Verb one_of(const char* name) const;
    template <typename T>  // those of command_line.cpp: text, whole numbers, lists of text
    Option add_option(const std::string& name, T& to, const std::string& what = "") const;
    Option add_flag(const std::string& name, bool& to, const std::string& what = "") const;
    // What the command does once all options are read; its result is the program's exit status.
    void runs(std::function<int()> what) const;

  private:
    CLI::App* app_;
    std::function<int()>* chosen_;
};

class CommandLine {
  public:
    CommandLine(const char* what, const char* name, const char* version);
    ~CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;
    Verb program();
    // Reads what was typed and runs it. The program's exit status: the command's; 0 after help, 2 after a message about
    // what was not understood.
    int run(int argc, char** argv);

  private:
    std::unique_ptr<CLI::App> app_;
    std::function<int()> chosen_;
};

}  // namespace dropsmith::app
