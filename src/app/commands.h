// Every command of the program: its arguments, its worked example, what it does.
#pragma once

#include "app/command_line.h"

namespace dropsmith::app {

void add_commands(Command program);
void add_import(Command program);    // import_command.cpp
void add_person(Command program);    // person_command.cpp
void add_payments(Command program);  // payment_command.cpp
void add_draw(Command program);      // draw_command.cpp
void add_try(Command program);
// study_commands.cpp
void add_elasticity(Command program);
void add_lab_elasticity(Command lab);
void add_rehearse(Command program);
void add_replay(Command program);
void add_prove(Command program);       // prove_command.cpp
void add_backup(Command program);      // backup_command.cpp
void add_price_audits(Command audit);  // audit_commands.cpp

}  // namespace dropsmith::app
