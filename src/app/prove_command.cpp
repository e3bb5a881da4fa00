// `dropsmith prove`: the concurrency, crash and refund prover of src/sim on the operator's own machine and build.
// Needs no shop and touches no file. Main thread. Covered by tests/http/commands.py.
#include "app/commands.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include "edge/cli/output.h"
#include "sim/prove.h"

namespace dropsmith::app {

void add_prove(Command program) {
    struct Asked {
        std::uint64_t seeds = 1'000, from = 1;
        unsigned threads = 0;
        bool json = false;
    };
    auto asked = std::make_shared<Asked>();
    const auto sub = program.command("prove",
                                     "Simulated shops in which everything goes wrong: power cuts, full disks, "
                                     "requests lost and doubled",
                                     "dropsmith prove --seeds 10000");
    sub.add_option("--seeds", asked->seeds, "How many shops").range(1, 100'000'000).shows_default();
    sub.add_option("--from", asked->from, "The first seed; a breach names the seed that repeats it").shows_default();
    sub.add_option("--threads", asked->threads, "0: as many as there are cores").range(0, 256);
    sub.add_flag("--json", asked->json, "One JSON document on standard output, nothing else there");
    sub.runs([asked] {
        const bool terminal = isatty(STDERR_FILENO) == 1;
        const auto started = std::chrono::steady_clock::now();
        const auto threads = asked->threads ? asked->threads : std::thread::hardware_concurrency();
        const auto campaign = sim::prove(asked->from, asked->seeds, threads, [&](std::uint64_t done) {
            if (terminal)
                std::fprintf(stderr, "\r%llu of %llu shops", static_cast<unsigned long long>(done),
                             static_cast<unsigned long long>(asked->seeds));
        });
        if (terminal) std::fprintf(stderr, "\n");
        using std::chrono::duration_cast, std::chrono::milliseconds;
        const auto took = duration_cast<milliseconds>(std::chrono::steady_clock::now() - started);
        cli::print_answer({200, sim::proof_json(campaign, took.count())}, asked->json);
        if (campaign.breached == 0) return 0;
        std::fprintf(stderr,
                     "dropsmith prove: %llu of %llu seeds broke a promise; repeat the first with --from %llu "
                     "--seeds 1\n",
                     static_cast<unsigned long long>(campaign.breached),
                     static_cast<unsigned long long>(campaign.seeds),
                     static_cast<unsigned long long>(campaign.breaches.front().seed));
        return 1;
    });
}

}  // namespace dropsmith::app
