// A small HTTP/1.1 client for the shop's own control socket. Covered by tests/http/cli_test.py.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "base/text.h"
#include "edge/cli/control_door.h"

namespace dropsmith::cli {
namespace {

class ControlDoor final : public Door {
  public:
    explicit ControlDoor(int socket) : socket_(socket) {}
    ~ControlDoor() override { ::close(socket_); }
    ControlDoor(const ControlDoor&) = delete;
    ControlDoor& operator=(const ControlDoor&) = delete;

    Result<Told, Fault> ask(Asked asked) override {
        const auto& body = asked.body;
        const auto& key = asked.idempotency_key;
        std::string request = asked.method + " " + asked.path + (asked.query.empty() ? "" : "?" + asked.query) +
                              " HTTP/1.1\r\nHost: control\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
        if (!body.empty()) request += "Content-Type: application/json\r\n";
        if (!key.empty()) request += "Idempotency-Key: " + key + "\r\n";
        request += "\r\n" + body;
        for (std::size_t sent = 0; sent < request.size();) {
            const auto n = ::send(socket_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return lost();
            sent += static_cast<std::size_t>(n);
        }
        return read_answer();
    }

  private:
    static Failure<Fault> lost() {
        return fault(FaultKind::io, "the running shop hung up; see its log, then ask again");
    }
    bool more() {
        char chunk[16'384];
        for (;;) {
            const auto n = ::recv(socket_, chunk, sizeof chunk, 0);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return false;
            in_.append(chunk, static_cast<std::size_t>(n));
            return true;
        }
    }
    Result<Told, Fault> read_answer() {
        std::size_t end = 0;
        while ((end = in_.find("\r\n\r\n")) == std::string::npos)
            if (!more()) return lost();
        Told answer;
        const auto status = parse_integer(std::string_view(in_).substr(9, 3));
        if (!in_.starts_with("HTTP/1.1 ") || !status) return lost();
        answer.status = static_cast<int>(*status);
        std::size_t length = 0;
        if (const auto at = in_.find("Content-Length: "); at < end) {
            const auto n = parse_integer(std::string_view(in_).substr(at + 16, in_.find("\r\n", at) - at - 16));
            if (!n || *n < 0) return lost();
            length = static_cast<std::size_t>(*n);
        }
        while (in_.size() < end + 4 + length)
            if (!more()) return lost();
        answer.body = in_.substr(end + 4, length);
        in_.erase(0, end + 4 + length);
        return answer;
    }
    int socket_;
    std::string in_;
};

}  // namespace

Result<std::unique_ptr<Door>, Fault> control_door(const std::string& folder) {
    const int at = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (at < 0) return fault(FaultKind::busy, "there is no data folder '" + folder + "'");
    // Through the folder's descriptor: a socket's own path has room for 107 octets only.
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = "/proc/self/fd/" + std::to_string(at) + "/control.sock";
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool connected =
        socket >= 0 && ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(at);
    if (!connected) {
        if (socket >= 0) ::close(socket);
        return fault(FaultKind::busy, "no shop is running on '" + folder + "'");
    }
    return std::unique_ptr<Door>(std::make_unique<ControlDoor>(socket));
}

std::string encode_query(const std::string& text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
            c == '.' || c == '~')
            out.push_back(c);
        else
            out.append(1, '%').append(1, digits[u >> 4]).append(1, digits[u & 15]);
    }
    return out;
}

}  // namespace dropsmith::cli
