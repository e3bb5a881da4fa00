// Covered by tests/http/commands.py.
#include "edge/cli/http_client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "base/text.h"

namespace dropsmith::cli {
namespace {

Failure<Fault> lost() { return fault(FaultKind::io, "the running shop hung up; see its log, then ask again"); }

// Through the folder's descriptor: a socket's own path has room for 107 octets only.
int connect_control(const std::string& folder) {
    const int at = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (at < 0) return -1;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = "/proc/self/fd/" + std::to_string(at) + "/control.sock";
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket >= 0 && ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket);
        socket = -1;
    }
    ::close(at);
    return socket;
}

int connect_address(const std::string& text, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (::inet_pton(AF_INET, text.c_str(), &address.sin_addr) != 1) return -1;
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return -1;
    const timeval patience{10, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
    ::close(socket);
    return -1;
}

std::string_view field(std::string_view head, std::string_view name) {
    const auto at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string_view::npos) return {};
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

}  // namespace

std::uint16_t free_loopback_port() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    const bool got = probe >= 0 && ::bind(probe, plain, size) == 0 && ::getsockname(probe, plain, &size) == 0;
    if (probe >= 0) ::close(probe);
    return got ? ntohs(address.sin_port) : std::uint16_t{0};
}

HttpClient::HttpClient(HttpClient&& other) noexcept
    : folder_(std::move(other.folder_)),
      address_(std::move(other.address_)),
      port_(other.port_),
      socket_(other.socket_),
      in_(std::move(other.in_)) {
    other.socket_ = -1;
}
HttpClient::~HttpClient() { hang_up(); }

void HttpClient::hang_up() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    in_.clear();
}

Status<Fault> HttpClient::connect() {
    if (socket_ >= 0) return Nothing{};
    socket_ = folder_.empty() ? connect_address(address_, port_) : connect_control(folder_);
    if (socket_ < 0) return fault(FaultKind::busy, "no shop is running there");
    return Nothing{};
}

bool HttpClient::send_all(const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
        const auto n = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        sent += static_cast<std::size_t>(n);
    }
    return true;
}

bool HttpClient::more() {
    char chunk[16'384];
    for (;;) {
        const auto n = ::recv(socket_, chunk, sizeof chunk, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        in_.append(chunk, static_cast<std::size_t>(n));
        return true;
    }
}

Result<Exchange, Fault> HttpClient::ask(const Asked& asked, const std::string& bearer) {
    if (auto there = connect(); !there) return Failure{there.error()};
    std::string request = asked.method + " " + asked.path + (asked.query.empty() ? "" : "?" + asked.query) +
                          " HTTP/1.1\r\nHost: shop\r\nContent-Length: " + std::to_string(asked.body.size()) + "\r\n";
    if (!asked.body.empty()) request += "Content-Type: application/json\r\n";
    if (!asked.idempotency_key.empty()) request += "Idempotency-Key: " + asked.idempotency_key + "\r\n";
    if (!bearer.empty()) request += "Authorization: Bearer " + bearer + "\r\n";
    request += "\r\n" + asked.body;
    if (!send_all(request)) {
        hang_up();
        return lost();
    }
    auto answer = read_answer();
    if (!answer) hang_up();
    return answer;
}

Result<Exchange, Fault> HttpClient::read_answer() {
    std::size_t end = 0;
    while ((end = in_.find("\r\n\r\n")) == std::string::npos)
        if (!more()) return lost();
    Exchange exchange;
    const auto head = std::string_view(in_).substr(0, end + 2);
    const auto status = head.size() > 12 ? parse_integer(head.substr(9, 3)) : std::nullopt;
    if (!head.starts_with("HTTP/1.1 ") || !status) return lost();
    exchange.told.status = static_cast<int>(*status);
    exchange.shop_time = field(head, "Shop-Time");
    std::size_t length = 0;
    if (const auto text = field(head, "Content-Length"); !text.empty()) {
        const auto n = parse_integer(text);
        if (!n || *n < 0) return lost();
        length = static_cast<std::size_t>(*n);
    }
    const bool closes = field(head, "Connection") == "close";
    while (in_.size() < end + 4 + length)
        if (!more()) return lost();
    exchange.told.body = in_.substr(end + 4, length);
    in_.erase(0, end + 4 + length);
    if (closes) hang_up();
    return exchange;
}

}  // namespace dropsmith::cli
