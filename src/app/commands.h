// Every command of the program: its arguments, its worked example, what it does.
#pragma once

#include "app/command_line.h"

namespace dropsmith::app {

void add_commands(Verb program);
void add_import(Verb program);    // import_command.cpp
void add_person(Verb program);    // person_command.cpp
void add_payments(Verb program);  // payment_command.cpp
void add_draw(Verb program);      // draw_command.cpp
void add_templates(Verb program);  // template_command.cpp
void add_try(Verb program);
// study_commands.cpp
void add_elasticity(Verb program);
void add_lab_elasticity(Verb lab);
void add_rehearse(Verb program);
void add_replay(Verb program);
void add_prove(Verb program);       // prove_command.cpp
void add_backup(Verb program);      // backup_command.cpp
void add_prices(Verb program);      // price_commands.cpp
void add_price_audits(Verb audit);  // audit_commands.cpp

}  // namespace dropsmith::app
