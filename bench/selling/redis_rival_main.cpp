// redis_rival: buyers who reserve a unit by a Lua script in Redis, driven exactly like our own server is: the same
// driver, connections and requests, over Redis' own protocol. Prints one line of JSON like drop_loader.
// The script does what a careful shop would do there: answer a repeated key, check and take in one step, remember the
// hold and its expiry. The caller starts redis-server (appendfsync always) and stocks the key "stock".
#include <cstdio>
#include <map>

#include "drive.h"
#include "options.h"

namespace dropsmith::load {
namespace {

constexpr std::string_view kReserve = R"(
local known = redis.call('GET', KEYS[2])
if known then return known end
local units = tonumber(ARGV[2])
if tonumber(redis.call('GET', KEYS[1]) or '0') < units then return 'sold_out' end
redis.call('DECRBY', KEYS[1], units)
redis.call('SET', KEYS[2], ARGV[1], 'EX', 86400)
redis.call('HSET', KEYS[3], 'sku', ARGV[3], 'units', units, 'price', ARGV[4], 'expires', ARGV[5], 'status', 'held')
redis.call('ZADD', KEYS[4], ARGV[5], ARGV[1])
return ARGV[1]
)";

void write_bulk(std::string& out, std::string_view text) {
    out.append("$").append(std::to_string(text.size())).append("\r\n").append(text).append("\r\n");
}

/// Length of one RESP2 reply that is not an array: enough for the two commands that are sent.
std::size_t resp_frame(std::string_view in) {
    const std::size_t end = in.find("\r\n");
    if (end == std::string_view::npos) return 0;
    if (in[0] == '+' || in[0] == '-' || in[0] == ':') return end + 2;
    if (in[0] != '$') return Talk::kMalformed;
    const long length = std::strtol(in.data() + 1, nullptr, 10);
    if (length < 0) return end + 2;
    const std::size_t whole = end + 2 + static_cast<std::size_t>(length) + 2;
    return in.size() >= whole ? whole : 0;
}

/// SCRIPT LOAD, once: its answer is the digest that EVALSHA takes.
class Loading final : public Talk {
  public:
    void ask(std::uint64_t, std::string& out) override {
        out.append("*3\r\n");
        write_bulk(out, "SCRIPT");
        write_bulk(out, "LOAD");
        write_bulk(out, kReserve);
    }
    std::size_t frame(std::string_view in) const override { return resp_frame(in); }
    void heard(std::uint64_t, std::string_view reply) override {
        if (reply.size() > 40 && reply[0] == '$') digest = reply.substr(reply.find("\r\n") + 2, 40);
    }
    std::string digest;
};

class Reserving final : public Talk {
  public:
    Reserving(std::string digest, std::string prefix) : digest_(std::move(digest)), prefix_(std::move(prefix)) {}
    void ask(std::uint64_t ticket, std::string& out) override {
        const std::string serial = prefix_ + std::to_string(ticket);
        out.append("*12\r\n");
        for (const std::string& word :
             {std::string("EVALSHA"), digest_, std::string("4"), std::string("stock"), "key:" + serial,
              "hold:" + serial, std::string("expiry"), "hold_" + serial, std::string("1"), std::string("MUG-RED"),
              std::string("2990"), std::to_string(1'800'000'000 + ticket)}) {
            write_bulk(out, word);
        }
    }
    std::size_t frame(std::string_view in) const override { return resp_frame(in); }
    void heard(std::uint64_t, std::string_view reply) override {
        const std::string_view rest = reply.substr(reply.find("\r\n") + 2);
        ++counts[rest.starts_with("hold_") ? "held" : rest.starts_with("sold_out") ? "sold_out" : "error"];
    }
    std::map<std::string, std::uint64_t> counts{{"held", 0}, {"sold_out", 0}, {"error", 0}};

  private:
    std::string digest_;
    std::string prefix_;
};

}  // namespace
}  // namespace dropsmith::load

int main(int count, char** words) {
    using namespace dropsmith::load;
    const Options options(count, words, "port connections requests key-prefix",
                          "redis_rival --port N [--connections 64] [--requests 100000] [--key-prefix k]\n");
    DriveSettings settings;
    settings.port = static_cast<std::uint16_t>(options.number("port", 0, 65535));
    Loading loading;
    drive(settings, loading);
    if (loading.digest.empty()) refuse_use("no Redis took the script on --port " + std::to_string(settings.port));

    settings.connections = static_cast<unsigned>(options.number("connections", 64, 10'000));
    settings.requests = options.number("requests", 100'000, 100'000'000);
    settings.deadline_ms = 300'000;
    Reserving reserving(loading.digest, options.text("key-prefix", "k"));
    const DriveResult result = drive(settings, reserving);
    const auto micro = [&](double per_mille) {
        return static_cast<double>(result.latency_ns.at_per_mille(per_mille)) / 1e3;
    };
    std::printf(R"({"heard":%llu,"held":%llu,"sold_out":%llu,"errors":%llu,"seconds":%.6f,"per_second":%.1f,)"
                R"("latency_us":{"p50":%.1f,"p99":%.1f,"p999":%.1f}})"
                "\n",
                static_cast<unsigned long long>(result.heard),
                static_cast<unsigned long long>(reserving.counts["held"]),
                static_cast<unsigned long long>(reserving.counts["sold_out"]),
                static_cast<unsigned long long>(reserving.counts["error"]), result.seconds,
                static_cast<double>(result.heard) / result.seconds, micro(500), micro(990), micro(999));
    return result.heard == settings.requests && reserving.counts["error"] == 0 ? 0 : 1;
}
