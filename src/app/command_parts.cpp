// Covered by tests/http/commands.py.
#include "app/command_parts.h"

#include <cstdio>

namespace dropsmith::app {

void common(Verb sub, Common& to, bool data_required) {
    auto data = sub.add_option("--data", to.data, "The shop's data folder").type_name("DIR");
    if (data_required) data.required();
    sub.add_flag("--json", to.json, "One JSON document on standard output, nothing else there");
}

int fail(const Fault& trouble) {
    std::fprintf(stderr, "dropsmith: %s\n", trouble.what.c_str());
    return 1;
}

ShopSettings existing(const std::string& data) {
    ShopSettings settings;
    settings.data = data, settings.must_exist = true, settings.any_kind = true;
    return settings;
}

int ask_and_print(const ShopSettings& settings, bool json, cli::Asked asked) {
    auto door = open_door(settings);
    if (!door) return fail(door.error());
    const auto answer = (*door)->ask(std::move(asked));
    if (!answer) return fail(answer.error());
    return cli::print_answer(*answer, json);
}

}  // namespace dropsmith::app
