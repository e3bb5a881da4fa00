// Templates of peaks: the program's own and the shop's; what is drafted from them is POST /v1/plans. Covered by
// tests/http/templates.py.
#include "edge/http/routes.h"

#include "edge/http/drop_document.h"
#include "edge/http/handling.h"
#include "edge/http/local_opening.h"
#include "edge/http/requests_template.h"
#include "flow/decide/templates.h"

namespace dropsmith::http {
namespace routes_templates {
namespace {

constexpr auto readers =
    needs<Role::operator_, Role::pricing, Role::finance, Role::legal, Role::viewer>(ScopeKind::channels);
constexpr auto planners = needs<Role::operator_, Role::pricing>(ScopeKind::shop);

void write_template(JsonWriter& json, const State& state, const PlanTemplate& plan, bool built_in) {
    const auto rate = [&](std::string_view name, const std::optional<Rate>& value) {
        json.key(name);
        value ? json.rate(value->n) : json.null();
    };
    json.object().key("name").text(plan.name).key("title").text(plan.title).key("built_in").boolean(built_in);
    json.key("window_seconds").integer(plan.window.n / 1000).key("opening").object().key("weekday");
    plan.opening.weekday ? json.text(word_of(*plan.opening.weekday)) : json.null();
    json.key("day_of_month");
    plan.opening.day_of_month ? json.natural(*plan.opening.day_of_month) : json.null();
    json.key("time");
    plan.opening.time ? json.text(time_text(*plan.opening.time)) : json.null();
    json.end().key("units").integer(plan.units.n).key("bands").array();
    for (const auto band : plan.bands) json.rate(band.n);
    json.end();
    rate("min_margin", plan.min_margin), rate("max_discount", plan.max_discount);
    rate("preorder_share", plan.preorder_share);
    json.key("per_person_limit");
    plan.per_person_limit ? json.integer(plan.per_person_limit->n) : json.null();
    json.key("hold_seconds").integer(plan.hold_for.n / 1000);
    write_pricing(json, state, plan.pricing);
    json.end();
}

void get_templates(CallPtr call) {
    question(std::move(call), [](const engine::Answer& answer, Call&) {
        return json_reply(200, [&](JsonWriter& json) {
            json.object().key("data").array();
            for (const auto& known : decide::all_templates(answer.state.prices))
                write_template(json, answer.state, known.plan, known.built_in);
            json.end().key("next").null().end();
        });
    });
}

std::optional<TemplateOpening> opening_of(const OpeningBody& body) {
    TemplateOpening opening{body.weekday, body.day_of_month, {}};
    if (!body.time) return opening;
    opening.time = time_of_day(*body.time);
    return opening.time ? std::optional(opening) : std::nullopt;
}

void post_template(CallPtr call) {
    const auto asked = body<TemplateBody>(*call);
    if (!asked) return;
    auto plan = decide::plain_template();
    plan.name = asked->name, plan.title = asked->title, plan.window = asked->window_seconds;
    if (asked->opening) {
        const auto opening = opening_of(*asked->opening);
        if (!opening) return call->reply(bad_input("/opening/time", "must be a time of the day, like 18:00"));
        plan.opening = *opening;
    }
    if (asked->units) plan.units = *asked->units;
    if (!asked->bands.empty()) plan.bands = asked->bands;
    if (asked->min_margin) plan.min_margin = *asked->min_margin;
    plan.max_discount = asked->max_discount, plan.per_person_limit = asked->per_person_limit;
    if (asked->preorder_share) plan.preorder_share = *asked->preorder_share;
    if (asked->hold_seconds) plan.hold_for = *asked->hold_seconds;
    if (asked->pricing && asked->pricing->personal_offers)
        return call->reply(bad_input("/pricing/personal_offers",
                                     "belongs to a drop, whose lines and features it names: leave it out here"));
    if (asked->pricing) lay_pricing(*asked->pricing, plan.pricing);
    command(
        std::move(call),
        [plan](const State&, const Moment&) -> Result<Command, Refusal> { return Command(SetTemplate{plan}); },
        [](const engine::Answer& answer, Call&) {
            const auto* set = fact_in<TemplateSet>(answer);
            if (!set) return missing_fact();
            return json_reply(201, [&](JsonWriter& json) { write_template(json, answer.state, set->plan, false); });
        });
}

void delete_template(CallPtr call) {
    if (!no_body(*call)) return;
    command(
        std::move(call),
        [name = call->params[0]](const State&, const Moment&) -> Result<Command, Refusal> {
            return Command(RemoveTemplate{name});
        },
        [](const engine::Answer& answer, Call& c) {
            const auto uncovered = decide::template_named(answer.state.prices, c.params[0]);
            return json_reply(200, [&](JsonWriter& json) {
                json.object().key("name").text(c.params[0]).key("removed").boolean(true);
                json.key("built_in").boolean(uncovered.has_value()).end();
            });
        });
}

constexpr Route table[] = {
    {"GET",
     "/v1/templates",
     readers,
     get_templates,
     {.summary = "Templates of peaks, the program's own and the shop's: POST /v1/plans drafts a plan from one",
      .gives = "{data: [template], next}"}},
    {"POST",
     "/v1/templates",
     planners,
     post_template,
     {.summary = "Adds a template, or replaces the one of its name; a built-in one is covered, not lost",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<TemplateBody>,
      .gives = "template"}},
    {"DELETE",
     "/v1/templates/{id}",
     planners,
     delete_template,
     {.summary = "Removes a template of the shop by its name; a built-in one of that name comes back",
      .key = KeyRule::optional,
      .gives = "{name, removed, built_in}"}},
};

}  // namespace
}  // namespace routes_templates

std::span<const Route> template_routes() { return routes_templates::table; }

}  // namespace dropsmith::http
