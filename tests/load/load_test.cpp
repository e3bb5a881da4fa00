// The load tools against servers of our own: the counts add up, the bounds hold, and the alarms ring: the naive twin
// must oversell, and a server without idempotency must be found out.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "buyers.h"
#include "drive.h"
#include "http_wire.h"
#include "naive_twin.h"
#include "tiny_server.h"

namespace dropsmith::load {
namespace {

/// A tiny server on threads of its own for the length of a test.
class Serving {
  public:
    explicit Serving(Answer answer, int threads = 1) : answer_(std::move(answer)) {
        for (int i = 0; i < threads; ++i) listeners_.push_back(listen_loopback(port_));
        for (const int listener : listeners_)
            threads_.emplace_back([this, listener] { serve(listener, answer_, stop_); });
    }
    ~Serving() {
        stop_ = true;
        for (std::thread& thread : threads_) thread.join();
        for (const int listener : listeners_) close(listener);
    }
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;
    std::uint16_t port() const { return port_; }

  private:
    Answer answer_;
    std::uint16_t port_ = 0;
    std::vector<int> listeners_;
    std::atomic<bool> stop_{false};
    std::vector<std::thread> threads_;
};

DriveSettings drive_settings(std::uint16_t port, unsigned connections, std::uint64_t requests) {
    DriveSettings settings;
    settings.port = port;
    settings.connections = connections;
    settings.requests = requests;
    settings.deadline_ms = 30'000;
    return settings;
}

BuyersSettings buyers_settings(Mode mode, unsigned connections) {
    BuyersSettings settings;
    settings.mode = mode;
    settings.connections = connections;
    settings.targets = {{"drop_a", "MUG"}};
    return settings;
}

TEST(HttpWire, finds_the_end_of_a_message) {
    const struct {
        const char* in;
        std::size_t length;
    } cases[] = {
        {"", 0},
        {"GET / HTTP/1.1\r\n", 0},
        {"GET / HTTP/1.1\r\n\r\n", 18},
        {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", 0},
        {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP", 41},
        {"HTTP/1.1 200 OK\r\ncontent-length:3\r\n\r\nabc", 40},
        {"HTTP/1.1 200 OK\r\nContent-Length: 3x\r\n\r\nabc", SIZE_MAX},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", SIZE_MAX},
        {"HTTP/1.1 204 No Content\r\n\r\n", 27},
    };
    for (const auto& row : cases) EXPECT_EQ(http_frame(row.in), row.length) << row.in;
}

TEST(HttpWire, reads_status_header_and_member) {
    const HttpReply reply = http_reply(
        "HTTP/1.1 409 Conflict\r\nIdempotent-Replayed: true\r\nContent-Length: 21\r\n\r\n{\"code\" : \"sold_out\"}");
    EXPECT_EQ(reply.status, 409);
    EXPECT_EQ(http_header(reply.head, "idempotent-replayed"), "true");
    EXPECT_EQ(http_header(reply.head, "replayed"), "");
    EXPECT_EQ(json_string(reply.body, "code"), "sold_out");
    EXPECT_EQ(json_string(R"({"a":"id","b":{"id":"x"}})", "id"), "x");
    EXPECT_EQ(json_string(R"({"id":3})", "id"), "");
}

TEST(Drive, every_request_is_answered_at_every_depth) {
    for (const unsigned depth : {1U, 7U}) {
        std::atomic<std::uint64_t> served{0};
        const Serving server(
            [&](std::string_view, std::string& out) {
                ++served;
                write_reply(out, "HTTP/1.1 201 Created", "application/json", R"({"id":"hold_1","secret":"s"})");
            },
            2);
        DriveSettings settings = drive_settings(server.port(), 32, 5000);
        settings.depth = depth;
        Buyers buyers(buyers_settings(Mode::kHolds, 32));
        const DriveResult result = drive(settings, buyers);
        EXPECT_EQ(result.asked, 5000U);
        EXPECT_EQ(result.heard, 5000U);
        EXPECT_EQ(result.unanswered, 0U);
        EXPECT_EQ(served.load(), 5000U);
        EXPECT_EQ(buyers.tally().by_status.at(201), 5000U);
        EXPECT_EQ(result.latency_ns.counted(), 5000U);
    }
}

TEST(Drive, at_a_rate_a_stall_counts_against_every_request_that_was_due) {
    int calls = 0;
    const Serving server([&](std::string_view, std::string& out) {
        if (++calls == 50) std::this_thread::sleep_for(std::chrono::milliseconds(100));
        write_reply(out, "HTTP/1.1 201 Created", "application/json", R"({"id":"hold_1"})");
    });
    DriveSettings settings = drive_settings(server.port(), 1, 200);
    settings.per_second = 1000;
    Buyers buyers(buyers_settings(Mode::kHolds, 1));
    const DriveResult result = drive(settings, buyers);
    EXPECT_EQ(result.heard, 200U);
    EXPECT_GE(result.seconds, 0.199);  // not asked faster than the rate: a law of the driver, not a speed
    // About 100 requests became due during the stall: at least 40 of 200 waited over 10 ms.
    EXPECT_GT(result.latency_ns.at_per_mille(800), 10'000'000);
}

TEST(Drive, a_server_that_never_answers_ends_at_the_deadline) {
    const Serving server([](std::string_view, std::string&) {});
    DriveSettings settings = drive_settings(server.port(), 4, 100);
    settings.deadline_ms = 200;
    Buyers buyers(buyers_settings(Mode::kHolds, 4));
    const DriveResult result = drive(settings, buyers);
    EXPECT_TRUE(result.timed_out);
    EXPECT_EQ(result.asked, 4U);
    EXPECT_EQ(result.unanswered, 4U);
}

TEST(Drive, what_was_on_the_way_on_a_broken_connection_is_unanswered) {
    std::atomic<int> calls{0};
    const Serving server([&](std::string_view, std::string& out) {
        // Every tenth reply is nonsense, which breaks the connection for good.
        if (++calls % 10 == 0)
            out.append("SMTP 220\r\nContent-Length: no\r\n\r\n");
        else
            write_reply(out, "HTTP/1.1 201 Created", "application/json", R"({"id":"hold_1"})");
    });
    Buyers buyers(buyers_settings(Mode::kHolds, 1));
    const DriveResult result = drive(drive_settings(server.port(), 1, 100), buyers);
    EXPECT_TRUE(result.malformed);
    EXPECT_EQ(result.heard, 9U);
    EXPECT_EQ(result.unanswered, 1U);
    EXPECT_EQ(result.asked, result.heard + result.unanswered);
    EXPECT_EQ(result.lost, 1U);
}

TEST(Drive, nobody_listening_ends_at_once) {
    std::uint16_t port = 0;
    close(listen_loopback(port));
    Buyers buyers(buyers_settings(Mode::kHolds, 4));
    const DriveResult result = drive(drive_settings(port, 4, 100), buyers);
    EXPECT_EQ(result.lost, 4U);
    EXPECT_EQ(result.heard, 0U);
}

TEST(Buyers, every_fresh_hold_has_its_own_key_and_a_repeat_has_an_earlier_one) {
    for (const auto& [mode, keys_wanted] : {std::pair{Mode::kHolds, 1000U}, std::pair{Mode::kRepeat, 500U}}) {
        std::set<std::string> keys;
        const Serving server([&](std::string_view request, std::string& out) {
            keys.emplace(http_header(request.substr(0, request.find("\r\n\r\n")), "idempotency-key"));
            write_reply(out, "HTTP/1.1 409 Conflict", "application/problem+json", R"({"code":"sold_out"})");
        });
        Buyers buyers(buyers_settings(mode, 8));
        drive(drive_settings(server.port(), 8, 1000), buyers);
        EXPECT_EQ(keys.size(), keys_wanted);
        EXPECT_EQ(buyers.tally().by_code.at("sold_out"), 1000U);
    }
}

TEST(Buyers, the_alarm_rings_for_a_server_that_forgets_keys) {
    std::atomic<int> next{0};
    const Serving server([&](std::string_view, std::string& out) {
        write_reply(out, "HTTP/1.1 201 Created", "application/json",
                    R"({"id":"hold_)" + std::to_string(++next) + "\"}");
    });
    Buyers buyers(buyers_settings(Mode::kRepeat, 8));
    drive(drive_settings(server.port(), 8, 200), buyers);
    EXPECT_EQ(buyers.tally().mismatched, 100U);
    EXPECT_EQ(buyers.tally().doubled, 100U);
}

TEST(Buyers, a_crowd_of_twins_shares_a_key_per_wave) {
    std::map<std::string, int> asked;
    const Serving server([&](std::string_view request, std::string& out) {
        ++asked[std::string(http_header(request.substr(0, request.find("\r\n\r\n")), "idempotency-key"))];
        write_reply(out, "HTTP/1.1 201 Created", "application/json", R"({"id":"hold_1"})");
    });
    DriveSettings settings = drive_settings(server.port(), 8, 80);
    settings.waves = true;
    Buyers buyers(buyers_settings(Mode::kTwins, 8));
    drive(settings, buyers);
    EXPECT_EQ(asked.size(), 10U);
    for (const auto& [key, times] : asked) EXPECT_EQ(times, 8) << key;
    EXPECT_EQ(buyers.tally().doubled, 70U);  // 8 answers a key, none marked as replayed
}

TEST(Buyers, a_server_that_remembers_keys_is_not_accused) {
    std::map<std::string, std::string> first;
    const Serving server([&](std::string_view request, std::string& out) {
        const std::string key(http_header(request.substr(0, request.find("\r\n\r\n")), "idempotency-key"));
        const auto [found, fresh] = first.try_emplace(key, R"({"id":"hold_)" + std::to_string(first.size()) + "\"}");
        write_reply(out, fresh ? "HTTP/1.1 201 Created" : "HTTP/1.1 201 Created\r\nIdempotent-Replayed: true",
                    "application/json", found->second);
    });
    Buyers buyers(buyers_settings(Mode::kRepeat, 8));
    drive(drive_settings(server.port(), 8, 200), buyers);
    EXPECT_EQ(buyers.tally().replayed, 100U);
    EXPECT_EQ(buyers.tally().mismatched, 0U);
    EXPECT_EQ(buyers.tally().doubled, 0U);
}

TEST(Buyers, the_alarm_rings_for_a_server_that_lets_latecomers_overtake) {
    std::atomic<int> next{0};
    const Serving server([&](std::string_view, std::string& out) {  // sold out from the 50th to the 59th, and then not
        const int n = next++;
        if (n >= 50 && n < 60)
            write_reply(out, "HTTP/1.1 409 Conflict", "application/problem+json", R"({"code":"sold_out"})");
        else if (n >= 90)
            write_reply(out, "HTTP/1.1 503 Service Unavailable", "application/problem+json", R"({"code":"busy"})");
        else
            write_reply(out, "HTTP/1.1 201 Created", "application/json", R"({"id":"hold_1"})");
    });
    Buyers buyers(buyers_settings(Mode::kHolds, 1));
    drive(drive_settings(server.port(), 1, 100), buyers);
    EXPECT_EQ(buyers.tally().overtook, 30U);
    EXPECT_EQ(buyers.tally().no_retry_after, 10U);
}

TEST(Buyers, every_acknowledged_effect_is_a_line_in_the_file) {
    std::atomic<int> next{0};
    const Serving server([&](std::string_view, std::string& out) {
        write_reply(out, "HTTP/1.1 201 Created", "application/json",
                    R"({"id":"hold_)" + std::to_string(++next) + R"(","secret":"s"})");
    });
    const std::string path = testing::TempDir() + "dropsmith_acks_" + std::to_string(getpid());
    std::FILE* file = std::fopen(path.c_str(), "w");
    BuyersSettings settings = buyers_settings(Mode::kMixed, 8);
    settings.ack_fd = fileno(file);
    Buyers buyers(settings);
    drive(drive_settings(server.port(), 8, 2000), buyers);
    std::fclose(file);
    std::map<std::string, std::uint64_t> lines;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) ++lines[line.substr(0, line.find('\t'))];
    for (const char* verb : {"hold", "confirm", "release"}) {
        EXPECT_GT(lines[verb], 50U) << verb;
        EXPECT_EQ(lines[verb], buyers.tally().by_verb.at(verb)) << verb;
    }
    std::remove(path.c_str());
}

constexpr std::int64_t kUnits = 20;

std::int64_t sold_under_load(NaiveShop& shop, Tally& tally) {
    const Serving server([&](std::string_view request, std::string& out) { shop.answer(request, out); }, 8);
    Buyers buyers(buyers_settings(Mode::kHolds, 64));
    const DriveResult result = drive(drive_settings(server.port(), 64, 2000), buyers);
    EXPECT_EQ(result.heard, 2000U);
    tally = buyers.tally();
    EXPECT_EQ(tally.by_status[201], static_cast<std::uint64_t>(shop.sold()));
    return shop.sold();
}

TEST(NaiveTwin, oversells_under_the_load) {
    // A lost update needs two threads in the window at once; a round without one is possible, twenty are not.
    for (int round = 0; round < 20; ++round) {
        NaiveShop shop(kUnits, false);
        Tally tally;
        if (sold_under_load(shop, tally) > kUnits) return;
    }
    FAIL() << "the naive twin did not oversell: the load would not find an oversell in the real shop either";
}

TEST(NaiveTwin, with_check_and_take_in_one_step_sells_what_it_has) {
    for (int round = 0; round < 5; ++round) {
        NaiveShop shop(kUnits, true);
        Tally tally;
        EXPECT_EQ(sold_under_load(shop, tally), kUnits);
        EXPECT_EQ(tally.by_code["sold_out"], 2000U - kUnits);
    }
}

TEST(NaiveTwin, a_race_counts_its_winners_wave_by_wave) {
    NaiveShop shop(5, true);
    const Serving server([&](std::string_view request, std::string& out) { shop.answer(request, out); });
    DriveSettings settings = drive_settings(server.port(), 4, 12);
    settings.waves = true;
    Buyers buyers(buyers_settings(Mode::kRace, 4));
    drive(settings, buyers);
    EXPECT_EQ(buyers.tally().winners, (std::vector<std::uint32_t>{4, 1, 0}));
}

}  // namespace
}  // namespace dropsmith::load
