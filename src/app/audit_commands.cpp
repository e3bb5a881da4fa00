// `dropsmith audit prices | ethics | sign`: the packs as documents, on the screen and in a file. Covered by
// tests/http/prices.py.
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "app/command_parts.h"
#include "app/commands.h"
#include "app/door.h"
#include "app/shop.h"
#include "base/json.h"
#include "edge/cli/control_door.h"
#include "edge/cli/output.h"

namespace dropsmith::app {
namespace {

Result<cli::Told, Fault> ask_shop(const std::string& data, cli::Asked asked) {
    auto door = open_door(existing(data));
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

void add_price_audits(Verb audit) {
    struct Asked {
        Common common;
        std::string since, until, out, head, note;
        bool sign = false;
    };
    const auto periods = [](Verb sub, Asked& to) {
        common(sub, to.common);
        sub.add_option("--since", to.since, "From this date or time on").type_name("DATE");
        sub.add_option("--until", to.until, "Before this date or time").type_name("DATE");
        sub.add_option("--out", to.out, "Keeps the document in this file, too").type_name("FILE");
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
    auto sub =
        audit.command("prices", "The audit pack: each price decision of a week taken again from its inputs",
                      "dropsmith audit prices --since 2026-11-16 --until 2026-11-23 --out pack.json --data ~/shop");
    periods(sub, *prices);
    sub.runs([=] { return ask(*prices, "/v1/audit/prices"); });
    sub = audit.command("ethics", "What buyers paid, by channel and region, against what everybody paid at the time",
                        "dropsmith audit ethics --since 2026-11-01 --until 2026-12-01 --out ethics.json --data ~/shop");
    periods(sub, *ethics);
    sub.runs([=] { return ask(*ethics, "/v1/audit/ethics"); });
    sub = audit.command(
        "sign", "Signs an audit pack, or with --ethics an ethics audit, that was looked at: the period and head_hash "
                "that it shows",
        "dropsmith audit sign --since 2026-11-16 --until 2026-11-23 --head 5f0c… --note \"nothing to add\" "
        "--data ~/shop");
    common(sub, sign->common);
    sub.add_flag("--ethics", sign->sign, "The ethics audit of the period");
    sub.add_option("--since", sign->since, "As the pack says").required();
    sub.add_option("--until", sign->until, "As the pack says").required();
    sub.add_option("--head", sign->head, "head_hash of the pack").required();
    sub.add_option("--note", sign->note, "What was found; needed when decisions differ or groups are flagged");
    sub.runs([=] {
        const auto whole_time = [](const std::string& text) {
            return text.size() == 10 ? text + "T00:00:00.000Z" : text;
        };
        std::string body;
        JsonWriter json(body);
        json.object().key("since").text(whole_time(sign->since)).key("until").text(whole_time(sign->until));
        json.key("head_hash").text(sign->head).key("note").text(sign->note).end();
        const auto* path = sign->sign ? "/v1/audit/ethics/sign-off" : "/v1/audit/prices/sign-off";
        const auto answer = ask_shop(sign->common.data, {"POST", path, {}, body, {}});
        return answer ? cli::print_answer(*answer, sign->common.json) : fail(answer.error());
    });
}

}  // namespace dropsmith::app
