// GET /docs and /docs/problems: this interface and its refusals for people; where the `type` of a problem leads. Pure;
// any thread. Covered by tests/http/openapi.py.
#pragma once

#include <string>

namespace dropsmith::http {

std::string docs_page();
std::string problems_page();  // every code of a problem: its status, what happened, what to do

}  // namespace dropsmith::http
