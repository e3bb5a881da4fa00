// See tiny_server.h.
#include "tiny_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <unordered_map>

#include "http_wire.h"

namespace dropsmith::load {
namespace {

struct Client {
    std::string in;
    std::string out;
};

/// False when the connection is at its end.
bool answer_all(int fd, Client& client, const Answer& answer) {
    std::array<char, 64 * 1024> bytes;
    const ssize_t got = recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (got <= 0) return false;
    client.in.append(bytes.data(), static_cast<std::size_t>(got));
    std::string_view rest = client.in;
    while (!rest.empty()) {
        const std::size_t length = http_frame(rest);
        if (length == SIZE_MAX) return false;
        if (length == 0) break;
        answer(rest.substr(0, length), client.out);
        rest.remove_prefix(length);
    }
    client.in.erase(0, client.in.size() - rest.size());
    // Replies are small and the driver always reads: a send that blocks for a moment is simpler than a queue.
    std::size_t written = 0;
    while (written < client.out.size()) {
        const ssize_t sent = send(fd, client.out.data() + written, client.out.size() - written, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return false;
        written += static_cast<std::size_t>(sent);
    }
    client.out.clear();
    return true;
}

}  // namespace

int listen_loopback(std::uint16_t& port) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t size = sizeof address;
    const int yes = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) != 0 ||
        bind(fd, reinterpret_cast<const sockaddr*>(&address), size) != 0 || listen(fd, 4096) != 0 ||
        getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        if (fd >= 0) close(fd);
        return -1;
    }
    port = ntohs(address.sin_port);
    return fd;
}

void serve(int listener, const Answer& answer, const std::atomic<bool>& stop) {
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = listener;
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    std::unordered_map<int, std::unique_ptr<Client>> clients;
    std::array<epoll_event, 256> events{};
    while (!stop.load(std::memory_order_relaxed)) {
        const int count = epoll_wait(epoll, events.data(), events.size(), 100);
        for (int i = 0; i < count; ++i) {
            const int fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd != listener) {
                if (!answer_all(fd, *clients.at(fd), answer)) {
                    clients.erase(fd);
                    close(fd);
                }
                continue;
            }
            const int accepted = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (accepted < 0) continue;
            const int yes = 1;
            setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            clients.emplace(accepted, std::make_unique<Client>());
            event.events = EPOLLIN;
            event.data.fd = accepted;
            epoll_ctl(epoll, EPOLL_CTL_ADD, accepted, &event);
        }
    }
    for (const auto& [fd, client] : clients) close(fd);
    close(epoll);
}

void write_reply(std::string& out, std::string_view status_line, std::string_view type, std::string_view body) {
    out.append(status_line).append("\r\nContent-Type: ").append(type).append("\r\nContent-Length: ");
    out.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

}  // namespace dropsmith::load
