// Covered by tests/http/commands.py.
#include "app/commands.h"
#include "app/command_parts.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "app/demo.h"
#include "app/door.h"
#include "app/serve.h"
#include "app/shop.h"
#include "base/json.h"
#include "base/text.h"
#include "edge/cli/control_door.h"
#include "edge/cli/output.h"
#include "edge/files/text.h"
#include "edge/http/openapi.h"
#include "edge/http/verify_view.h"
#include "edge/sqlite/sqlite_journal.h"
#include "engine/replay.h"
#include "engine/verify.h"
#include "sim/lab.h"

namespace dropsmith::app {
namespace {

void add_shop_options(Verb sub, ShopSettings& to) {
    sub.add_option("--name", to.name, "Name of a new shop; none: the folder's");
    sub.add_option("--currency", to.currency, "Currency of a new shop, ISO 4217").shows_default();
    sub.add_option("--time-zone", to.time_zone, "Time zone of a new shop, IANA").shows_default();
}

void add_serve(Verb program) {
    auto settings = std::make_shared<ServeSettings>();
    auto sub = program.command("serve", "The shop: pages, till, HTTP interface",
                               "dropsmith serve --data ~/shop --listen 127.0.0.1:8080");
    sub.add_option("--data", settings->shop.data, "The shop's data folder; made when it is not there")
        .type_name("DIR")
        .required();
    sub.add_option("--listen", settings->listen, "Address and port").shows_default();
    sub.add_option("--public-url", settings->shop.public_url, "How the world reaches this shop, https://…");
    sub.add_option("--tls-cert", settings->tls_certificate, "Certificate with its chain, PEM: speak TLS only")
        .type_name("FILE");
    sub.add_option("--tls-key", settings->tls_key, "The certificate's private key, PEM; SIGHUP reads both anew")
        .type_name("FILE");
    sub.add_option("--trusted-proxy", settings->proxies,
                   "Address or network whose X-Forwarded-For, -Proto and -Host are believed; may be given again")
        .type_name("CIDR");
    sub.add_option("--rate-limit", settings->rate,
                   "Requests a second from one address, a token twice that; 0: no limit. Left out: 100, and none for "
                   "callers on this machine")
        .range(0, 1'000'000);
    sub.add_option("--threads", settings->threads, "Network threads; 0: one per spare core").shows_default();
    sub.add_option("--stripe-key-file", settings->stripe.key_file,
                   "File with Stripe's secret key: payment pages (docs/operations/payments.md). Or the environment's "
                   "DROPSMITH_STRIPE_KEY")
        .type_name("FILE");
    sub.add_option("--stripe-webhook-secrets-file", settings->stripe.secrets_file,
                   "File with the endpoint's signing secrets, one a line, two while one is changed. Or the "
                   "environment's DROPSMITH_STRIPE_WEBHOOK_SECRETS, separated by spaces")
        .type_name("FILE");
    sub.add_option("--stripe-look-every", settings->stripe_look_every,
                   "Seconds between looks at open payment pages: how long a lost webhook delays an order")
        .range(1, 3'600)
        .shows_default();
    sub.add_option("--stripe-url", settings->stripe.url, "Where Stripe's interface is").shows_default();
    add_shop_options(sub, settings->shop);
    sub.add_flag("--simulated", settings->shop.simulated, "The folder is a simulated shop: serve it as what it is");
    // Of the demo's child only:
    sub.add_flag("--supervised", settings->supervised).hidden();
    sub.add_option("--speed", settings->shop.speed).hidden();
    sub.add_option("--seed", settings->shop.seed).hidden();
    auto began = std::make_shared<std::string>();
    sub.add_option("--began", *began).hidden();
    sub.runs([settings, began] {
        settings->shop.demo_began = parse_rfc3339(*began);
        return serve(*settings);
    });
}

// Opens an empty folder as a shop; other commands do so with the defaults when they find one.
int init(const ShopSettings& settings, bool json) {
    auto shop = Shop::open(settings);
    if (!shop) return fail(shop.error());
    if ((*shop)->started().facts != 0) {
        std::fprintf(stderr, "dropsmith: %s holds a shop already; nothing was changed\n", settings.data.c_str());
        return 1;
    }
    const auto& opened = (*shop)->terms_at_start();
    std::string out;
    JsonWriter writer(out);
    writer.object().key("name").text(opened.name).key("currency").text(opened.currency);
    writer.key("timezone").text(opened.time_zone).key("simulated").boolean(opened.simulated);
    writer.key("speed").integer(opened.speed).end();
    if (json)
        std::printf("%s\n", out.c_str());
    else
        std::printf("%s: a %sshop in %s, clock of %s. Next: dropsmith serve --data %s%s\n", opened.name.c_str(),
                    opened.simulated ? "SIMULATED " : "", opened.currency.c_str(), opened.time_zone.c_str(),
                    settings.data.c_str(), opened.simulated ? " --simulated" : "");
    return 0;
}

void add_init(Verb program) {
    auto settings = std::make_shared<ShopSettings>();
    auto asked = std::make_shared<Common>();
    auto sub = program.command("init", "Opens a new shop in an empty folder: name, currency, time zone, tax habit",
                               "dropsmith init --data ~/shop --name \"Harbour Glass\" --currency GBP");
    common(sub, *asked);
    add_shop_options(sub, *settings);
    sub.add_flag("!--prices-exclude-tax", settings->prices_include_tax, "Prices are shown net of tax");
    sub.add_flag("--simulated", settings->simulated, "A shop for rehearsal, never served as a real one");
    sub.add_option("--speed", settings->speed, "Shop seconds in a second, of a simulated shop").shows_default();
    sub.add_option("--seed", settings->seed, "Seed of a simulated shop").shows_default();
    sub.runs([settings, asked] {
        settings->data = asked->data;
        return init(*settings, asked->json);
    });
}

void add_demo(Verb program) {
    auto settings = std::make_shared<DemoSettings>();
    auto sub = program.command("demo", "A simulated shop with a live drop, its clock faster than yours",
                               "dropsmith demo --seed 7");
    sub.add_option("--seed", settings->seed, "Seed of goods and shoppers").shows_default();
    sub.add_option("--speed", settings->speed, "Shop seconds in a second; 0: 72 hours in about six minutes")
        .shows_default();
    sub.add_option("--listen", settings->listen, "Address and port").shows_default();
    sub.add_option("--data", settings->data, "Where it is kept; none: a folder that goes with the demo")
        .type_name("DIR");
    sub.add_flag("--json", settings->json,
                 "One JSON line with the address and a staff token, nothing else on standard output");
    sub.runs([settings] { return demo(*settings); });
}

void add_token(Verb program) {
    auto token =
        program.command("token", "Tokens of staff and devices", "dropsmith token create --role owner --data ~/shop");
    token.needs_command();
    struct Asked {
        Common common;
        ShopSettings shop;
        std::string role, name;
        std::vector<std::string> places, channels;
    };
    auto asked = std::make_shared<Asked>();
    auto sub = token.command("create", "Makes a token and shows it once; works before the first start too",
                             "dropsmith token create --role till --name \"Hackney stall\" --data ~/shop --json");
    common(sub, asked->common);
    sub.add_option("--role", asked->role, "owner, operator, pricing, finance, fulfilment, legal, till or viewer")
        .required();
    sub.add_option("--name", asked->name, "What or who it is for, a job or device");
    sub.add_option("--place", asked->places, "Only for this place (id); may be given again");
    sub.add_option("--channel", asked->channels, "Only for this channel; may be given again");
    sub.add_option("--currency", asked->shop.currency, "Currency of a new shop, ISO 4217").shows_default();
    sub.add_option("--time-zone", asked->shop.time_zone, "Time zone of a new shop, IANA").shows_default();
    sub.runs([asked] {
        std::string body;
        JsonWriter json(body);
        json.object().key("role").text(asked->role).key("name").text(asked->name).key("places").array();
        for (const auto& place : asked->places) json.text(place);
        json.end().key("channels").array();
        for (const auto& channel : asked->channels) json.text(channel);
        json.end().end();
        auto settings = asked->shop;
        settings.data = asked->common.data, settings.any_kind = true;
        return ask_and_print(settings, asked->common.json, {"POST", "/v1/grants", {}, body, {}});
    });
}

void add_audit(Verb program) {
    auto audit = program.command("audit", "What the past says", "dropsmith audit velocity --top 0.1 --data ~/shop");
    audit.needs_command();
    add_price_audits(audit);
    struct Asked {
        Common common;
        std::string top, since, until;
    };
    auto asked = std::make_shared<Asked>();
    auto sub = audit.command("velocity", "How fast each SKU sells; picks the top share",
                             "dropsmith audit velocity --top 0.1 --since 2026-01-01 --data ~/shop");
    common(sub, asked->common);
    sub.add_option("--top", asked->top, "Share of the SKUs to pick, 0…1");
    sub.add_option("--since", asked->since, "From this date on").type_name("DATE");
    sub.add_option("--until", asked->until, "Before this date").type_name("DATE");
    sub.runs([asked] {
        std::string query;
        for (const auto& [name, value] :
             {std::pair{"top", asked->top}, {"since", asked->since}, {"until", asked->until}}) {
            if (value.empty()) continue;
            query.append(query.empty() ? "" : "&").append(name).append("=").append(cli::encode_query(value));
        }
        return ask_and_print(existing(asked->common.data), asked->common.json,
                             {"GET", "/v1/audit/velocity", query, {}, {}});
    });
}

void add_plan(Verb program) {
    struct Asked {
        Common common;
        std::vector<std::string> skus;
        std::vector<std::string> channels;
        std::string window, opens_at, slug, title, from;
    };
    auto asked = std::make_shared<Asked>();
    auto sub = program.command("plan", "A draft plan from the shop's own history",
                               "dropsmith plan --skus MUG-RED,MUG-BLUE --window 72h --data ~/shop --json");
    common(sub, asked->common);
    sub.add_option("--skus", asked->skus, "SKU codes; none: the fastest").delimiter(',');
    sub.add_option("--template", asked->from, "A template of a peak: dropsmith templates list");
    sub.add_option("--window", asked->window, "How long: 15m … 72h; by default the template's, or 72h");
    sub.add_option("--opens-at", asked->opens_at, "When it opens, 2026-12-05T10:00:00Z");
    sub.add_option("--slug", asked->slug, "Its name in URLs");
    sub.add_option("--title", asked->title, "Its title");
    sub.add_option("--channel", asked->channels, "Where it is sold; several share the stock: --channel web,trade")
        .delimiter(',');
    sub.runs([asked] {
        const auto seconds = asked->window.empty() ? std::nullopt : cli::parse_span_seconds(asked->window);
        if (!seconds && !asked->window.empty()) {
            std::fprintf(stderr, "dropsmith plan: --window needs a time such as 90m, 72h or 3d, got '%s'\n",
                         asked->window.c_str());
            return 2;
        }
        std::string body;
        JsonWriter json(body);
        json.object().key("skus").array();
        for (const auto& sku : asked->skus) json.text(sku);
        json.end();
        if (seconds) json.key("window_seconds").integer(*seconds);
        if (!asked->from.empty()) json.key("from_template").text(asked->from);
        if (!asked->opens_at.empty()) json.key("opens_at").text(asked->opens_at);
        if (!asked->slug.empty()) json.key("slug").text(asked->slug);
        if (!asked->title.empty()) json.key("title").text(asked->title);
        if (!asked->channels.empty()) {
            json.key("channels").array();
            for (const auto& channel : asked->channels) json.text(channel);
            json.end();
        }
        json.end();
        return ask_and_print(existing(asked->common.data), asked->common.json, {"POST", "/v1/plans", {}, body, {}});
    });
}

void add_report(Verb program) {
    struct Asked {
        Common common;
        std::string drop;
    };
    auto asked = std::make_shared<Asked>();
    auto sub =
        program.command("report", "The post-mortem of a drop", "dropsmith report winter-glass --data ~/shop --json");
    common(sub, asked->common);
    sub.add_option("drop", asked->drop, "Id or slug").required();
    sub.runs([asked] {
        return ask_and_print(existing(asked->common.data), asked->common.json,
                             {"GET", "/v1/drops/" + cli::encode_query(asked->drop) + "/report", {}, {}, {}});
    });
}

// Reads the journal beside the running shop, or without one: it needs no lock and writes nothing.
void add_verify(Verb program) {
    auto asked = std::make_shared<Common>();
    auto sub = program.command("verify", "Every law of the design over the whole journal; exits 1 on a breach",
                               "dropsmith verify --data ~/shop --json");
    common(sub, *asked);
    sub.runs([asked] {
        auto journal = sqlite::SqliteJournal::open(asked->data, sqlite::SqliteJournal::Role::reader);
        if (!journal) return fail(journal.error());
        const auto report = engine::verify(**journal, cli::progress("facts"), [&] { return (*journal)->inspect(); });
        cli::end_progress();
        (void)cli::print_answer({200, http::verify_json(report)}, asked->json);
        for (const auto& law : report.laws)
            if (!law.holds)
                std::fprintf(stderr, "dropsmith: broken: %s: %s\n", law.law.c_str(), law.first_breach.c_str());
        return report.holds() ? 0 : 1;
    });
}

void add_snapshot(Verb program) {
    auto asked = std::make_shared<Common>();
    auto sub = program.command("snapshot", "Replays the journal and stores the state, so that the next start is quick",
                               "dropsmith snapshot --data ~/shop");
    common(sub, *asked);
    sub.runs([asked] {
        auto journal = sqlite::SqliteJournal::open(asked->data, sqlite::SqliteJournal::Role::reader);
        if (!journal) return fail(journal.error());
        const auto taken = engine::take_snapshot(**journal);
        if (!taken) return fail(taken.error());
        std::string body;
        JsonWriter json(body);
        json.object().key("stored").boolean(taken->has_value());
        if (*taken) json.key("facts").natural((*taken)->seq).key("bytes").natural((*taken)->bytes);
        json.end();
        return cli::print_answer({200, std::move(body)}, asked->json);
    });
}

void add_lab(Verb program) {
    auto lab =
        program.command("lab", "Experiments without a shop",
                        "dropsmith lab pricing --instance four-prices.json --policy engine --runs 1000 --seed 1");
    lab.needs_command();
    add_lab_elasticity(lab);
    struct Asked {
        std::string instance, policy = "engine", guardrails;
        std::uint64_t runs = 1'000, seed = 1;
        bool json = false;
    };
    auto asked = std::make_shared<Asked>();
    auto sub =
        lab.command("pricing", "The pricing engine on a stated problem",
                    "dropsmith lab pricing --instance four-prices.json --policy engine --runs 1000 --seed 1 --json");
    sub.add_option("--instance", asked->instance, "The problem, JSON; - is standard input")
        .type_name("FILE")
        .required();
    sub.add_option("--policy", asked->policy,
                   "engine, engine-learn, engine-flat, ts-update, ts-fixed, fixed:INDEX, dp-known or lp-known")
        .shows_default();
    sub.add_option("--guardrails", asked->guardrails,
                   "The gate around the policy: JSON with floor, min_margin, max_step (several resources: floor); "
                   "without it there is none")
        .type_name("FILE");
    sub.add_option("--runs", asked->runs, "Runs").range(1, 10'000'000).shows_default();
    sub.add_option("--seed", asked->seed, "Seed").shows_default();
    sub.add_flag("--json", asked->json, "One JSON document on standard output, nothing else there");
    sub.runs([asked] {
        const auto text = files::read_all(asked->instance);
        if (!text) return fail(text.error());
        std::string guardrails;
        if (!asked->guardrails.empty()) {
            auto read = files::read_all(asked->guardrails);
            if (!read) return fail(read.error());
            guardrails = std::move(*read);
        }
        const auto outcome = sim::lab_pricing(*text, asked->policy, asked->runs, asked->seed, guardrails);
        if (!outcome) return fail({FaultKind::io, outcome.error()});
        return cli::print_answer({200, *outcome}, asked->json);
    });
}

void add_routes(Verb program) {
    auto markdown = std::make_shared<bool>(false);
    auto sub = program.command("routes", "The HTTP interface as a table", "dropsmith routes --json");
    auto json = std::make_shared<bool>(false);
    sub.add_flag("--json", *json, "As JSON");
    sub.add_flag("--markdown", *markdown, "As the reference page docs/reference/http.md");
    sub.runs([markdown] {
        std::printf("%s\n", (*markdown ? http::reference_markdown() : http::routes_json()).c_str());
        return 0;
    });
}

}  // namespace

void add_commands(Verb program) {
    add_init(program);
    add_serve(program);
    add_demo(program);
    add_token(program);
    add_import(program);
    add_try(program);
    add_person(program);
    add_payments(program);
    add_prices(program);
    add_audit(program);
    add_plan(program);
    add_templates(program);
    add_report(program);
    add_elasticity(program);
    add_verify(program);
    add_snapshot(program);
    add_backup(program);
    add_lab(program);
    add_rehearse(program);
    add_replay(program);
    add_prove(program);
    add_draw(program);
    add_routes(program);
}

}  // namespace dropsmith::app
