// bare_echo: the floor under every HTTP figure. One thread, epoll, and the same fixed 201 to every request; nothing is
// parsed beyond the request's end, decided or kept. Prints {"port": N}, ends on its own after --seconds.
#include <chrono>
#include <cstdio>
#include <thread>

#include "options.h"
#include "tiny_server.h"

int main(int count, char** words) {
    using namespace dropsmith::load;
    const Options options(count, words, "reply-bytes seconds", "bare_echo [--reply-bytes 220] [--seconds 120]\n");
    std::uint16_t port = 0;
    const int listener = listen_loopback(port);
    if (listener < 0) return 1;
    std::string body = R"({"id":"hold_0000000000000","secret":"0000000000000000000000","status":"held"})";
    const std::uint64_t reply_bytes = options.number("reply-bytes", 220, 60'000);
    if (body.size() < reply_bytes) body.append(reply_bytes - body.size(), ' ');
    std::string reply;
    write_reply(reply, "HTTP/1.1 201 Created", "application/json", body);

    std::printf("{\"port\": %u}\n", port);
    std::fflush(stdout);
    std::atomic<bool> stop{false};
    std::jthread timer([&](const std::stop_token&) {
        std::this_thread::sleep_for(std::chrono::seconds(options.number("seconds", 120, 3600)));
        stop = true;
    });
    serve(
        listener, [&](std::string_view, std::string& out) { out.append(reply); }, stop);
    return 0;
}
