// OpenAPI 3.1 from the route table and the field tables of the request structs, and its reference page.
// Written anew on each call: it is small and asked for rarely. Any thread. Covered by tests/http/openapi.py (every
// route is in it, and vice versa).
#pragma once

#include <string>
#include <string_view>

#include "edge/http/route.h"

namespace dropsmith::http {

std::string openapi_document(std::string_view currency);
std::string roles_of(const Route& route);  // in words, for people
std::string routes_json();         // `dropsmith routes --json`: the table for the permission matrix
std::string reference_markdown();  // docs/reference/http.md

}  // namespace dropsmith::http
