// A shop's process of its own, for commands that start one and may lose it: demo and prove. The child is this program;
// it sees no blocked signals. One thread. Covered by tests/http/commands.py.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace dropsmith::app {

class Child {
  public:
    // words: of the command line, the program's name first. log: a file for what it prints; "": as this process.
    explicit Child(std::vector<std::string> words, std::string log = {})
        : words_(std::move(words)), log_(std::move(log)) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() { kill_now(); }

    bool start();
    bool runs() const { return pid_ > 0; }
    bool ended(int& status);  // true: it has ended; status is how (waitpid)
    int stop();               // SIGTERM; how it ended (waitpid), 0 when it does not run
    void kill_now();          // SIGKILL
    int wait();               // until it ends by itself; how

  private:
    std::vector<std::string> words_;
    std::string log_;
    pid_t pid_ = -1;
};

bool is_ready(const std::string& address, std::uint16_t port);

// Until the shop at that address says that it is ready. false: it ended, never was, or `pause`, which waits a little,
// answered that somebody wants an end.
template <class Pause>
bool wait_ready(Child& child, const std::string& address, std::uint16_t port, Pause&& pause) {
    for (int i = 0; i < 3'000; ++i) {
        int status = 0;
        if (child.ended(status)) return false;
        if (is_ready(address, port)) return true;
        if (!pause()) return false;
    }
    return false;
}

}  // namespace dropsmith::app
