// dropsmith import transfers: the credits of a bank's statement, by a mapping file, sent to the shop that matches them
// with its orders. Debits are left out. A line is known by the bank's own id, else by its date, amount and text and how
// many the same stood before it in the file, so that two files that overlap by whole days count nothing twice. What a
// payer wrote goes to the shop to be searched and is kept nowhere. One thread. Covered by
// edge/cli/import_transfers_test.cpp with a door of its own, tests/payments/bank_transfer.py.
#pragma once

#include <string>
#include <vector>

#include "edge/cli/import.h"

namespace dropsmith::cli {

struct TransfersAsk {
    std::vector<std::string> files;
    std::string map;  // TOML
    bool dry_run = false, json = false;
};

Outcome run_transfers(const TransfersAsk& ask, const ImportDoors& doors);

}  // namespace dropsmith::cli
