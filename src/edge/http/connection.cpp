// Covered by tests/http/malformed.py.
#include "edge/http/connection.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "base/limits.h"
#include "base/recycled.h"
#include "edge/http/errors.h"
#include "edge/http/wire.h"

namespace dropsmith::http {
namespace {

constexpr std::size_t kept_capacity = 16 << 10;  // of a buffer of a connection that waits
constexpr std::size_t pipelined_max = 64;        // requests of one connection that wait for an answer
// Octets of answers that somebody has not taken; beyond it nothing more is read from him. One answer may be larger.
constexpr std::size_t unread_max = 128 << 10;
constexpr std::size_t endless_unread_max = 256 << 10;
constexpr std::size_t linger_max = 64 << 10;
constexpr std::size_t worth_writing = 32 << 10;  // octets of answers, while more are being made

void shrink(std::string& buffer) {
    if (buffer.empty() && buffer.capacity() > kept_capacity) buffer.shrink_to_fit();
}

class SocketResponder final : public Responder, public Recycled<SocketResponder> {
  public:
    SocketResponder(std::shared_ptr<Connection> to, std::uint64_t slot) : to_(std::move(to)), slot_(slot) {}
    ~SocketResponder() override {
        if (to_) reply(problem(503, "unavailable", "The request was not finished; ask again."));
    }
    void reply(Reply reply) override { send(std::move(reply), false); }
    std::shared_ptr<Outflow> stream(Reply head) override {
        auto flow = std::make_shared<Flow>(to_);
        send(std::move(head), true);
        return flow;
    }

  private:
    struct Flow final : Outflow {
        explicit Flow(std::shared_ptr<Connection> whose) : to(std::move(whose)) {}
        bool send(std::shared_ptr<const std::string> bytes) override {
            if (to->gone.load(std::memory_order_relaxed)) return false;
            to->worker().post({to, 0, {}, true, std::move(bytes)});
            return true;
        }
        std::shared_ptr<Connection> to;
    };
    void send(Reply reply, bool endless) {
        auto to = std::move(to_);
        if (!to) return;
        if (to->worker().here()) return to->deliver(slot_, reply, endless);
        auto& worker = to->worker();
        worker.post({std::move(to), slot_, std::move(reply), endless, nullptr});
    }
    std::shared_ptr<Connection> to_;
    std::uint64_t slot_;
};

// Whoever takes it makes the request part of the round.
class SocketWay final : public Way {
  public:
    SocketWay(Connection& connection, std::uint64_t slot) : connection_(connection), slot_(slot) {}
    std::unique_ptr<Responder> responder() override {
        connection_.worker().in_round();
        return std::make_unique<SocketResponder>(connection_.shared_from_this(), slot_);
    }

  private:
    Connection& connection_;
    std::uint64_t slot_;
};

}  // namespace

Connection::Connection(Worker& worker, Arrival arrival)
    : worker_(worker), socket_(arrival.socket), peer_(std::move(arrival.peer)), trusted_(arrival.trusted) {}

Connection::~Connection() {
    if (!closed_) ::close(socket_);
}

bool Connection::begin() {
    deadline_ms_ = worker_.now_ms() + worker_.settings.head_ms;
    watching_ = EPOLLIN;
    return worker_.watch(socket_, watching_, this, true);
}

bool Connection::takes() const {
    return !no_more_ && slots_.size() < pipelined_max && out_.size() - written_ <= unread_max;
}

// Reads unless too much waits already; writes when the socket was full.
void Connection::watch() {
    if (closed_) return;
    const std::uint32_t wanted = (takes() || lingering_ || endless_ ? std::uint32_t{EPOLLIN} : 0u) |
                                 (writing_ ? std::uint32_t{EPOLLOUT} : 0u);
    if (wanted == watching_) return;
    watching_ = wanted;
    if (!worker_.watch(socket_, watching_, this, false)) close();
}

void Connection::on_ready(std::uint32_t events) {
    if (closed_) return;
    if (writing_ && (events & EPOLLOUT)) {
        writing_ = false;
        flush();
    }
    if (closed_) return;
    if ((events & EPOLLIN) && !comes_again_)
        receive();
    else if (!(events & EPOLLIN) && (events & (EPOLLERR | EPOLLHUP)))
        close();
    watch();
}

void Connection::go_on() {
    comes_again_ = false;
    if (closed_ || lingering_ || endless_) return;
    take_what_waits();
    flush_in_time();
}

// While requests are left whose answers come soon, these wait for those: a system call for each share would cost more
// than the share.
void Connection::flush_in_time() {
    if (!comes_again_ || out_.size() - written_ > worth_writing) flush();
}

void Connection::receive() {
    auto& room = worker_.room();
    const auto got = ::recv(socket_, room.data(), room.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    if (got <= 0) return close();
    const auto n = static_cast<std::size_t>(got);
    if (lingering_ || endless_) {  // nothing that comes now is a request
        lingered_ += n;
        if (lingered_ > linger_max) close();
        return;
    }
    if (in_.empty()) {
        const auto used = take_requests({room.data(), n});
        if (!lingering_) in_.assign(room, used, n - used);
        come_again_if_more();
    } else {
        in_.append(room, 0, n);
        take_what_waits();
    }
    flush_in_time();
}

void Connection::take_what_waits() {
    in_.erase(0, take_requests(in_));
    shrink(in_);
    come_again_if_more();
}

// Whole requests may be left: in_request_ would say that one is not whole yet.
void Connection::come_again_if_more() {
    if (closed_ || comes_again_ || in_.empty() || in_request_ || lingering_ || !takes()) return;
    comes_again_ = true;
    worker_.comes_again(shared_from_this());
}

// How much of it was used.
std::size_t Connection::take_requests(std::string_view in) {
    std::size_t used = 0;
    for (auto share = worker_.share(); share > 0 && !closed_ && takes() && used < in.size(); --share) {
        if (!in_request_) {
            in_request_ = true, body_phase_ = false, continued_ = false;
            deadline_ms_ = worker_.now_ms() + worker_.settings.head_ms;
        }
        std::size_t consumed = 0;
        const auto step = parser_.feed(in.substr(used), consumed);
        used += consumed;
        if (step == Parser::Step::bad) {
            worker_.counters.bad.fetch_add(1, std::memory_order_relaxed);
            refuse(parser_.error_status(), parser_.error_detail());
            break;
        }
        if (step == Parser::Step::need_more) {
            if (parser_.head_done()) {
                if (!body_phase_) body_phase_ = true, deadline_ms_ = worker_.now_ms() + worker_.settings.body_ms;
                if (parser_.wants_continue() && !continued_) {
                    continued_ = true;
                    if (slots_.empty()) out_.append("HTTP/1.1 100 Continue\r\n\r\n");
                }
            }
            break;
        }
        in_request_ = false;
        deadline_ms_ = worker_.now_ms() + worker_.settings.idle_ms;
        const bool keep = parser_.keep_alive() && !worker_.stopping.load(std::memory_order_relaxed);
        Request& request = parser_.request();
        request.peer = peer_;
        request.trusted = trusted_;
        slots_.push_back({false, request.method == "HEAD", !keep, {}});
        if (!keep) no_more_ = true;
        const std::uint64_t slot = first_slot_ + slots_.size() - 1;
        worker_.counters.requests.fetch_add(1, std::memory_order_relaxed);
        SocketWay way(*this, slot);
        auto& reply = worker_.reply_at_once();
        switch (worker_.target.at_once(request, reply, way, worker_.now_ms())) {
            case Target::Short::answered:
                deliver(slot, reply, false);
                parser_.next();
                break;
            case Target::Short::handed_on:
                parser_.next();
                break;
            case Target::Short::no:
                worker_.target.take(parser_.take(), way.responder());
        }
    }
    return used;
}

// A request that cannot be read: answered after those before it, then the connection ends, because where the next one
// would begin is not known.
void Connection::refuse(int status, std::string_view detail) {
    no_more_ = true;
    in_request_ = false;
    slots_.push_back({false, false, true, {}});
    deliver(first_slot_ + slots_.size() - 1, problem(status, code_of_status(status), std::string(detail)), false);
}

void Connection::deliver(std::uint64_t number, const Reply& reply, bool endless) {
    if (closed_ || number < first_slot_ || number - first_slot_ >= slots_.size()) return;
    auto& slot = slots_[number - first_slot_];
    if (slot.ready) return;
    if (endless) {
        slot.last = false;
        no_more_ = true;
        endless_ = true;
    }
    if (number == first_slot_) {  // nothing is in front of it: no need to keep it apart
        write_reply(out_, reply, !slot.last, slot.head_only, endless);
    } else {
        write_reply(slot.bytes, reply, !slot.last, slot.head_only, endless);
    }
    slot.ready = true;
    write_ready_slots();
}

void Connection::write_ready_slots() {
    while (!slots_.empty() && slots_.front().ready) {
        auto& slot = slots_.front();
        out_.append(slot.bytes);
        if (slot.last) lingering_ = true;
        slots_.pop_front();
        ++first_slot_;
        if (lingering_) break;
    }
}

void Connection::more(const std::string& bytes) {
    if (closed_) return;
    if (out_.size() - written_ + bytes.size() > endless_unread_max) return close();
    out_.append(bytes);
}

void Connection::flush() {
    if (closed_ || writing_) return;
    while (written_ < out_.size()) {
        const auto n = ::send(socket_, out_.data() + written_, out_.size() - written_, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0) {
            written_ += static_cast<std::size_t>(n);
            continue;
        }
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            writing_ = true;
            if (written_ > unread_max) out_.erase(0, written_), written_ = 0;  // who is always behind must not add up
            write_deadline_ms_ = worker_.now_ms() + worker_.settings.write_ms;
            return watch();
        }
        return close();
    }
    const bool wrote = !out_.empty();
    out_.clear();
    written_ = 0;
    shrink(out_);
    if (lingering_ && slots_.empty() && lingered_ == 0 && wrote) {
        // Said all: give the other side a moment to read it before the socket goes (a reset would eat the reply).
        ::shutdown(socket_, SHUT_WR);
        deadline_ms_ = worker_.now_ms() + 1'000;
        in_.clear();
    } else if (wrote && slots_.size() < pipelined_max / 2) {
        come_again_if_more();  // what waited because too many were under way
    }
    watch();
}

bool Connection::overdue(std::int64_t now_ms) {
    if (closed_) return true;
    if (writing_ && now_ms > write_deadline_ms_) return close(), true;
    if (endless_ || (!slots_.empty() && !in_request_)) return false;  // we owe the answer, not they
    if (now_ms <= deadline_ms_) return false;
    close();
    return true;
}

void Connection::close() {
    if (closed_) return;
    closed_ = true;
    gone.store(true, std::memory_order_relaxed);
    ::close(socket_);
    worker_.counters.open.fetch_sub(1, std::memory_order_relaxed);
    worker_.ended(*this);
}

}  // namespace dropsmith::http
