// What every command of the program shares: the way to the shop's routes, the options that most of them have, how
// trouble is told. Included by src/app/*commands.cpp only. Covered by tests/http/commands.py.
#pragma once

#include <string>

#include "app/command_line.h"
#include "app/door.h"
#include "app/shop.h"
#include "base/fault.h"
#include "edge/cli/output.h"

namespace dropsmith::app {

struct Common {
    std::string data;
    bool json = false;
};

void common(Verb sub, Common& to, bool data_required = true);
int fail(const Fault& trouble);
ShopSettings existing(const std::string& data);
// Asks one route and prints its answer; a problem goes to standard error with what to do.
int ask_and_print(const ShopSettings& settings, bool json, cli::Asked asked);

}  // namespace dropsmith::app
