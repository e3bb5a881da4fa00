// Commands that study plans and past drops: elasticity, replay, rehearse, lab elasticity. Covered by
// tests/http/commands.py, tests/http/studies.py, tests/replay/dominicks.py.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "app/command_parts.h"
#include "app/commands.h"
#include "edge/cli/control_door.h"
#include "edge/files/text.h"
#include "edge/sqlite/sqlite_journal.h"
#include "engine/replay.h"
#include "sim/lab_elasticity.h"
#include "sim/rehearse.h"

namespace dropsmith::app {

void add_lab_elasticity(Verb lab) {
    struct Asked {
        std::string table;
        sim::ElasticityColumns columns;
        bool json = false;
    };
    auto asked = std::make_shared<Asked>();
    auto sub = lab.command("elasticity", "Price slopes of a table of prices and units, by group, partially pooled",
                           "dropsmith lab elasticity sales.csv --price unit_price --units units --by sku");
    sub.add_option("table", asked->table, "CSV with a header; plain or gzip; - is standard input").required();
    sub.add_option("--price", asked->columns.price, "Column of the price").shows_default();
    sub.add_option("--units", asked->columns.units, "Column of the units sold at it").shows_default();
    sub.add_option("--by", asked->columns.group, "Column that names the group; none: all rows are one");
    sub.add_flag("--json", asked->json, "One JSON document on standard output, nothing else there");
    sub.runs([asked] {
        const auto text = files::read_all(asked->table);
        if (!text) return fail(text.error());
        const auto outcome = sim::lab_elasticity(*text, asked->columns);
        if (!outcome) return fail({FaultKind::io, outcome.error()});
        return cli::print_answer({200, *outcome}, asked->json);
    });
}

void add_elasticity(Verb program) {
    struct Asked {
        Common common;
        std::string drop;
    };
    auto asked = std::make_shared<Asked>();
    auto sub = program.command("elasticity",
                               "What prices did to sales: elasticities from the engine's own randomised decisions",
                               "dropsmith elasticity --drop winter-glass --data ~/shop --json");
    common(sub, asked->common);
    sub.add_option("--drop", asked->drop, "Only this drop (id or slug); none: all of them");
    sub.runs([asked] {
        const auto query = asked->drop.empty() ? std::string() : "drop=" + cli::encode_query(asked->drop);
        return ask_and_print(existing(asked->common.data), asked->common.json,
                             {"GET", "/v1/elasticity", query, {}, {}});
    });
}

void add_replay(Verb program) {
    struct Asked {
        Common common;
        std::string drop, policy = "engine";
        std::uint64_t seed = 1;
    };
    auto asked = std::make_shared<Asked>();
    auto sub = program.command("replay",
                               "A past drop under another policy: what it would have left, as far as its log can tell",
                               "dropsmith replay winter-glass --policy fixed:1 --data ~/shop --json");
    common(sub, asked->common);
    sub.add_option("drop", asked->drop, "Id or slug").required();
    sub.add_option("--policy", asked->policy, "engine, ts-update, taper, list, logged, or fixed:INDEX").shows_default();
    sub.add_option("--seed", asked->seed, "Seed").shows_default();
    sub.runs([asked] {
        const auto query = "policy=" + cli::encode_query(asked->policy) + "&seed=" + std::to_string(asked->seed);
        return ask_and_print(existing(asked->common.data), asked->common.json,
                             {"GET", "/v1/drops/" + cli::encode_query(asked->drop) + "/replay", query, {}, {}});
    });
}

void add_rehearse(Verb program) {
    struct Asked {
        Common common;
        std::string plan;
        std::uint64_t runs = 1'000, seed = 1;
        unsigned threads = 0;
        bool full = false;
    };
    auto asked = std::make_shared<Asked>();
    auto sub = program.command("rehearse",
                               "What would happen: a plan run many times against simulated shoppers and rival prices",
                               "dropsmith plan --skus MUG-RED --data ~/shop --json > plan.json && dropsmith rehearse "
                               "plan.json --runs 1000 --data ~/shop");
    common(sub, asked->common, false);
    sub.add_option("plan", asked->plan,
                   "The plan, as POST /v1/drops takes it or `plan --json` gives it; - is standard input")
        .required();
    sub.add_option("--runs", asked->runs, "Simulated drops").range(1, 100'000).shows_default();
    sub.add_option("--seed", asked->seed, "Seed").shows_default();
    sub.add_option("--threads", asked->threads, "Threads; 0: two, or one on a machine with one core");
    sub.add_flag("--full", asked->full, "By the engine itself on a journal in memory: slow, the same sales");
    sub.runs([asked] {
        const auto text = files::read_all(asked->plan);
        if (!text) return fail(text.error());
        State state;  // with --data: what the shop knows of costs and past demand
        if (!asked->common.data.empty()) {
            auto journal = sqlite::SqliteJournal::open(asked->common.data, sqlite::SqliteJournal::Role::reader);
            if (!journal) return fail(journal.error());
            Digest256 hash{};
            if (auto loaded = engine::load(**journal, state, hash); !loaded) return fail(loaded.error());
        }
        sim::RehearseHow how;
        how.full = asked->full, how.people = !asked->common.json;
        how.progress = cli::progress("runs");
        how.threads = asked->threads > 0 ? asked->threads : std::clamp(std::thread::hardware_concurrency(), 1u, 2u);
        const auto outcome = sim::rehearse(state, *text, asked->runs, asked->seed, how);
        cli::end_progress();
        if (!outcome) return fail({FaultKind::io, outcome.error()});
        if (asked->common.json) return cli::print_answer({200, *outcome}, true);
        std::fwrite(outcome->data(), 1, outcome->size(), stdout);
        return 0;
    });
}

}  // namespace dropsmith::app
