// What many look at at once: whoever asks while the same question waits for the loop joins it, and one answer, made
// after the last of them asked, goes to all. A crowd at a drop's page takes one place in the queue, not a place each,
// and nobody sees less than what was acknowledged before he asked. Bounded in all that wait. Any thread. Covered by
// tests/http/crowd.py, tests/load/slow_clients.py.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "edge/http/route.h"

namespace dropsmith::http {

class Looks {
  public:
    Looks();
    ~Looks();
    // true: he is the first and asks for all. false and taken: he waits with the others. false and not taken: too many.
    bool join(const std::string& what, CallPtr& call);
    std::vector<CallPtr> take(const std::string& what);  // who waits for it; whoever comes from now on asks anew

  private:
    std::mutex mutex_;
    std::size_t waiting_ = 0;
    std::unordered_map<std::string, std::vector<CallPtr>> by_what_;
};

}  // namespace dropsmith::http
