// Every command of the program: its arguments, its worked example, what it does. `chosen` becomes the one that was
// asked for.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace dropsmith::app {

void add_commands(CLI::App& program, std::function<int()>& chosen);
void add_import(CLI::App& program, std::function<int()>& chosen);  // import_command.cpp
void add_person(CLI::App& program, std::function<int()>& chosen);  // person_command.cpp
void add_payments(CLI::App& program, std::function<int()>& chosen);  // payment_command.cpp
void add_draw(CLI::App& program, std::function<int()>& chosen);    // draw_command.cpp
void add_try(CLI::App& program, std::function<int()>& chosen);
// study_commands.cpp
void add_elasticity(CLI::App& program, std::function<int()>& chosen);
void add_lab_elasticity(CLI::App& lab, std::function<int()>& chosen);
void add_rehearse(CLI::App& program, std::function<int()>& chosen);
void add_replay(CLI::App& program, std::function<int()>& chosen);
void add_prove(CLI::App& program, std::function<int()>& chosen);  // prove_command.cpp
void add_price_audits(CLI::App& audit, std::function<int()>& chosen);  // audit_commands.cpp

}  // namespace dropsmith::app
