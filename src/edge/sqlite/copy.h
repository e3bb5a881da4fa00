// A copy of a database that others go on writing: one moment of it, whole, synced before it is called one. Any thread,
// through connections of its own; writers do not wait. Covered by edge/sqlite/bit_rot_test.cpp, tests/crash/backup.py.
#pragma once

#include <string>

#include "base/fault.h"

namespace dropsmith::sqlite {

// `to` must not exist.
Status<Fault> copy_database(const std::string& from, const std::string& to);

}  // namespace dropsmith::sqlite
