// When a drop of a template opens next: the first instant, not before another, that is the template's weekday, day of
// the month and time of day in a zone. Pure, but for the zones that the machine knows; any thread. Covered by
// edge/http/local_opening_test.cpp.
#pragma once

#include <optional>
#include <string>

#include "model/plan_template.h"

namespace dropsmith::http {

// nullopt: the template says nothing of it, or the zone is not known here. An hour that the clocks leave out opens when
// they have changed; of one that comes twice, the first.
std::optional<Instant> next_opening(const TemplateOpening& opening, const std::string& zone, Instant not_before);

std::optional<Duration> time_of_day(const std::string& text);  // "18:00"
std::string time_text(Duration time);

}  // namespace dropsmith::http
