// The program: reads settings, wires the concrete classes together, runs. The only place that names them all.
#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "app/serve.h"

int main(int argc, char** argv) {
    using namespace dropsmith;
    CLI::App program("Dropsmith: micro-drops on a durable log. Each command shows a worked example with --help.",
                     "dropsmith");
    program.require_subcommand(1);
    program.set_version_flag("--version", "dropsmith " DROPSMITH_VERSION);
    std::function<int()> chosen;
    app::add_commands(program, chosen);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = program.exit(error);
        return code == 0 ? 0 : 2;
    }
    return chosen ? chosen() : 2;
}
