// Figures for Prometheus, text format 0.0.4. Written by hand (docs/decisions/0043-own-metrics-writer.md): a dozen
// numbers. Any thread. Covered by tests/http/routes.py.
#pragma once

#include <string>

namespace dropsmith::http {

struct Services;
std::string metrics_text(const Services& services);

}  // namespace dropsmith::http
