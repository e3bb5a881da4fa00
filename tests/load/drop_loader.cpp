// drop_loader: many buyers at once on one loopback port; one line of JSON with what they were answered and how fast.
// Bounded in count (--requests) and time (--timeout); exits 0 when every request was answered, 1 otherwise.
// Used by tests/http, tests/crash and bench/selling. Test: load_test.cpp covers its parts, tests/http/oversell.py runs
// it.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "buyers.h"
#include "drive.h"
#include "options.h"

namespace dropsmith::load {
namespace {

constexpr char kUsage[] = R"(drop_loader: buyers who place holds over HTTP; what they were answered, as one line of JSON

  drop_loader --port 8080 --drop drop_x --sku MUG-RED --connections 64 --requests 20000
  drop_loader --port 8080 --targets last-units.txt --mode race --connections 64 --requests 64000 --ack acks.tsv

  --port N             on 127.0.0.1
  --drop ID --sku SKU  what is wanted; or --targets FILE with a line "DROP SKU" per target, taken in turn
  --mode M             holds (default), quotes, batch, race, repeat, twins, mixed: see tests/load/buyers.h
  --connections N      64      --requests N   1000 in total     --depth N   1, requests on the way per connection
  --units N            1       --channel C    web               --seed N    1, for mixed
  --batch N            64      holds of one request, for batch
  --key-prefix P       k       --ack FILE     appends verb, key, id, secret, hold, sku per acknowledged effect
  --body FILE          another body; {drop} {sku} {channel} {units} are filled in
  --pad-body N         fills the body with spaces up to N bytes
  --rate N             asks N a second in all, due whether or not the server keeps up (default: as fast as it answers)
  --timeout S          60 seconds, then what is open counts as unanswered
)";

Mode mode_named(const std::string& name) {
    if (name == "holds") return Mode::kHolds;
    if (name == "quotes") return Mode::kQuotes;
    if (name == "batch") return Mode::kBatch;
    if (name == "race") return Mode::kRace;
    if (name == "repeat") return Mode::kRepeat;
    if (name == "twins") return Mode::kTwins;
    if (name == "mixed") return Mode::kMixed;
    refuse_use("--mode is holds, quotes, batch, race, repeat, twins or mixed, not '" + name + "'");
}

std::vector<Target> targets_of(const Options& options) {
    const std::string file = options.text("targets");
    if (file.empty()) return {{options.text("drop"), options.text("sku")}};
    std::ifstream in(file);
    std::vector<Target> targets;
    for (Target target; in >> target.drop >> target.sku;) targets.push_back(target);
    if (targets.empty()) refuse_use("--targets " + file + " has no line 'DROP SKU'");
    return targets;
}

template <class Map>
std::string json_counts(const Map& counts) {
    std::ostringstream out;
    for (const auto& [name, count] : counts) out << (out.tellp() > 0 ? "," : "") << '"' << name << "\":" << count;
    return "{" + out.str() + "}";
}

std::string json_winners(const Tally& tally) {
    std::map<std::string, std::uint64_t> waves_by_winners;
    for (const std::uint32_t winners : tally.winners) ++waves_by_winners[std::to_string(winners)];
    return json_counts(waves_by_winners);
}

void print(const std::string& mode, const DriveSettings& drive, const DriveResult& result, const Tally& tally) {
    const auto micro = [](const Histogram& times, double per_mille) {
        return static_cast<double>(times.at_per_mille(per_mille)) / 1e3;
    };
    const auto& all = result.latency_ns;
    const auto& told_off = result.told_off_ns;
    std::printf(
        R"({"mode":"%s","connections":%u,"depth":%u,"asked":%llu,"heard":%llu,"unanswered":%llu,"reconnects":%llu,)"
        R"("lost_connections":%u,"malformed":%s,"timed_out":%s,"seconds":%.6f,"per_second":%.1f,"by_status":%s,)"
        R"("by_code":%s,"by_verb":%s,"replayed":%llu,"mismatched":%llu,"doubled":%llu,"unread":%llu,)"
        R"("overtook":%llu,"no_retry_after":%llu,)"
        R"("waves_by_winners":%s,"request_bytes":%zu,"reply_bytes":%zu,)"
        R"("latency_us":{"p50":%.1f,"p90":%.1f,"p99":%.1f,"p999":%.1f,"max":%.1f},)"
        R"("told_off_us":{"p50":%.1f,"p99":%.1f,"max":%.1f}})"
        "\n",
        mode.c_str(), drive.connections, drive.depth, static_cast<unsigned long long>(result.asked),
        static_cast<unsigned long long>(result.heard), static_cast<unsigned long long>(result.unanswered),
        static_cast<unsigned long long>(result.reconnects), result.lost, result.malformed ? "true" : "false",
        result.timed_out ? "true" : "false", result.seconds, static_cast<double>(result.heard) / result.seconds,
        json_counts(tally.by_status).c_str(), json_counts(tally.by_code).c_str(), json_counts(tally.by_verb).c_str(),
        static_cast<unsigned long long>(tally.replayed), static_cast<unsigned long long>(tally.mismatched),
        static_cast<unsigned long long>(tally.doubled), static_cast<unsigned long long>(tally.unread),
        static_cast<unsigned long long>(tally.overtook), static_cast<unsigned long long>(tally.no_retry_after),
        json_winners(tally).c_str(), tally.request_bytes, tally.reply_bytes, micro(all, 500), micro(all, 900),
        micro(all, 990), micro(all, 999), static_cast<double>(all.largest()) / 1e3, micro(told_off, 500),
        micro(told_off, 990), static_cast<double>(told_off.largest()) / 1e3);
}

int run(const Options& options) {
    const std::string mode = options.text("mode", "holds");
    BuyersSettings buyers;
    buyers.mode = mode_named(mode);
    buyers.targets = targets_of(options);
    buyers.channel = options.text("channel", "web");
    buyers.units = static_cast<unsigned>(options.number("units", 1, 1'000'000));
    buyers.key_prefix = options.text("key-prefix", "k");
    buyers.batch = static_cast<unsigned>(options.number("batch", 64, 256));
    buyers.seed = options.number("seed", 1, UINT64_MAX);
    buyers.pad_body_bytes = options.number("pad-body", 0, 60'000);
    if (const std::string file = options.text("body"); !file.empty()) {
        std::ifstream in(file);
        buyers.body.assign(std::istreambuf_iterator<char>(in), {});
        if (buyers.body.empty()) refuse_use("--body " + file + " is empty or cannot be read");
    }
    if (const std::string file = options.text("ack"); !file.empty()) {
        buyers.ack_fd = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (buyers.ack_fd < 0) refuse_use("--ack " + file + " cannot be written");
    }
    DriveSettings drive_settings;
    drive_settings.port = static_cast<std::uint16_t>(options.number("port", 0, 65535));
    drive_settings.connections = static_cast<unsigned>(options.number("connections", 64, 10'000));
    drive_settings.depth = static_cast<unsigned>(options.number("depth", 1, 1000));
    drive_settings.per_second = options.number("rate", 0, 1'000'000);
    drive_settings.requests = options.number("requests", 1000, 100'000'000);
    drive_settings.waves = buyers.mode == Mode::kRace || buyers.mode == Mode::kTwins;
    drive_settings.deadline_ms = static_cast<std::int64_t>(options.number("timeout", 60, 3600)) * 1000;
    if (drive_settings.port == 0) refuse_use("--port is needed");
    if (drive_settings.connections == 0 || drive_settings.depth == 0)
        refuse_use("--connections and --depth are at least 1");
    if (drive_settings.waves && drive_settings.depth != 1) refuse_use("--mode race and twins go with --depth 1");
    buyers.connections = drive_settings.connections;

    Buyers talk(buyers);
    const DriveResult result = drive(drive_settings, talk);
    print(mode, drive_settings, result, talk.tally());
    return result.heard == drive_settings.requests ? 0 : 1;
}

}  // namespace
}  // namespace dropsmith::load

int main(int count, char** words) {
    using namespace dropsmith::load;
    return run(Options(count, words,
                       "port drop sku targets mode connections requests depth units channel seed key-prefix ack body "
                       "pad-body timeout rate batch",
                       kUsage));
}
