// Covered by tests/http/malformed.py.
#include "edge/http/server.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "edge/http/connection.h"
#include "edge/http/tls.h"

namespace dropsmith::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

thread_local const Worker* this_thread_worker = nullptr;

std::size_t connections_possible(std::size_t wanted) {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
    const std::size_t room = files.rlim_cur > 128 ? static_cast<std::size_t>(files.rlim_cur) - 64 : 64;
    return std::min(wanted, room);
}

}  // namespace

bool Worker::here() const { return this_thread_worker == this; }

std::int64_t Worker::now_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

void Worker::post(Parcel parcel) {
    {
        const std::lock_guard lock(mutex_);
        mail_.push_back(std::move(parcel));
        if (woken_) return;
        woken_ = true;
    }
    asio::post(io, [this] { drain(); });
}

// The end of the round is posted behind the handlers that are ready now, so it comes when they have all been run.
void Worker::in_round() {
    if (round_) return;
    round_ = true;
    target.round_begins();
    asio::post(io, [this] {
        round_ = false;
        target.round_ends();
    });
}

void Worker::drain() {
    std::vector<Parcel> mail;
    {
        const std::lock_guard lock(mutex_);
        mail.swap(mail_);
        woken_ = false;
    }
    for (auto& parcel : mail) {
        if (parcel.more)
            parcel.to->more(*parcel.more);
        else
            parcel.to->deliver(parcel.slot, parcel.reply, parcel.endless);
    }
    for (auto& parcel : mail) parcel.to->flush();
}

void Worker::tick() {
    const auto now = now_ms();
    for (std::size_t i = 0; i < open.size();) {
        if (!open[i]->overdue(now)) {
            ++i;
            continue;
        }
        open[i] = std::move(open.back());
        open.pop_back();
    }
}

void Worker::run() {
    this_thread_worker = this;
    const auto keep = asio::make_work_guard(io);
    asio::steady_timer timer(io);
    std::function<void(error_code)> again = [&](error_code ec) {
        if (ec) return;
        tick();
        timer.expires_after(std::chrono::milliseconds(500));
        timer.async_wait(again);
    };
    again({});
    io.run();
    for (auto& connection : open) connection->close();
    open.clear();
}

struct Server::Inside {
    Inside(ServerSettings s, Target& t) : settings(std::move(s)), target(t) {}

    ServerSettings settings;
    Target& target;
    ServerCounters counters;
    std::vector<std::unique_ptr<Worker>> workers;
    std::vector<std::jthread> threads;
    std::optional<tcp::acceptor> tcp_acceptor;
    std::optional<asio::local::stream_protocol::acceptor> local_acceptor;
    std::string control_path;
    std::uint16_t port = 0;
    std::size_t next = 0;
    std::size_t connections_max = 0;
    bool stopped = false;

    template <class Acceptor>
    void accept(Acceptor& acceptor, bool trusted) {
        auto& worker = *workers[next++ % workers.size()];
        acceptor.async_accept(asio::any_io_executor(worker.io.get_executor()),
                              [this, &acceptor, &worker, trusted](error_code ec, auto socket) {
                                  if (ec == asio::error::operation_aborted || !acceptor.is_open()) return;
                                  if (!ec) welcome(worker, std::move(socket), trusted);
                                  accept(acceptor, trusted);
                              });
    }
    template <class Socket>
    void welcome(Worker& worker, Socket socket, bool trusted) {
        error_code ignored;
        counters.connections.fetch_add(1, std::memory_order_relaxed);
        if (counters.open.load(std::memory_order_relaxed) >= connections_max) {
            counters.refused.fetch_add(1, std::memory_order_relaxed);
            socket.close(ignored);
            return;
        }
        std::string peer = "control";
        if constexpr (std::is_same_v<Socket, tcp::socket>) {
            peer = socket.remote_endpoint(ignored).address().to_string();
            socket.set_option(tcp::no_delay(true), ignored);
        }
        if constexpr (std::is_same_v<Socket, tcp::socket>) {
            if (settings.tls) {
                const int plain = settings.tls->bridge(socket.release(ignored));
                asio::local::stream_protocol::socket inner(worker.io);
                if (plain >= 0) inner.assign(asio::local::stream_protocol(), plain, ignored);
                if (inner.is_open()) take_in(worker, std::move(inner), std::move(peer), false);
                return;
            }
        }
        take_in(worker, std::move(socket), std::move(peer), trusted);
    }
    template <class Socket>
    void take_in(Worker& worker, Socket socket, std::string peer, bool trusted) {
        counters.open.fetch_add(1, std::memory_order_relaxed);
        auto connection =
            std::make_shared<Connection>(worker, Connection::Socket(std::move(socket)), std::move(peer), trusted);
        asio::dispatch(worker.io, [&worker, connection = std::move(connection)] {
            worker.open.push_back(connection);
            connection->begin();
        });
    }
    Status<Fault> listen_tcp();
    Status<Fault> listen_control();
};

Status<Fault> Server::Inside::listen_tcp() {
    error_code ec;
    const auto address = asio::ip::make_address(settings.address, ec);
    if (ec)
        return fault(FaultKind::io, "--listen needs an address such as 127.0.0.1:8080, got '" + settings.address + "'");
    auto& acceptor = tcp_acceptor.emplace(workers.front()->io);
    const tcp::endpoint endpoint(address, settings.port);
    acceptor.open(endpoint.protocol(), ec);
    if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor.bind(endpoint, ec);
    if (!ec) acceptor.listen(4'096, ec);
    if (ec)
        return fault(FaultKind::busy, "cannot listen on " + settings.address + ":" + std::to_string(settings.port) +
                                          ": " + ec.message() + "; choose another with --listen");
    port = acceptor.local_endpoint(ec).port();
    accept(acceptor, false);
    return Nothing{};
}

Status<Fault> Server::Inside::listen_control() {
    // A socket's path has room for 107 octets: bind through the folder's descriptor, whatever its name is.
    const int folder = ::open(settings.control_folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return fault(FaultKind::io, "cannot open the data folder for its control socket");
    control_path = settings.control_folder + "/control.sock";
    ::unlink(control_path.c_str());
    error_code ec;
    auto& acceptor = local_acceptor.emplace(workers.front()->io);
    const mode_t before = ::umask(0177);
    acceptor.open(asio::local::stream_protocol(), ec);
    if (!ec) acceptor.bind({"/proc/self/fd/" + std::to_string(folder) + "/control.sock"}, ec);
    if (!ec) acceptor.listen(64, ec);
    ::umask(before);
    ::close(folder);
    if (!ec && ::chmod(control_path.c_str(), 0600) != 0) ec = error_code(errno, boost::system::system_category());
    if (ec) return fault(FaultKind::io, "cannot make control.sock in the data folder: " + ec.message());
    accept(acceptor, true);
    return Nothing{};
}

Server::Server(ServerSettings settings, Target& target)
    : inside_(std::make_unique<Inside>(std::move(settings), target)) {}
Server::~Server() { stop(); }

Status<Fault> Server::start() {
    auto& in = *inside_;
    in.connections_max = connections_possible(in.settings.connections_max);
    for (unsigned i = 0; i < std::max(1u, in.settings.threads); ++i)
        in.workers.push_back(std::make_unique<Worker>(in.settings, in.target, in.counters));
    if (auto listening = in.listen_tcp(); !listening) return listening;
    if (!in.settings.control_folder.empty())
        if (auto listening = in.listen_control(); !listening) return listening;
    for (auto& worker : in.workers) in.threads.emplace_back([&worker] { worker->run(); });
    return Nothing{};
}

void Server::stop() {
    auto& in = *inside_;
    if (in.stopped) return;
    in.stopped = true;
    for (auto& worker : in.workers) worker->stopping.store(true);
    if (!in.workers.empty()) {
        auto& first = in.workers.front()->io;
        asio::post(first, [&in] {
            error_code ignored;
            if (in.tcp_acceptor) in.tcp_acceptor->close(ignored);
            if (in.local_acceptor) in.local_acceptor->close(ignored);
        });
    }
    for (auto& worker : in.workers)
        asio::post(worker->io, [&worker] {
            worker->drain();  // what the loop still answered
            worker->io.stop();
        });
    in.threads.clear();
    for (auto& worker : in.workers) worker->drain();  // drops what came too late, on this thread: all others have ended
    if (!in.control_path.empty()) ::unlink(in.control_path.c_str());
}

std::uint16_t Server::port() const { return inside_->port; }

Server::Figures Server::figures() const {
    const auto& c = inside_->counters;
    return {c.requests.load(), c.connections.load(), c.open.load(), c.refused.load(), c.bad.load()};
}

}  // namespace dropsmith::http
