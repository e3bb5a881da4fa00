// `dropsmith prove`: simulated shops in which everything goes wrong (src/sim), and with --on the real program on a
// scratch folder of the operator's own disk (installed_proof.h); with --report a file that the shop's key signs. Needs
// no shop and touches none. Main thread. Covered by tests/http/commands.py.
#include "app/commands.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include "app/command_parts.h"
#include "app/installed_proof.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "edge/cli/output.h"
#include "edge/files/data_folder.h"
#include "edge/files/signed_report.h"
#include "sim/prove.h"

namespace dropsmith::app {
namespace {

struct ProveAsked {
    std::uint64_t seeds = 1'000, from = 1;
    unsigned threads = 0;
    InstalledSettings installed;
    std::string report, data;
    bool json = false;
};

// A counter on a terminal; nothing otherwise.
void tell(const char* what, std::uint64_t done, std::uint64_t of) {
    if (isatty(STDERR_FILENO) != 1) return;
    std::fprintf(stderr, "\r%llu of %llu %s%s", static_cast<unsigned long long>(done),
                 static_cast<unsigned long long>(of), what, done == of ? "\n" : "");
}

// What was proven, by which program, where and when.
std::string document(std::string simulated, const std::string& installed) {
    utsname host{};
    ::uname(&host);
    std::string out = std::move(simulated), frame;
    out.pop_back();  // its closing brace
    if (!installed.empty()) out += ",\"installed\":" + installed;
    JsonWriter json(frame);
    json.object().key("version").text(DROPSMITH_VERSION).key("at").text(rfc3339(SystemClock().wall()));
    json.key("host").text(host.nodename).key("kernel").text(host.release).key("machine").text(host.machine);
    json.key("cores").natural(std::thread::hardware_concurrency()).end();
    return out + "," + frame.substr(1);
}

Status<Fault> sign(const ProveAsked& asked, const std::string& text) {
    if (asked.report.empty()) return Nothing{};
    const auto shop = files::glance(asked.data);
    if (!shop) return Failure{shop.error()};
    return files::write_signed(asked.report, text, shop->keys.reports);
}

int prove(const ProveAsked& asked) {
    const auto started = std::chrono::steady_clock::now();
    const auto threads = asked.threads ? asked.threads : std::thread::hardware_concurrency();
    const auto campaign = sim::prove(asked.from, asked.seeds, threads,
                                     [&](std::uint64_t done) { tell("shops", done, asked.seeds); });
    using std::chrono::duration_cast, std::chrono::milliseconds;
    const auto took = duration_cast<milliseconds>(std::chrono::steady_clock::now() - started);
    std::string installed;
    std::uint64_t broken = campaign.breached;
    if (!asked.installed.on.empty()) {
        const auto proof = prove_installed(asked.installed,
                                           [&](unsigned kills) { tell("kills", kills, asked.installed.kills); });
        if (!proof) return fail(proof.error());
        installed = installed_json(*proof), broken += proof->breached;
        for (const auto& what : proof->breaches) std::fprintf(stderr, "dropsmith prove: %s\n", what.c_str());
        if (!proof->kept.empty())
            std::fprintf(stderr, "dropsmith prove: the shop that broke is kept in %s\n", proof->kept.c_str());
    }
    const auto text = document(sim::proof_json(campaign, took.count()), installed);
    cli::print_answer({200, text}, asked.json);
    if (auto signed_too = sign(asked, text); !signed_too) return fail(signed_too.error());
    if (campaign.breached != 0)
        std::fprintf(stderr,
                     "dropsmith prove: %llu of %llu seeds broke a promise; repeat the first with --from %llu "
                     "--seeds 1\n",
                     static_cast<unsigned long long>(campaign.breached),
                     static_cast<unsigned long long>(campaign.seeds),
                     static_cast<unsigned long long>(campaign.breaches.front().seed));
    return broken == 0 ? 0 : 1;
}

}  // namespace

void add_prove(Verb program) {
    auto asked = std::make_shared<ProveAsked>();
    const auto sub = program.command("prove",
                                     "Shops in which everything goes wrong: power cuts, full disks, requests lost and "
                                     "doubled; with --on the program as installed, killed while it sells",
                                     "dropsmith prove --seeds 10000 --on /srv --kills 100 --report proof.json "
                                     "--data ~/shop");
    sub.add_option("--seeds", asked->seeds, "How many simulated shops").range(1, 100'000'000).shows_default();
    sub.add_option("--from", asked->from, "The first seed; a breach names the seed that repeats it").shows_default();
    sub.add_option("--threads", asked->threads, "0: as many as there are cores").range(0, 256);
    const auto on = sub.add_option("--on", asked->installed.on,
                                   "A folder on the disk to prove: the real server sells in a scratch folder there "
                                   "and is killed with kill -9");
    sub.add_option("--kills", asked->installed.kills, "How often it is killed")
        .range(0, 100'000)
        .shows_default()
        .needs(on);
    sub.add_option("--buyers", asked->installed.buyers, "Who buys meanwhile").range(1, 64).shows_default().needs(on);
    const auto data = sub.add_option("--data", asked->data, "The shop whose key signs the report");
    sub.add_option("--report", asked->report, "Also to this file, signed: FILE.sig by the key in FILE.pem (Ed25519)")
        .needs(data);
    sub.add_flag("--set-back", asked->installed.set_back, "Plants a fault: the folder is set back once").hidden();
    sub.add_flag("--json", asked->json, "One JSON document on standard output, nothing else there");
    sub.runs([asked] { return prove(*asked); });
}

}  // namespace dropsmith::app
