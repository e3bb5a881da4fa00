// dropsmith person show and dropsmith person erase: the routes of the same names. Covered by tests/http/people.py.
#include <memory>
#include <string>

#include "app/command_parts.h"
#include "app/commands.h"
#include "base/json.h"

namespace dropsmith::app {
namespace {

struct PersonAsked {
    Common common;
    std::string email, person, reason;
};

int ask_about(const PersonAsked& asked, const std::string& path) {
    std::string body;
    JsonWriter json(body);
    json.object();
    if (!asked.email.empty()) json.key("email").text(asked.email);
    if (!asked.person.empty()) json.key("person").text(asked.person);
    if (!asked.reason.empty()) json.key("reason").text(asked.reason);
    json.end();
    return ask_and_print(existing(asked.common.data), asked.common.json, {"POST", path, {}, body, {}});
}

}  // namespace

void add_person(Verb program) {
    const auto person = program.command("person", "What the shop knows of somebody, and forgetting it",
                                        "dropsmith person show --email ada@example.org --data ~/shop");
    person.needs_command();
    const auto add = [&](const std::string& verb, const std::string& what, const std::string& path) {
        auto asked = std::make_shared<PersonAsked>();
        const auto sub =
            person.command(verb, what, "dropsmith person " + verb + " --email ada@example.org --data ~/shop");
        common(sub, asked->common);
        const auto by = sub.one_of("who");
        by.add_option("--email", asked->email, "By address");
        by.add_option("--person", asked->person, "By id, per_…");
        if (verb == "erase") sub.add_option("--reason", asked->reason, "Why, for the audit trail; nothing personal");
        sub.runs([asked, path] { return ask_about(*asked, path); });
    };
    add("show", "Everything that is kept of one person: for their request of access", "/v1/persons/export");
    add("erase", "Name and addresses leave the shop's files; orders stay, with a number that means nothing",
        "/v1/persons/erase");
}

}  // namespace dropsmith::app
