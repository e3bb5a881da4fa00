// Listening, accepting, starting and ending the network threads. Covered by tests/http/malformed.py.
#include "edge/http/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

#include "edge/http/connection.h"
#include "edge/http/tls.h"

namespace dropsmith::http {
namespace {

constexpr int accepted_at_once = 64;
// Octets that the system keeps of what was written and not sent yet. Without a bound it takes megabytes from us for
// somebody who never reads: his time to take his answers would begin only when all of that is full.
constexpr int unsent_max = 64 << 10;

std::size_t connections_possible(std::size_t wanted) {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
    const std::size_t room = files.rlim_cur > 128 ? static_cast<std::size_t>(files.rlim_cur) - 64 : 64;
    return std::min(wanted, room);
}

std::string name_of(const sockaddr_storage& address) {
    char text[INET6_ADDRSTRLEN] = "";
    if (address.ss_family == AF_INET)
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
    else if (address.ss_family == AF_INET6)
        ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text, sizeof text);
    return text;
}

struct Endpoint {
    sockaddr_storage address{};
    socklen_t size = 0;
};

// An address as numbers; false: it is none.
bool endpoint_of(const std::string& address, std::uint16_t port, Endpoint& out) {
    addrinfo hints{}, *found = nullptr;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    if (address.empty() || ::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
        return false;
    std::memcpy(&out.address, found->ai_addr, found->ai_addrlen);
    out.size = found->ai_addrlen;
    ::freeaddrinfo(found);
    return true;
}

}  // namespace

struct Server::Inside {
    Inside(ServerSettings s, Target& t) : settings(std::move(s)), target(t) {}
    ~Inside() { close_listeners(); }

    ServerSettings settings;
    Target& target;
    ServerCounters counters;
    std::vector<std::unique_ptr<Worker>> workers;
    std::vector<std::jthread> threads;
    int tcp_listener = -1, local_listener = -1;
    std::string control_path;
    std::uint16_t port = 0;
    std::size_t next = 0;  // worker; first worker's thread
    std::size_t connections_max = 0;
    bool stopped = false;

    void close_listeners() {
        for (int* listener : {&tcp_listener, &local_listener}) {
            if (*listener >= 0) ::close(*listener);
            *listener = -1;
        }
    }

    void accept(int listener, bool trusted) {
        for (int i = 0; i < accepted_at_once; ++i) {
            sockaddr_storage address{};
            socklen_t size = sizeof address;
            const int socket =
                ::accept4(listener, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (socket < 0) {
                if (errno == EINTR || errno == ECONNABORTED) continue;
                return;  // nobody waits any more; or out of descriptors, and the next turn tries again
            }
            counters.connections.fetch_add(1, std::memory_order_relaxed);
            if (counters.open.load(std::memory_order_relaxed) >= connections_max) {
                counters.refused.fetch_add(1, std::memory_order_relaxed);
                ::close(socket);
                continue;
            }
            const int yes = 1;
            if (!trusted) {
                ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                ::setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_max, sizeof unsent_max);
            }
            const int plain = settings.tls && !trusted ? settings.tls->bridge(socket) : socket;
            if (plain < 0) continue;
            counters.open.fetch_add(1, std::memory_order_relaxed);
            workers[next++ % workers.size()]->post(
                Arrival{plain, trusted ? std::string("control") : name_of(address), trusted});
        }
    }
    Status<Fault> listen_tcp();
    Status<Fault> listen_control();
};

Status<Fault> Server::Inside::listen_tcp() {
    Endpoint endpoint;
    if (!endpoint_of(settings.address, settings.port, endpoint))
        return fault(FaultKind::io, "--listen needs an address such as 127.0.0.1:8080, got '" + settings.address + "'");
    const int yes = 1;
    tcp_listener = ::socket(endpoint.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (tcp_listener < 0 || ::setsockopt(tcp_listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        ::bind(tcp_listener, reinterpret_cast<const sockaddr*>(&endpoint.address), endpoint.size) != 0 ||
        ::listen(tcp_listener, 4'096) != 0 ||
        ::getsockname(tcp_listener, reinterpret_cast<sockaddr*>(&endpoint.address), &endpoint.size) != 0)
        return fault(FaultKind::busy, "cannot listen on " + settings.address + ":" + std::to_string(settings.port) +
                                          ": " + std::strerror(errno) + "; choose another with --listen");
    port = ntohs(endpoint.address.ss_family == AF_INET6
                     ? reinterpret_cast<const sockaddr_in6&>(endpoint.address).sin6_port
                     : reinterpret_cast<const sockaddr_in&>(endpoint.address).sin_port);
    workers.front()->listen(tcp_listener, [this] { accept(tcp_listener, false); });
    return Nothing{};
}

Status<Fault> Server::Inside::listen_control() {
    // A socket's path has room for 107 octets: bind through the folder's descriptor, whatever its name is.
    const int folder = ::open(settings.control_folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return fault(FaultKind::io, "cannot open the data folder for its control socket");
    control_path = settings.control_folder + "/control.sock";
    ::unlink(control_path.c_str());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto through = "/proc/self/fd/" + std::to_string(folder) + "/control.sock";
    std::memcpy(address.sun_path, through.data(), through.size());
    const mode_t before = ::umask(0177);
    local_listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const bool listening = local_listener >= 0 &&
                           ::bind(local_listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                           ::listen(local_listener, 64) == 0 && ::chmod(control_path.c_str(), 0600) == 0;
    const int why = errno;
    ::umask(before);
    ::close(folder);
    if (!listening)
        return fault(FaultKind::io, std::string("cannot make control.sock in the data folder: ") + std::strerror(why));
    workers.front()->listen(local_listener, [this] { accept(local_listener, true); });
    return Nothing{};
}

Server::Server(ServerSettings settings, Target& target)
    : inside_(std::make_unique<Inside>(std::move(settings), target)) {}
Server::~Server() { stop(); }

Status<Fault> Server::start() {
    auto& in = *inside_;
    in.connections_max = connections_possible(in.settings.connections_max);
    for (unsigned i = 0; i < std::max(1u, in.settings.threads); ++i) {
        in.workers.push_back(std::make_unique<Worker>(in.settings, in.target, in.counters));
        if (!in.workers.back()->open())
            return fault(FaultKind::io, "the system has no room for another network thread");
    }
    if (auto listening = in.listen_tcp(); !listening) return listening;
    if (!in.settings.control_folder.empty())
        if (auto listening = in.listen_control(); !listening) return listening;
    for (auto& worker : in.workers) {
        in.threads.emplace_back([&worker] { worker->run(); });
        ::pthread_setname_np(in.threads.back().native_handle(), "net");
    }
    return Nothing{};
}

void Server::stop() {
    auto& in = *inside_;
    if (in.stopped) return;
    in.stopped = true;
    for (auto& worker : in.workers) worker->stopping.store(true);
    for (auto& worker : in.workers) worker->stop();
    in.threads.clear();
    in.close_listeners();
    for (auto& worker : in.workers) worker->drain();  // drops what came too late, on this thread: all others have ended
    if (!in.control_path.empty()) ::unlink(in.control_path.c_str());
}

void Server::batch_begins() { Gathering::begin(); }
void Server::batch_ends() { Gathering::end(); }

std::uint16_t Server::port() const { return inside_->port; }

Server::Figures Server::figures() const {
    const auto& c = inside_->counters;
    return {c.requests.load(), c.connections.load(), c.open.load(), c.refused.load(), c.bad.load()};
}

}  // namespace dropsmith::http
