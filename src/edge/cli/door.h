// Door: how a command reaches the shop: the same routes that HTTP serves, called in this process when the folder is nobody's, over
// control.sock when the shop runs. One thread. Covered by tests/http/cli_test.py.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/fault.h"

namespace dropsmith::cli {

struct Answer {
    int status = 0;
    std::string body;
};

class Door {
public:
    virtual ~Door() = default;
    // path with its query, already encoded; body "" = none; key "" = none.
    virtual Result<Answer, Fault> ask(const std::string& method, const std::string& path, const std::string& body = {},
                                      const std::string& key = {}) = 0;
};

// The running shop's control socket. busy: nobody listens there.
Result<std::unique_ptr<Door>, Fault> control_door(const std::string& folder);

std::string encode_query(const std::string& text);   // one name or value

}  // namespace dropsmith::cli
