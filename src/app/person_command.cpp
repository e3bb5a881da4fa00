// dropsmith person show and dropsmith person erase: the routes of the same names. Covered by tests/http/people.py.
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "app/door.h"
#include "base/json.h"
#include "edge/cli/output.h"

namespace dropsmith::app {
namespace {

struct Asked {
    std::string data, email, person, reason;
    bool json = false;
};

int fail(const Fault& trouble) {
    std::fprintf(stderr, "dropsmith: %s\n", trouble.what.c_str());
    return 1;
}

int ask_about(const Asked& asked, const std::string& path) {
    std::string body;
    JsonWriter json(body);
    json.object();
    if (!asked.email.empty()) json.key("email").text(asked.email);
    if (!asked.person.empty()) json.key("person").text(asked.person);
    if (!asked.reason.empty()) json.key("reason").text(asked.reason);
    json.end();
    ShopSettings settings;
    settings.data = asked.data, settings.must_exist = true, settings.any_kind = true;
    auto door = open_door(settings);
    if (!door) return fail(door.error());
    const auto answer = (*door)->ask({"POST", path, {}, body, {}});
    return answer ? cli::print_answer(*answer, asked.json) : fail(answer.error());
}

}  // namespace

void add_person(CLI::App& program, std::function<int()>& chosen) {
    auto* person = program.add_subcommand("person", "What the shop knows of somebody, and forgetting it");
    person->footer("Example:\n  dropsmith person show --email ada@example.org --data ~/shop");
    person->require_subcommand(1);
    const auto add = [&](const std::string& verb, const std::string& what, const std::string& path) {
        auto asked = std::make_shared<Asked>();
        auto* sub = person->add_subcommand(verb, what);
        sub->footer("Example:\n  dropsmith person " + verb + " --email ada@example.org --data ~/shop");
        sub->add_option("--data", asked->data, "The shop's data folder")->type_name("DIR")->required();
        sub->add_flag("--json", asked->json, "One JSON document on standard output, nothing else there");
        auto* by = sub->add_option_group("who");
        by->add_option("--email", asked->email, "By address");
        by->add_option("--person", asked->person, "By id, per_…");
        by->require_option(1);
        if (verb == "erase") sub->add_option("--reason", asked->reason, "Why, for the audit trail; nothing personal");
        sub->callback([asked, path, &chosen] { chosen = [asked, path] { return ask_about(*asked, path); }; });
    };
    add("show", "Everything that is kept of one person: for their request of access", "/v1/persons/export");
    add("erase", "Name and addresses leave the shop's files; orders stay, with a number that means nothing",
        "/v1/persons/erase");
}

}  // namespace dropsmith::app
