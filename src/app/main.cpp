// The program: reads settings, wires the concrete classes together, runs. The only place that names them all.
#include "app/command_line.h"
#include "app/commands.h"

int main(int argc, char** argv) {
    using namespace dropsmith;
    app::CommandLine line("Dropsmith: micro-drops on a durable log. Each command shows a worked example with --help.",
                          "dropsmith", "dropsmith " DROPSMITH_VERSION);
    app::add_commands(line.program());
    return line.run(argc, argv);
}
