// dropsmith templates list, set and remove: the routes of the same names. Covered by tests/http/templates.py.
#include <memory>
#include <string>

#include "app/command_parts.h"
#include "app/commands.h"
#include "edge/cli/control_door.h"
#include "edge/files/text.h"

namespace dropsmith::app {

void add_templates(Verb program) {
    struct Asked {
        Common common;
        std::string file, name;
    };
    const auto templates = program.command("templates", "Templates of peaks, from which plans are drafted",
                                           "dropsmith templates list --data ~/shop");
    templates.needs_command();
    auto list = std::make_shared<Asked>(), set = std::make_shared<Asked>(), remove = std::make_shared<Asked>();
    auto sub = templates.command("list", "The program's own templates and the shop's",
                                 "dropsmith templates list --data ~/shop --json");
    common(sub, list->common);
    sub.runs([=] {
        return ask_and_print(existing(list->common.data), list->common.json, {"GET", "/v1/templates", {}, {}, {}});
    });
    sub = templates.command("set", "Adds a template, or replaces the one of its name",
                            "dropsmith templates set night-market.json --data ~/shop");
    common(sub, set->common);
    sub.add_option("file", set->file, "The template as JSON; - is standard input").required().type_name("FILE");
    sub.runs([=] {
        const auto text = files::read_all(set->file);
        if (!text) return fail(text.error());
        return ask_and_print(existing(set->common.data), set->common.json, {"POST", "/v1/templates", {}, *text, {}});
    });
    sub = templates.command("remove", "Removes a template of the shop; a built-in one of its name comes back",
                            "dropsmith templates remove night-market --data ~/shop");
    common(sub, remove->common);
    sub.add_option("name", remove->name, "The template's name").required();
    sub.runs([=] {
        return ask_and_print(existing(remove->common.data), remove->common.json,
                             {"DELETE", "/v1/templates/" + cli::encode_query(remove->name), {}, {}, {}});
    });
}

}  // namespace dropsmith::app
