// scenarios [--accept] FILE...: runs scenario files through the real core with a journal in memory. Each command's
// facts or refusal must be what stands under it; --accept writes what came instead, for a person to read in the diff.
// After each file the laws of selling are checked and the journal is replayed to the same state. Exit 1 when anything
// differs.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>

#include "engine/core.h"
#include "engine/memory_journal.h"
#include "engine/replay.h"
#include "engine/slices.h"
#include "flow/sell/laws.h"
#include "tell.h"
#include "verbs.h"

namespace dropsmith::scenarios {
namespace {

struct Told : engine::Watcher {  // every fact that was stored, also those of timers
    Instant start;
    std::vector<std::string> lines;
    void stored(const State&, const engine::Batch& batch) override {
        for (const auto& entry : batch.entries)
            for (const auto& fact : entry.facts) {
                if (fact.as<RefusalsCounted>()) continue;  // the refusals stand in the file already
                const auto* info = engine::fact_info(fact.code());
                auto text = tell({info->type, fact.object()}, start);
                if (fact.as<PriceSet>() || fact.as<DropDrafted>() || fact.as<DropEdited>())
                    text = text.substr(0, text.find(" inputs=")), text = text.substr(0, text.find(" terms="));
                lines.push_back((entry.who.kind == ActorKind::timer ? "[" + tell_span(batch.at - start) + "] " : "") +
                                text);
            }
    }
};

struct Listener : engine::Caller {
    std::vector<std::string>& lines;
    explicit Listener(std::vector<std::string>& out) : lines(out) {}
    void decided(const engine::Answer& answer) override {
        if (!answer.refusal) return;
        const auto& refusal = *answer.refusal;
        std::string text = "! " + std::string(refusal.code.word);
        if (!refusal.sku.empty()) text += " sku=" + refusal.sku;
        if (refusal.available) text += " available=" + std::to_string(refusal.available->n);
        for (const auto& clash : refusal.clashes) text += " " + clash.rule + clash.pointer;
        lines.push_back(text + ": " + refusal.detail);
    }
    void settled(const Fault* fault) override {
        if (fault) lines.push_back("! fault: " + fault->what);
    }
};

class Run {
  public:
    Run() : core_(journal_, {"a key of thirty-two octets, exact", 7}) {
        told_.start = now_;
        CHECK(core_.start(now_).ok());
        core_.watch(&told_);
    }

    // What one line of the file gives; false: the line means nothing.
    bool line(const std::string& text, std::vector<std::string>& out) {
        const Line line(text);
        told_.lines.clear();
        if (line.verb == "wait") {
            const auto span = parse_span(line.word(0));
            if (!span) return false;
            wait(now_ + *span);
        } else {
            auto command = command_of(core_.state(), line, told_.start);
            if (!command) return false;
            std::vector<engine::Ask> asks(1);
            asks[0].command = std::move(command);
            asks[0].who.kind = ActorKind::shop;
            if (!line.option("person").empty()) asks[0].person = engine::PersonData{line.option("person"), {}, {}};
            asks[0].caller = std::make_unique<Listener>(told_.lines);
            core_.run(asks, now_);
        }
        out = told_.lines;
        return true;
    }

    std::string breach() const {
        const auto& state = core_.state();
        for (const auto& law : {sell::stock_law(state), sell::cap_law(state), sell::order_law(state)})
            if (!law.holds()) return law.breach;
        State again;
        Digest256 head{};
        if (!engine::load(journal_, again, head)) return "the journal does not load";
        if (head != core_.head_hash() || engine::state_hash(again) != engine::state_hash(state))
            return "the journal replays to another state";
        return {};
    }

  private:
    void wait(Instant until) {
        while (const auto due = core_.next_due()) {
            if (*due > until) break;
            now_ = std::max(now_, *due);
            core_.run({}, now_);
        }
        now_ = until;
        core_.run({}, now_);
    }

    engine::MemoryJournal journal_;
    engine::Core core_;
    Told told_;
    Instant now_{1'767'225'600'000};  // 2026-01-01T00:00:00Z
};

std::string spread(const std::string& text) {  // an expectation keeps to the width of the house
    std::string out, rest = text;
    const std::size_t width = 116;
    for (const char* indent = "  "; !rest.empty(); indent = "      ") {
        auto end = rest.size() + 6 <= width ? rest.size() : rest.rfind(' ', width - 6);
        if (end == std::string::npos || end == 0) end = rest.size();
        out += indent + rest.substr(0, end) + "\n";
        rest = end < rest.size() ? rest.substr(end + 1) : "";
    }
    return out;
}

int run_file(const std::string& path, bool accept) {
    std::ifstream in(path);
    const std::string before{std::istreambuf_iterator<char>(in), {}};
    if (before.empty()) return std::fprintf(stderr, "%s: empty, or not there\n", path.c_str()), 1;
    Run run;
    std::string after, line;
    std::istringstream lines(before);
    while (std::getline(lines, line)) {
        if (line.starts_with("  ")) continue;  // what was expected
        after += line + "\n";
        if (line.empty() || line[0] == '#') continue;
        std::vector<std::string> told;
        if (!run.line(line, told)) return std::fprintf(stderr, "%s: cannot read: %s\n", path.c_str(), line.c_str()), 1;
        for (const auto& text : told) after += spread(text);
    }
    const auto breach = run.breach();
    if (!breach.empty()) return std::fprintf(stderr, "%s: %s\n", path.c_str(), breach.c_str()), 1;
    if (after == before) return std::printf("%s: holds\n", path.c_str()), 0;
    if (accept) {
        std::ofstream(path) << after;
        return std::printf("%s: accepted; read the diff\n", path.c_str()), 0;
    }
    std::istringstream old(before), now(after);
    std::string expected, came;
    for (int number = 1; std::getline(old, expected), std::getline(now, came); ++number) {
        if (expected == came) continue;
        std::fprintf(stderr, "%s:%d\n  expected: %s\n  came:     %s\n", path.c_str(), number, expected.c_str(),
                     came.c_str());
        return 1;
    }
    return std::fprintf(stderr, "%s: one of the two ends early\n", path.c_str()), 1;
}

}  // namespace
}  // namespace dropsmith::scenarios

int main(int argc, char** argv) {
    bool accept = false;
    int failed = 0, files = 0;
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]) == "--accept")
            accept = true;
        else
            failed += dropsmith::scenarios::run_file(argv[i], accept), ++files;
    }
    if (files == 0) return std::fputs("usage: scenarios [--accept] FILE...\n", stderr), 2;
    return failed == 0 ? 0 : 1;
}
