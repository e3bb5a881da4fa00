// One connection on its network thread: bytes in, requests out in order, replies written in the order of their
// requests. Used by server.cpp only. Invariant: slots_ holds one entry per request taken and not yet written; none is
// written before an earlier.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>

#include "edge/http/parser.h"
#include "edge/http/server.h"

namespace dropsmith::http {

class Connection;

// What another thread hands back: a reply to the n-th request, or more bytes of an endless one.
struct Parcel {
    std::shared_ptr<Connection> to;
    std::uint64_t slot = 0;
    Reply reply;
    bool endless = false;
    std::shared_ptr<const std::string> more;
};

struct ServerCounters {
    std::atomic<std::uint64_t> requests{0}, connections{0}, open{0}, refused{0}, bad{0};
};

// A network thread's share of the server.
class Worker {
  public:
    Worker(const ServerSettings& its_settings, Target& its_target, ServerCounters& its_counters)
        : settings(its_settings), target(its_target), counters(its_counters) {}

    void post(Parcel parcel);  // any thread
    bool here() const;         // called on this worker's thread?
    std::int64_t now_ms() const;
    void in_round();  // own thread: opens a round of the target, closed when all that was ready is read
    void drain();
    void tick();
    void run();

    const ServerSettings& settings;
    Target& target;
    ServerCounters& counters;
    boost::asio::io_context io{1};
    std::vector<std::shared_ptr<Connection>> open;  // own thread only
    std::atomic<bool> stopping{false};

  private:
    std::mutex mutex_;
    std::vector<Parcel> mail_;
    bool woken_ = false;
    bool round_ = false;  // own thread
};

class Connection final : public std::enable_shared_from_this<Connection> {
  public:
    using Socket = boost::asio::generic::stream_protocol::socket;
    Connection(Worker& worker, Socket socket, std::string peer, bool trusted);

    void begin();
    void deliver(std::uint64_t slot, const Reply& reply, bool endless);  // own thread
    void more(const std::string& bytes);
    void flush();
    bool overdue(std::int64_t now_ms);  // and what to do about it
    void close();
    bool closed() const { return closed_; }
    Worker& worker() { return worker_; }

    std::size_t index = 0;          // in Worker::open
    std::atomic<bool> gone{false};  // seen by Outflow on other threads

  private:
    struct Slot {
        bool ready = false;
        bool head_only = false;
        bool last = false;  // close after it
        std::string bytes;
    };
    void read();
    void on_read(std::size_t n);
    void take_requests();
    void refuse(int status, std::string_view detail);
    void write_ready_slots();

    Worker& worker_;
    Socket socket_;
    std::string peer_;
    bool trusted_;
    Parser parser_;
    std::string in_;
    std::string buffer_;
    std::string out_;
    std::size_t written_ = 0;
    std::deque<Slot> slots_;
    std::uint64_t first_slot_ = 0;  // number of slots_.front()
    std::int64_t deadline_ms_ = 0;  // of what we wait for
    std::int64_t write_deadline_ms_ = 0;
    bool reading_ = false, writing_ = false, closed_ = false;
    bool no_more_ = false;    // takes no further request
    bool lingering_ = false;  // said its last word, reads what is still sent for a moment
    bool endless_ = false;
    bool continued_ = false;
    bool in_request_ = false;
    bool body_phase_ = false;
    std::size_t lingered_ = 0;
};

}  // namespace dropsmith::http
