// Router: finds the route, finds out who calls, refuses those who may not, checks key and query, and hands over. Called
// by the socket server, by the control socket and by the command line in its own process. Thread-safe. Covered by
// tests/http/access_matrix.py (every route x every kind of caller).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "edge/http/route.h"
#include "edge/http/server.h"
#include "edge/http/services.h"
#include "edge/http/short_way.h"

namespace dropsmith::http {

class Router final : public Target {
  public:
    explicit Router(Services& services);
    void take(Request request, std::unique_ptr<Responder> responder) override;
    Short at_once(Request& request, Reply& reply, Way& way, std::int64_t turn_ms) override;
    void round_begins() override { services_.loop->round_begins(); }
    void round_ends() override { services_.loop->round_ends(); }
    // For the command line: waits for the reply. Any thread but the loop's.
    Reply call(Request request);

  private:
    void see_who_asks(Request& request) const;
    struct Node {
        const Route* route;
        std::vector<std::string_view> parts;  // of the path; "{…}" takes any one segment
    };
    const Node* find(std::string_view method, const std::vector<std::string_view>& parts, bool& other_method) const;
    Services& services_;
    std::vector<std::vector<Node>> by_length_;  // by the number of segments
};

}  // namespace dropsmith::http
