// Door: how a command of the command line reaches the shop: by its routes, whether the router runs in this process (the
// command took the folder's lock) or behind control.sock. src/app gives the concrete one. One thread. Covered by
// edge/cli/import_test.cpp with a door of its own.
#pragma once

#include <string>

#include "base/fault.h"
#include "base/result.h"

namespace dropsmith::cli {

struct Asked {
    std::string method;
    std::string path;             // "/v1/products"
    std::string query;            // raw, without the question mark
    std::string body;             // JSON
    std::string idempotency_key;  // "" when there is none
};

struct Told {
    int status = 0;
    std::string body;
    bool good() const { return status >= 200 && status < 300; }
};

class Door {
  public:
    virtual ~Door() = default;
    virtual Result<Told, Fault> ask(Asked asked) = 0;  // a Fault: no answer at all
    virtual bool others_ask_too() const { return true; }  // false: this command has the shop for itself
};

}  // namespace dropsmith::cli
