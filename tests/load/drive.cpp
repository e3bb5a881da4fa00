// See drive.h. One epoll set, level-triggered; a request is written at once, only the rest of a short write waits for
// EPOLLOUT. Latency counts from the moment a request is handed to the socket's buffer (at a rate: is due) until its
// reply is whole.
#include "drive.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <deque>
#include <vector>

namespace dropsmith::load {
namespace {

using Clock = std::chrono::steady_clock;

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}

struct OnTheWay {
    std::uint64_t ticket;
    std::int64_t asked_at_ns;
};

struct Connection {
    int fd = -1;
    std::string in;
    std::string out;
    std::size_t written = 0;
    bool waits_for_room = false;
    std::deque<OnTheWay> on_the_way;
};

int connect_loopback(std::uint16_t port) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

class Driver {
  public:
    Driver(const DriveSettings& settings, Talk& talk)
        : settings_(settings), talk_(talk), connections_(settings.connections), epoll_(epoll_create1(EPOLL_CLOEXEC)) {}
    ~Driver() {
        for (Connection& connection : connections_) shut(connection);
        if (epoll_ >= 0) close(epoll_);
    }
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    DriveResult run() {
        for (Connection& connection : connections_) open(connection);
        started_ns_ = now_ns();
        const std::int64_t deadline = started_ns_ + settings_.deadline_ms * 1'000'000;
        fill_all();
        while (open_count_ > 0 && (result_.asked < settings_.requests || on_the_way_ > 0)) {
            if (!turn(deadline)) {
                result_.timed_out = true;
                break;
            }
        }
        result_.seconds = static_cast<double>(now_ns() - started_ns_) / 1e9;
        result_.unanswered += on_the_way_;
        result_.lost = settings_.connections - open_count_;
        return result_;
    }

  private:
    /// One round of epoll: hear everything that has come, then ask and send. False when the deadline has passed.
    bool turn(std::int64_t deadline) {
        const std::int64_t now = now_ns();
        if (now >= deadline) return false;
        const std::int64_t wait = std::clamp<std::int64_t>(std::min(deadline, next_due()) - now, 0, 500'000'000);
        const timespec timeout{0, wait};
        std::array<epoll_event, 256> events{};
        const int count = epoll_pwait2(epoll_, events.data(), events.size(), &timeout, nullptr);
        touched_.clear();
        for (int i = 0; i < count; ++i) {
            Connection& connection = connections_[events[static_cast<std::size_t>(i)].data.u64];
            if (connection.fd < 0) continue;
            if ((events[static_cast<std::size_t>(i)].events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0)
                hear(connection);
            touched_.push_back(&connection);
        }
        if (settings_.waves) {
            if (on_the_way_ == 0) fill_all();
            for (Connection* connection : touched_) send_rest(*connection);
        } else if (settings_.per_second > 0 || reopened_) {
            reopened_ = false;
            fill_all();
        } else {
            for (Connection* connection : touched_) fill(*connection);
        }
        return true;
    }

    /// When the next request is to be asked at the rate; without one, or when none is left, never.
    std::int64_t next_due() const {
        if (settings_.per_second == 0 || result_.asked >= settings_.requests) return INT64_MAX;
        return started_ns_ + static_cast<std::int64_t>(1e9 * static_cast<double>(result_.asked) /
                                                       static_cast<double>(settings_.per_second));
    }

    void open(Connection& connection) {
        connection.fd = connect_loopback(settings_.port);
        if (connection.fd < 0) return;
        connection.in.clear();
        connection.out.clear();
        connection.written = 0;
        connection.waits_for_room = false;
        watch(connection, EPOLL_CTL_ADD, EPOLLIN);
        ++open_count_;
    }

    void shut(Connection& connection) {
        if (connection.fd < 0) return;
        close(connection.fd);
        connection.fd = -1;
        --open_count_;
    }

    void watch(Connection& connection, int operation, std::uint32_t events) {
        epoll_event event{};
        event.events = events;
        event.data.u64 = static_cast<std::uint64_t>(&connection - connections_.data());
        epoll_ctl(epoll_, operation, connection.fd, &event);
    }

    /// The connection broke: what was on the way stays unanswered; a bounded number of times it is opened again.
    void lose(Connection& connection) {
        result_.unanswered += connection.on_the_way.size();
        on_the_way_ -= connection.on_the_way.size();
        connection.on_the_way.clear();
        shut(connection);
        if (result_.malformed || result_.reconnects >= 8ULL * settings_.connections) return;
        open(connection);
        if (connection.fd < 0) return;
        ++result_.reconnects;
        reopened_ = true;
    }

    void fill_all() {
        for (Connection& connection : connections_) fill(connection);
    }

    void fill(Connection& connection) {
        if (connection.fd < 0) return;
        const std::int64_t now = now_ns();
        while (connection.on_the_way.size() < settings_.depth && result_.asked < settings_.requests) {
            const std::int64_t due = settings_.per_second > 0 ? next_due() : now;
            if (due > now) break;
            connection.on_the_way.push_back({result_.asked, due});
            talk_.ask(result_.asked++, connection.out);
            ++on_the_way_;
        }
        send_rest(connection);
    }

    void send_rest(Connection& connection) {
        while (connection.fd >= 0 && connection.written < connection.out.size()) {
            const ssize_t sent = send(connection.fd, connection.out.data() + connection.written,
                                      connection.out.size() - connection.written, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
                if (!connection.waits_for_room) watch(connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
                connection.waits_for_room = true;
                return;
            }
            if (sent < 0) return lose(connection);
            connection.written += static_cast<std::size_t>(sent);
        }
        connection.out.clear();
        connection.written = 0;
        if (connection.waits_for_room && connection.fd >= 0) watch(connection, EPOLL_CTL_MOD, EPOLLIN);
        connection.waits_for_room = false;
    }

    void hear(Connection& connection) {
        std::array<char, 64 * 1024> bytes;
        const ssize_t got = recv(connection.fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got <= 0) return lose(connection);
        connection.in.append(bytes.data(), static_cast<std::size_t>(got));
        std::string_view rest = connection.in;
        const std::int64_t at = now_ns();
        while (!rest.empty()) {
            const std::size_t length = talk_.frame(rest);
            if (length == 0) break;
            if (length == Talk::kMalformed || connection.on_the_way.empty()) {
                result_.malformed = true;
                return lose(connection);
            }
            const OnTheWay first = connection.on_the_way.front();
            connection.on_the_way.pop_front();
            --on_the_way_;
            ++result_.heard;
            result_.latency_ns.add(at - first.asked_at_ns);
            if (talk_.told_off(rest.substr(0, length))) result_.told_off_ns.add(at - first.asked_at_ns);
            talk_.heard(first.ticket, rest.substr(0, length));
            rest.remove_prefix(length);
        }
        connection.in.erase(0, connection.in.size() - rest.size());
    }

    const DriveSettings settings_;
    Talk& talk_;
    std::vector<Connection> connections_;
    std::vector<Connection*> touched_;
    DriveResult result_;
    std::uint64_t on_the_way_ = 0;
    std::int64_t started_ns_ = 0;
    bool reopened_ = false;
    unsigned open_count_ = 0;
    int epoll_;
};

}  // namespace

DriveResult drive(const DriveSettings& settings, Talk& talk) { return Driver(settings, talk).run(); }

}  // namespace dropsmith::load
