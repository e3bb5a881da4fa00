// The door through control.sock of a running shop: a small HTTP/1.1 client over a Unix socket. One thread.
// Covered by tests/http/commands.py.
#pragma once

#include <memory>
#include <string>

#include "edge/cli/door.h"

namespace dropsmith::cli {

// busy: nobody listens there.
Result<std::unique_ptr<Door>, Fault> control_door(const std::string& folder);

std::string encode_query(const std::string& text);  // one name or value

}  // namespace dropsmith::cli
