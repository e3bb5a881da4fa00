// naive_twin: serves the naive shop on a free loopback port, prints {"port": N}, ends on its own after --seconds.
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#include "naive_twin.h"
#include "options.h"
#include "tiny_server.h"

int main(int count, char** words) {
    using namespace dropsmith::load;
    const Options options(count, words, "units threads seconds careful!",
                          "naive_twin --units 100 [--threads 8] [--seconds 60] [--careful]\n");
    std::uint16_t port = 0;
    NaiveShop shop(static_cast<std::int64_t>(options.number("units", 100, 1'000'000)), options.flag("careful"));
    std::atomic<bool> stop{false};
    std::vector<int> listeners;
    for (std::uint64_t i = 0; i < options.number("threads", 8, 64); ++i) {
        listeners.push_back(listen_loopback(port));
        if (listeners.back() < 0) return 1;
    }
    std::vector<std::thread> threads;
    for (const int listener : listeners) {
        threads.emplace_back([&, listener] {
            serve(
                listener, [&](std::string_view request, std::string& out) { shop.answer(request, out); }, stop);
        });
    }
    std::printf("{\"port\": %u}\n", port);
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::seconds(options.number("seconds", 60, 3600)));
    stop = true;
    for (std::thread& thread : threads) thread.join();
    return 0;
}
