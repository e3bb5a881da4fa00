// The bodies of templates of peaks; see requests.h. Covered by tests/http/openapi.py, tests/http/templates.py.
#pragma once

#include "edge/http/requests.h"
#include "model/plan_template.h"

namespace dropsmith::http {

struct OpeningBody {
    std::optional<Weekday> weekday;
    std::optional<std::uint32_t> day_of_month;
    std::optional<std::string> time;  // "18:00", in the shop's time zone
};
DROPSMITH_RECORD(OpeningBody, weekday, day_of_month, time)
struct TemplateBody {
    std::string name, title;
    Duration window_seconds;
    std::optional<OpeningBody> opening;
    std::optional<Quantity> units;
    std::vector<Rate> bands;  // shares of the usual price; none: those of a plain capsule
    std::optional<Rate> min_margin, max_discount, preorder_share;
    std::optional<Quantity> per_person_limit;
    std::optional<Duration> hold_seconds;
    std::optional<PricingBody> pricing;
};
DROPSMITH_RECORD(TemplateBody, name, title, window_seconds, opening, units, bands, min_margin, max_discount,
                 preorder_share, per_person_limit, hold_seconds, pricing)

}  // namespace dropsmith::http
