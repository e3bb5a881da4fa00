// Covered by tests/http/commands.py.
#include "edge/cli/control_door.h"

#include "edge/cli/http_client.h"

namespace dropsmith::cli {
namespace {

class ControlDoor final : public Door {
  public:
    explicit ControlDoor(HttpClient client) : client_(std::move(client)) {}
    Result<Told, Fault> ask(Asked asked) override {
        auto exchange = client_.ask(asked);
        if (!exchange) return Failure{exchange.error()};
        return std::move(exchange->told);
    }

  private:
    HttpClient client_;
};

}  // namespace

Result<std::unique_ptr<Door>, Fault> control_door(const std::string& folder) {
    auto client = HttpClient::to_control(folder);
    if (auto there = client.connect(); !there) return Failure{there.error()};
    return std::unique_ptr<Door>(std::make_unique<ControlDoor>(std::move(client)));
}

std::string encode_query(const std::string& text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || c == '.' || c == '~';
        if (plain)
            out.push_back(c);
        else
            out.append(1, '%').append(1, digits[u >> 4]).append(1, digits[u & 15]);
    }
    return out;
}

}  // namespace dropsmith::cli
