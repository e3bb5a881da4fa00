// The socket server with a target that answers at once, from another thread, or never: every request gets its own
// answer, in order, however they are sent; a stop in the middle ends cleanly. Run it under TSan too.
#include "edge/http/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

namespace dropsmith::http::server_test {
namespace {

constexpr std::size_t large = 64 << 10;

// Paths: /now/N is answered on the network thread, /large with as many octets, /later/N on another in batches; /never
// is dropped unanswered.
class Answering final : public Target {
  public:
    explicit Answering(engine::BatchScope*& scope) : scope_(scope), thread_([this] { work(); }) {}
    ~Answering() override {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }
    Short at_once(Request& request, Reply& reply, Way&, std::int64_t) override {
        if (!request.path.starts_with("/now/") && request.path != "/large") return Short::no;
        reply.body = request.path == "/large" ? std::string(large, '.') : request.path;
        answered.fetch_add(1);
        return Short::answered;
    }
    void take(Request request, std::unique_ptr<Responder> responder) override {
        if (request.path == "/never") return;
        const std::lock_guard lock(mutex_);
        waiting_.emplace_back(std::move(request.path), std::move(responder));
        wake_.notify_one();
    }

    std::atomic<int> answered{0};  // at once

  private:
    void work() {
        std::unique_lock lock(mutex_);
        for (;;) {
            wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
            if (stopping_) return;
            auto batch = std::exchange(waiting_, {});
            lock.unlock();
            if (scope_) scope_->batch_begins();
            for (auto& [path, responder] : batch) {
                Reply reply;
                reply.body = path;
                responder->reply(std::move(reply));
            }
            if (scope_) scope_->batch_ends();
            lock.lock();
        }
    }
    engine::BatchScope*& scope_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::pair<std::string, std::unique_ptr<Responder>>> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

class ServerTest : public testing::Test {
  protected:
    void start(unsigned threads, ServerSettings settings = {}) {
        target_.emplace(scope_);
        settings.port = 0;
        settings.threads = threads;
        server_.emplace(settings, *target_);
        ASSERT_TRUE(server_->start().ok());
    }
    int dial() const {
        const int line = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET, address.sin_port = htons(server_->port());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(line, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        return line;
    }
    static std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"; }
    // The bodies of the next n answers; fewer when the other side hangs up.
    static std::vector<std::string> bodies(int line, std::size_t n) {
        std::vector<std::string> out;
        std::string in;
        char room[4096];
        while (out.size() < n) {
            const auto head = in.find("\r\n\r\n");
            const auto length = in.find("Content-Length: ");
            if (head != std::string::npos && length < head) {
                const auto size = static_cast<std::size_t>(std::stoul(in.substr(length + 16)));
                if (in.size() >= head + 4 + size) {
                    out.push_back(in.substr(head + 4, size));
                    in.erase(0, head + 4 + size);
                    continue;
                }
            }
            const auto got = ::recv(line, room, sizeof room, 0);
            if (got <= 0) break;
            in.append(room, static_cast<std::size_t>(got));
        }
        return out;
    }

    engine::BatchScope* scope_ = nullptr;
    std::optional<Answering> target_;
    std::optional<Server> server_;
};

TEST_F(ServerTest, EveryRequestGetsItsOwnAnswerInOrder) {
    for (const bool batches : {false, true}) {
        scope_ = nullptr;
        start(2);
        if (batches) scope_ = &*server_;  // before the first request
        std::vector<std::jthread> clients;
        for (int c = 0; c < 6; ++c)
            clients.emplace_back([&, c] {
                const int line = dial();
                for (int round = 0; round < 40; ++round) {
                    std::string asked;
                    std::vector<std::string> wanted;
                    for (int i = 0; i < 1 + round % 9; ++i) {
                        wanted.push_back(std::string((round + i) % 3 ? "/later/" : "/now/") + std::to_string(c) + "-" +
                                         std::to_string(round) + "-" + std::to_string(i));
                        asked += get(wanted.back());
                    }
                    ASSERT_EQ(::send(line, asked.data(), asked.size(), MSG_NOSIGNAL),
                              static_cast<ssize_t>(asked.size()));
                    ASSERT_EQ(bodies(line, wanted.size()), wanted);
                }
                ::close(line);
            });
        clients.clear();
        EXPECT_EQ(server_->figures().connections, 6u);
        server_->stop();
        target_.reset();
        server_.reset();
    }
}

TEST_F(ServerTest, MoreThanItTakesAtOnceWaitsItsTurn) {
    start(1);
    const int line = dial();
    std::string asked;
    std::vector<std::string> wanted;
    for (int i = 0; i < 500; ++i) {
        wanted.push_back("/later/" + std::to_string(i));
        asked += get(wanted.back());
    }
    ASSERT_EQ(::send(line, asked.data(), asked.size(), MSG_NOSIGNAL), static_cast<ssize_t>(asked.size()));
    EXPECT_EQ(bodies(line, wanted.size()), wanted);
    ::close(line);
}

// Sixty-four buyers who have 64 requests ready each, and one who asks a single thing after them all: he does not wait
// for their four thousand, and every one of theirs is answered in order all the same.
TEST_F(ServerTest, WhoAsksOneThingDoesNotWaitForThousands) {
    class Gate final : public Target {
      public:
        Short at_once(Request& request, Reply& reply, Way&, std::int64_t) override {
            if (request.path == "/gate") {
                entered.store(true);
                while (!open.load()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
            } else if (request.path == "/single") {
                before_the_single = asked;
            } else if (entered.load()) {
                ++asked;
            }
            reply.body = request.path;
            return Short::answered;
        }
        void take(Request, std::unique_ptr<Responder>) override {}
        std::atomic<bool> entered{false}, open{false};
        std::size_t asked = 0, before_the_single = 0;  // the network thread's, read when it has ended
    } gate;
    ServerSettings settings;
    settings.port = 0;
    server_.emplace(settings, gate);
    ASSERT_TRUE(server_->start().ok());
    constexpr std::size_t buyers = 64, each = 64;
    std::vector<int> lines;
    for (std::size_t i = 0; i < buyers + 2; ++i) {
        lines.push_back(dial());
        const auto hello = get("/hello");
        ASSERT_EQ(::send(lines.back(), hello.data(), hello.size(), MSG_NOSIGNAL), static_cast<ssize_t>(hello.size()));
        ASSERT_EQ(bodies(lines.back(), 1).size(), 1u);
    }
    const auto say = [](int line, const std::string& text) {
        ASSERT_EQ(::send(line, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
    };
    say(lines[0], get("/gate"));
    while (!gate.entered.load()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::vector<std::string> wanted;
    std::string crowd;
    for (std::size_t i = 0; i < each; ++i) crowd += get(wanted.emplace_back("/crowd/" + std::to_string(i)));
    for (std::size_t i = 0; i < buyers; ++i) say(lines[i + 1], crowd);
    say(lines.back(), get("/single"));
    gate.open.store(true);
    EXPECT_EQ(bodies(lines.back(), 1), std::vector<std::string>{"/single"});
    for (std::size_t i = 0; i < buyers; ++i) EXPECT_EQ(bodies(lines[i + 1], each), wanted);
    server_->stop();
    EXPECT_EQ(gate.asked, buyers * each);
    EXPECT_LT(gate.before_the_single, buyers * each / 2);
    for (const int line : lines) ::close(line);
    server_.reset();
}

TEST_F(ServerTest, ARequestThatIsDroppedIsAnsweredAllTheSame) {
    start(1);
    const int line = dial();
    const auto asked = get("/never") + get("/now/1");
    ASSERT_EQ(::send(line, asked.data(), asked.size(), MSG_NOSIGNAL), static_cast<ssize_t>(asked.size()));
    const auto said = bodies(line, 2);
    ASSERT_EQ(said.size(), 2u);
    EXPECT_NE(said[0].find("unavailable"), std::string::npos);
    EXPECT_EQ(said[1], "/now/1");
    ::close(line);
}

// Whoever asks and never reads: little is kept for him, and his time runs from when that is full, not from when the
// system has taken megabytes.
TEST_F(ServerTest, WhoNeverReadsIsCutOffAndHoldsLittle) {
    ServerSettings settings;
    settings.write_ms = 300;
    start(1, settings);
    const int line = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int room = 4'096;
    ASSERT_EQ(::setsockopt(line, SOL_SOCKET, SO_RCVBUF, &room, sizeof room), 0);
    sockaddr_in address{};
    address.sin_family = AF_INET, address.sin_port = htons(server_->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::connect(line, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    constexpr int asked = 40;  // 2.5 MiB of answers: more than we keep, less than the system would
    std::string requests;
    for (int i = 0; i < asked; ++i) requests += get("/large");
    ASSERT_EQ(::send(line, requests.data(), requests.size(), MSG_NOSIGNAL), static_cast<ssize_t>(requests.size()));
    while (server_->figures().connections == 0 || server_->figures().open > 0)  // ends by the test's own time limit
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_LT(target_->answered.load(), asked / 2);
    ::close(line);
}

TEST_F(ServerTest, LargeAnswersInARowReachWhoReads) {
    start(1);
    const int line = dial();
    constexpr std::size_t asked = 60;
    std::string requests;
    for (std::size_t i = 0; i < asked; ++i) requests += get("/large");
    ASSERT_EQ(::send(line, requests.data(), requests.size(), MSG_NOSIGNAL), static_cast<ssize_t>(requests.size()));
    const auto said = bodies(line, asked);
    ASSERT_EQ(said.size(), asked);
    for (const auto& body : said) EXPECT_EQ(body.size(), large);
    ::close(line);
}

TEST_F(ServerTest, StopsInTheMiddle) {
    for (int i = 0; i < 10; ++i) {
        start(2);
        std::vector<int> lines;
        for (int c = 0; c < 8; ++c) {
            lines.push_back(dial());
            const auto asked = get("/later/1") + get("/later/2");
            (void)::send(lines.back(), asked.data(), asked.size(), MSG_NOSIGNAL);
        }
        server_->stop();
        EXPECT_EQ(server_->figures().open, 0u);
        target_.reset();  // what it still holds answers into a server that has ended
        server_.reset();
        for (const int line : lines) ::close(line);
    }
}

}  // namespace
}  // namespace dropsmith::http::server_test
