// `dropsmith audit prices | ethics | sign`: the packs as documents, on the screen and in a file. Covered by
// tests/http/prices.py.
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "app/door.h"
#include "app/shop.h"
#include "base/json.h"
#include "edge/cli/control_door.h"
#include "edge/cli/output.h"

namespace dropsmith::app {
namespace {

struct Common {
    std::string data;
    bool json = false;
};

CLI::App* command(CLI::App& parent, const std::string& name, const std::string& what, const std::string& example) {
    auto* sub = parent.add_subcommand(name, what);
    sub->footer("Example:\n  " + example);
    return sub;
}
void common(CLI::App* sub, Common& to) {
    sub->add_option("--data", to.data, "The shop's data folder")->type_name("DIR")->required();
    sub->add_flag("--json", to.json, "One JSON document on standard output, nothing else there");
}

int fail(const Fault& trouble) {
    std::fprintf(stderr, "dropsmith: %s\n", trouble.what.c_str());
    return 1;
}

Result<cli::Told, Fault> ask_shop(const std::string& data, cli::Asked asked) {
    ShopSettings settings;
    settings.data = data, settings.must_exist = true, settings.any_kind = true;
    auto door = open_door(settings);
    if (!door) return Failure{door.error()};
    return (*door)->ask(std::move(asked));
}

// Writes the answer to a file for the archive, beside printing it.
int keep_and_print(const cli::Told& answer, const std::string& out, bool json) {
    if (answer.good() && !out.empty()) {
        std::FILE* file = std::fopen(out.c_str(), "wb");
        const bool written = file && std::fwrite(answer.body.data(), 1, answer.body.size(), file) == answer.body.size();
        if (!file || std::fclose(file) != 0 || !written)
            return fail({FaultKind::io, "cannot write " + out + ": name a file in a folder that is there"});
    }
    return cli::print_answer(answer, json);
}

}  // namespace

void add_price_audits(CLI::App& audit, std::function<int()>& chosen) {
    struct Asked {
        Common common;
        std::string since, until, out, head, note;
        bool sign = false;
    };
    const auto periods = [](CLI::App* sub, Asked& to) {
        common(sub, to.common);
        sub->add_option("--since", to.since, "From this date or time on")->type_name("DATE");
        sub->add_option("--until", to.until, "Before this date or time")->type_name("DATE");
        sub->add_option("--out", to.out, "Keeps the document in this file, too")->type_name("FILE");
    };
    const auto ask = [](const Asked& asked, const std::string& path) {
        std::string query;
        for (const auto& [name, value] : {std::pair{"since", asked.since}, {"until", asked.until}})
            if (!value.empty())
                query.append(query.empty() ? "" : "&").append(name).append("=").append(cli::encode_query(value));
        const auto answer = ask_shop(asked.common.data, {"GET", path, query, {}, {}});
        if (!answer) return fail(answer.error());
        return keep_and_print(*answer, asked.out, asked.common.json);
    };
    auto prices = std::make_shared<Asked>(), ethics = std::make_shared<Asked>(), sign = std::make_shared<Asked>();
    auto* sub = command(audit, "prices", "The audit pack: each price decision of a week taken again from its inputs",
                        "dropsmith audit prices --since 2026-11-16 --until 2026-11-23 --out pack.json --data ~/shop");
    periods(sub, *prices);
    sub->callback([=, &chosen] { chosen = [=] { return ask(*prices, "/v1/audit/prices"); }; });
    sub = command(audit, "ethics", "What buyers paid, by channel and region, against what everybody paid at the time",
                  "dropsmith audit ethics --since 2026-11-01 --until 2026-12-01 --out ethics.json --data ~/shop");
    periods(sub, *ethics);
    sub->callback([=, &chosen] { chosen = [=] { return ask(*ethics, "/v1/audit/ethics"); }; });
    sub = command(audit, "sign", "Signs an audit pack that was looked at: the period and head_hash that it shows",
                  "dropsmith audit sign --since 2026-11-16 --until 2026-11-23 --head 5f0c… --note \"nothing to add\" "
                  "--data ~/shop");
    common(sub, sign->common);
    sub->add_option("--since", sign->since, "As the pack says")->required();
    sub->add_option("--until", sign->until, "As the pack says")->required();
    sub->add_option("--head", sign->head, "head_hash of the pack")->required();
    sub->add_option("--note", sign->note, "What was found; needed when decisions differ");
    sub->callback([=, &chosen] {
        chosen = [=] {
            const auto whole_time = [](const std::string& text) {
                return text.size() == 10 ? text + "T00:00:00.000Z" : text;
            };
            std::string body;
            JsonWriter json(body);
            json.object().key("since").text(whole_time(sign->since)).key("until").text(whole_time(sign->until));
            json.key("head_hash").text(sign->head).key("note").text(sign->note).end();
            const auto answer = ask_shop(sign->common.data, {"POST", "/v1/audit/prices/sign-off", {}, body, {}});
            return answer ? cli::print_answer(*answer, sign->common.json) : fail(answer.error());
        };
    });
}

}  // namespace dropsmith::app
