// How fast is the state machine itself, without sockets? In process, on one thread:
//   holds    PlaceHold for one hot SKU through Core in batches of 64: journal in memory, and in SQLite (durable)
//   replay   a start from that journal: decode, check the chain, evolve; beside the floor of hashing the bytes once
//   verify   every law over the same journal
// Prints one line of JSON per figure, with the ratio to its floor; the load is the same in every run.
//   bench_in_process [--smoke]      smoke: a hundredth of the work
#include <time.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "edge/sqlite/sqlite_journal.h"
#include "engine/core.h"
#include "engine/memory_journal.h"
#include "engine/verify.h"

namespace {

using namespace dropsmith;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 64;
constexpr Instant kStart{1'900'000'000'000};

/// Wall time, and the processor time of this thread: on a busy machine the second is the one to compare.
struct Took {
    double seconds = 0;
    double cpu = 0;
};

class Watch {
public:
    Took took() const { return {std::chrono::duration<double>(Clock::now() - started_).count(), cpu_now() - cpu_}; }

private:
    static double cpu_now() {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
    }
    Clock::time_point started_ = Clock::now();
    double cpu_ = cpu_now();
};

[[noreturn]] void give_up(const std::string& what) {
    std::fprintf(stderr, "bench_in_process: %s\n", what.c_str());
    std::exit(1);
}

void print(const std::string& name, std::uint64_t count, Took took, Took floor) {
    const auto n = static_cast<double>(count);
    std::printf(R"({"figure":"%s","count":%llu,"seconds":%.6f,"per_second":%.0f,"per_cpu_second":%.0f)", name.c_str(),
                static_cast<unsigned long long>(count), took.seconds, n / took.seconds, n / took.cpu);
    if (floor.cpu > 0) std::printf(R"(,"cpu_ratio_to_hashing":%.3f)", floor.cpu / took.cpu);
    std::printf("}\n");
    std::fflush(stdout);
}

/// Counts what was granted; what was refused ends the bench, since every hold here can be granted.
class Counting final : public engine::Caller {
public:
    explicit Counting(std::uint64_t& granted) : granted_(granted) {}
    void decided(const engine::Answer& answer) override {
        if (answer.refusal)
            give_up("refused: " + std::string(answer.refusal->code.word) + " " + answer.refusal->detail);
    }
    void settled(const Fault* fault) override {
        if (fault) give_up("not stored: " + fault->what);
        ++granted_;
    }

private:
    std::uint64_t& granted_;
};

/// A core on a journal, with an open drop of one SKU in the channel "web".
class Shop {
public:
    Shop(engine::Journal& journal, std::uint64_t units) : core_(journal, {std::string(32, 'v'), 1}) {
        must(core_.start(now_).ok(), "start");
        ask(OpenShop{"Bench", "GBP", "UTC", true, false, 1, 1});
        ask(AddProduct{"Mug", "", "", "standard", {{"MUG", "", Money{1000}, false, Money{2990}, 0, {}}}});
        ask(AddPlace{"Hub", PlaceKind::hub, "UTC", {}});
        const auto stock = Quantity{static_cast<std::int64_t>(units)};
        ask(ReceiveStock{PlaceId{1}, {{SkuId{1}, stock, Money{1000}}}, ""});
        LineTerms line;
        line.sku = SkuId{1};
        line.cap = stock;
        line.bands = {Money{2990}};
        line.floor = Money{1500};
        line.list_price = Money{2990};
        DropTerms terms;
        terms.slug = terms.title = "hot";
        terms.opens_at = now_ + seconds(1);
        terms.closes_at = now_ + hours(48);
        terms.channels = {core_.state().places.channel_named("web")->id};
        terms.lines = {line};
        terms.hold_for = hours(24);
        ask(DraftDrop{terms});
        ask(ScheduleDrop{DropId{1}});
        now_ = now_ + seconds(2);
        must(core_.run({}, now_), "open");
        must(core_.state().drops.drops.at(0).status == DropStatus::open, "the drop did not open");
    }

    /// What `holds` holds of one unit, each with a key, in batches take.
    Took hold(std::uint64_t holds) {
        std::vector<engine::Ask> asks;
        const Watch watch;
        for (std::uint64_t done = 0; done < holds; done += kBatch) {
            asks.clear();
            for (std::size_t i = 0; i < kBatch; ++i) asks.push_back(hold_ask());
            now_ = now_ + Duration{1};
            must(core_.run(asks, now_), "the journal refused a batch");
        }
        const Took took = watch.took();
        must(granted_ == keys_, "a hold was not answered");
        return took;
    }

private:
    engine::Ask hold_ask() {
        KeyUse key;
        ++keys_;
        const auto spread = keys_ * 0x9e3779b97f4a7c15ULL;
        for (std::size_t i = 0; i < 8; ++i) key.scope[i] = static_cast<std::uint8_t>(spread >> 8 * i);
        for (std::size_t i = 0; i < 8; ++i) key.scope[8 + i] = static_cast<std::uint8_t>(keys_ >> 8 * i);
        key.body = keys_;
        engine::Ask ask;
        ask.command = PlaceHold{DropId{1}, ChannelId{1}, {{SkuId{1}, Quantity{1}, {}}}, {}, 0, {}};
        ask.who = {ActorKind::buyer, {}};
        ask.key = key;
        ask.caller = std::make_unique<Counting>(granted_);
        return ask;
    }
    template <class C>
    void ask(C command) {
        std::uint64_t settled = 0;
        engine::Ask asks[1];
        asks[0].command = std::move(command);
        asks[0].caller = std::make_unique<Counting>(settled);
        must(core_.run(asks, now_) && settled == 1, "set-up");
    }
    static void must(bool held, const char* what) {
        if (!held) give_up(what);
    }

    engine::Core core_;
    Instant now_ = kStart;
    std::uint64_t keys_ = 0;
    std::uint64_t granted_ = 0;
};

/// To read the journal's bytes and hash them once: no replay that checks the chain can be faster.
Took hash_once(const engine::Journal& journal) {
    Digest256 head{};
    const Watch watch;
    const auto read = journal.read(1, [&](const engine::StoredBatch& batch) {
        head = engine::chain(head, batch.bytes);
        return true;
    });
    if (!read.ok()) give_up("the journal cannot be read: " + read.error().what);
    return watch.took();
}

void bench(const std::string& kind, engine::Journal& journal, std::uint64_t holds) {
    {
        Shop shop(journal, 2 * holds + kBatch);
        shop.hold(kBatch * 4);  // warm-up
        print("holds, " + kind, holds, shop.hold(holds), {});
    }
    const Took floor = hash_once(journal);
    {
        engine::Core core(journal, {std::string(32, 'v'), 1});
        const Watch watch;
        const auto report = core.start(kStart + hours(1));
        if (!report.ok()) give_up("replay: " + report.error().what);
        print("facts replayed, " + kind, report->replayed, watch.took(), floor);
    }
    const Watch watch;
    const engine::VerifyReport report = engine::verify(journal);
    if (!report.holds()) give_up("a law is broken");
    print("facts verified, " + kind, report.facts, watch.took(), floor);
}

}  // namespace

int main(int count, char** words) {
    const bool smoke = count > 1 && std::string_view(words[1]) == "--smoke";
    const std::uint64_t holds = smoke ? 10'240 : 1'024'000;
    {
        engine::MemoryJournal journal;
        bench("memory", journal, holds);
    }
    std::string folder = (std::filesystem::temp_directory_path() / "dropsmith-bench-XXXXXX").string();
    if (!mkdtemp(folder.data())) give_up("no temporary folder");
    {
        auto journal = sqlite::SqliteJournal::open(folder, sqlite::SqliteJournal::Role::writer);
        if (!journal.ok()) give_up("sqlite: " + journal.error().what);
        bench("sqlite", **journal, holds);
    }
    std::filesystem::remove_all(folder);
    return 0;
}
