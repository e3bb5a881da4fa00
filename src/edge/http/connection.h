// One connection on its network thread: bytes in, requests out in order, replies written in the order of their
// requests. Used by server.cpp only. Invariants: slots_ holds one entry per request taken and not yet written; none is
// written before an earlier; what epoll watches for is what watching_ says. Covered by tests/http/malformed.py.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

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

// A socket that was accepted and belongs to a worker from now on.
struct Arrival {
    int socket = -1;
    std::string peer;
    bool trusted = false;
};

// A network thread's share of the server: an epoll set of its connections (level-triggered), a mail box for the other
// threads, and for the first worker the listening sockets too. Mail wakes it only when it sleeps.
class Worker {
  public:
    Worker(const ServerSettings& its_settings, Target& its_target, ServerCounters& its_counters);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    bool open();                      // false: the system has no room for its descriptors
    void post(Parcel parcel);         // any thread; inside a Gathering it leaves with the others
    void post(std::span<Parcel> parcels);  // any thread
    void post(Arrival arrival);       // any thread
    void wake();                      // any thread
    void stop();                      // any thread: ends run() after what is in the mail box
    bool here() const;                // called on this worker's thread?
    void listen(int socket, std::function<void()> ready);  // before run(): called when somebody waits there
    void run();
    void drain();                     // own thread, or any when run() has ended

    // own thread
    std::int64_t now_ms() const { return now_ms_; }  // of this turn
    void in_round();                  // opens a round of the target, closed when all that was ready has been read
    bool watch(int socket, std::uint32_t events, Connection* connection, bool anew);
    void ended(Connection& connection) { ended_.push_back(&connection); }
    // Requests that one connection may hand in at a time: the more are ready, the fewer of each, so that who asks one
    // thing does not wait for thousands of others.
    std::size_t share() const { return share_; }
    void comes_again(std::shared_ptr<Connection> connection);  // the next turn begins with those
    std::string& room() { return room_; }  // to read into
    Reply& reply_at_once() { return reply_at_once_; }  // to answer with; used again and again

    const ServerSettings& settings;
    Target& target;
    ServerCounters& counters;
    std::atomic<bool> stopping{false};

  private:
    struct Listener {
        int socket;
        std::function<void()> ready;
    };
    void turn(int wait_ms);
    void welcome(Arrival arrival);
    void tick();
    void bury();
    void go_on_with_rests();
    bool has_mail();

    int epoll_ = -1, bell_ = -1;
    std::vector<Listener> listeners_;
    std::vector<std::shared_ptr<Connection>> open_;
    std::vector<Connection*> ended_;  // of this turn: gone when all its events have been looked at
    std::deque<std::shared_ptr<Connection>> again_;  // have whole requests left, longest waiting first
    std::size_t share_ = 1;
    std::string room_;
    Reply reply_at_once_;
    std::int64_t now_ms_ = 0;
    bool round_ = false;
    std::mutex mutex_;                // guards mail_ and arrivals_
    std::vector<Parcel> mail_;
    std::vector<Arrival> arrivals_;
    std::vector<Parcel> mail_taken_;
    std::vector<std::string> used_bodies_;  // of what has been written
    std::atomic<bool> asleep_{false}, quit_{false};
};

// While one of these lives, what its thread posts wakes nobody; its end wakes whoever has mail, once.
class Gathering {
  public:
    static void begin();
    static void end();
};

class Connection final : public std::enable_shared_from_this<Connection> {
  public:
    Connection(Worker& worker, Arrival arrival);
    ~Connection();

    bool begin();
    void on_ready(std::uint32_t events);
    void go_on();  // with what was left when its share was used up
    void deliver(std::uint64_t slot, const Reply& reply, bool endless);  // own thread
    void more(const std::string& bytes);
    void flush();
    bool overdue(std::int64_t now_ms);  // and what to do about it
    void close();
    bool closed() const { return closed_; }
    Worker& worker() { return worker_; }

    std::size_t index = 0;          // in Worker::open_
    std::atomic<bool> gone{false};  // seen by Outflow on other threads

  private:
    struct Slot {
        bool ready = false;
        bool head_only = false;
        bool last = false;  // close after it
        std::string bytes;
    };
    void receive();
    void take_what_waits();
    void come_again_if_more();
    void flush_in_time();
    std::size_t take_requests(std::string_view in);
    void refuse(int status, std::string_view detail);
    void write_ready_slots();
    void watch();
    bool takes() const;             // a further request

    Worker& worker_;
    int socket_;
    std::string peer_;
    bool trusted_;
    Parser parser_;
    std::string in_;                // of a request that is not whole yet, or that waits for its turn
    std::string out_;
    std::size_t written_ = 0;
    std::deque<Slot> slots_;
    std::uint64_t first_slot_ = 0;  // number of slots_.front()
    std::int64_t deadline_ms_ = 0;  // of what we wait for
    std::int64_t write_deadline_ms_ = 0;
    std::uint32_t watching_ = 0;
    bool writing_ = false, closed_ = false;
    bool no_more_ = false;    // takes no further request
    bool lingering_ = false;  // said its last word, reads what is still sent for a moment
    bool endless_ = false;
    bool continued_ = false;
    bool in_request_ = false;
    bool comes_again_ = false;  // stands in the worker's list; until its turn nothing more is read
    bool body_phase_ = false;
    std::size_t lingered_ = 0;
};

}  // namespace dropsmith::http
