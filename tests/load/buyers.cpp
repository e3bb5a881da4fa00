// See buyers.h.
#include "buyers.h"

#include <unistd.h>

#include <utility>

#include "http_wire.h"

namespace dropsmith::load {
namespace {

constexpr std::string_view kPlainHold =
    R"({"drop":"{drop}","channel":"{channel}","lines":[{"sku":"{sku}","units":{units}}]})";
constexpr std::string_view kPlainConfirm =
    R"({"person":{"email":"buyer@example.com"},"fulfilment":{"method":"ship"},"payment":{"method":"manual"}})";

void write_request(std::string& out, std::string_view method, std::string_view path, std::string_view key,
                   std::string_view secret, std::string_view body) {
    out.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    if (!key.empty()) out.append("Idempotency-Key: ").append(key).append("\r\n");
    if (!secret.empty()) out.append("Authorization: Bearer ").append(secret).append("\r\n");
    if (!body.empty()) {
        out.append("Content-Type: application/json\r\nContent-Length: ")
            .append(std::to_string(body.size()))
            .append("\r\n");
    }
    out.append("\r\n").append(body);
}

void fill_in(std::string& form, std::string_view name, std::string_view value) {
    for (std::size_t at = form.find(name); at != std::string::npos; at = form.find(name, at + value.size())) {
        form.replace(at, name.size(), value);
    }
}

}  // namespace

Buyers::Buyers(BuyersSettings settings) : settings_(std::move(settings)), random_(settings_.seed) {
    for (const Target& target : settings_.targets) hold_bodies_.push_back(hold_body(target));
    tally_.request_bytes = hold_bodies_.front().size();
    sold_out_.resize(hold_bodies_.size());
}

std::string Buyers::hold_body(const Target& target) const {
    std::string body = settings_.body.empty() ? std::string(kPlainHold) : settings_.body;
    fill_in(body, "{drop}", target.drop);
    fill_in(body, "{sku}", target.sku);
    fill_in(body, "{channel}", settings_.channel);
    fill_in(body, "{units}", std::to_string(settings_.units));
    if (body.size() < settings_.pad_body_bytes) body.append(settings_.pad_body_bytes - body.size(), ' ');
    return body;
}

std::size_t Buyers::frame(std::string_view in) const { return http_frame(in); }

/// splitmix64 (Steele, Lea, Flood 2014).
std::uint64_t Buyers::draw(std::uint64_t below) {
    random_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t mixed = random_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
    return (mixed ^ (mixed >> 31)) % below;
}

Buyers::Asked Buyers::asked_by(std::uint64_t ticket) const {
    if (settings_.mode == Mode::kMixed) {
        const auto found = on_the_way_.find(ticket);
        return found == on_the_way_.end() ? Asked{} : found->second;
    }
    if (settings_.mode == Mode::kQuotes) return {Verb::kQuote, ticket, {}, {}};
    if (settings_.mode == Mode::kBatch) return {Verb::kBatch, ticket, {}, {}};
    const std::uint64_t askers = settings_.mode == Mode::kRepeat  ? 2
                                 : settings_.mode == Mode::kTwins ? settings_.connections
                                                                  : 1;
    return {Verb::kHold, ticket / askers, {}, {}};
}

/// 60 % fresh holds, 10 % an earlier hold's key again, 15 % confirm, 10 % release, 5 % look.
Buyers::Asked Buyers::draw_asked(std::uint64_t ticket) {
    const std::uint64_t dice = draw(100);
    if (dice < 10 && ticket > 0) return {Verb::kHold, first_.empty() ? ticket : draw(ticket), {}, {}};
    if (dice < 35 && !held_.empty()) {
        std::swap(held_[draw(held_.size())], held_.back());
        Asked asked = std::move(held_.back());
        held_.pop_back();
        asked.verb = dice < 25 ? Verb::kConfirm : Verb::kRelease;
        asked.serial = ticket;
        return asked;
    }
    return {dice < 40 ? Verb::kLook : Verb::kHold, ticket, {}, {}};
}

std::string Buyers::key_of(const Asked& asked) const {
    const char* const mark = asked.verb == Verb::kConfirm ? "-c" : asked.verb == Verb::kRelease ? "-r" : "-";
    return settings_.key_prefix + mark + std::to_string(asked.serial);
}

std::size_t Buyers::target_of(std::uint64_t serial) const {
    const std::uint64_t turn = settings_.mode == Mode::kRace ? serial / settings_.connections : serial;
    return turn % settings_.targets.size();
}

/// Each hold of the batch has a key of its own, and says what a single one would.
void Buyers::write_batch(std::uint64_t ticket) {
    batch_body_ = R"({"holds":[)";
    for (unsigned i = 0; i < settings_.batch; ++i) {
        const std::uint64_t serial = ticket * settings_.batch + i;
        const std::string& one = hold_bodies_[target_of(serial)];
        batch_body_.append(i > 0 ? "," : "").append(R"({"key":")").append(settings_.key_prefix).append("-");
        batch_body_.append(std::to_string(serial)).append(R"(",)").append(one, 1);
    }
    batch_body_.append("]}");
    tally_.request_bytes = batch_body_.size();
}

/// {data: [{key, status, body}]}: what each was answered counts like a reply of its own.
void Buyers::took_batch(std::string_view body) {
    constexpr std::string_view kStatus = R"("status":)";
    tally_.reply_bytes = body.size();
    for (std::size_t at = body.find(kStatus); at != std::string_view::npos; at = body.find(kStatus, at + 1)) {
        const std::string_view rest = body.substr(at + kStatus.size(), 3);
        if (rest == "201") ++tally_.by_verb["hold"];
    }
}

void Buyers::ask(std::uint64_t ticket, std::string& out) {
    Asked asked = settings_.mode == Mode::kMixed ? draw_asked(ticket) : asked_by(ticket);
    const std::string key = key_of(asked);
    if (settings_.mode == Mode::kHolds) asked_too_late_.push_back(sold_out_[target_of(asked.serial)]);
    switch (asked.verb) {
        case Verb::kHold:
            write_request(out, "POST", "/v1/holds", key, {}, hold_bodies_[target_of(asked.serial)]);
            break;
        case Verb::kQuote:
            write_request(out, "POST", "/v1/quotes", {}, {}, hold_bodies_[target_of(asked.serial)]);
            break;
        case Verb::kBatch:
            write_batch(ticket);
            write_request(out, "POST", "/v1/holds:batch", {}, {}, batch_body_);
            break;
        case Verb::kConfirm:
            write_request(out, "POST", "/v1/holds/" + asked.hold + "/confirm", key, asked.secret, kPlainConfirm);
            break;
        case Verb::kRelease:
            write_request(out, "DELETE", "/v1/holds/" + asked.hold, key, asked.secret, {});
            break;
        case Verb::kLook:
            write_request(out, "GET", "/v1/drops/" + settings_.targets[target_of(asked.serial)].drop, {}, {}, {});
            break;
    }
    if (settings_.mode == Mode::kMixed) on_the_way_.emplace(ticket, std::move(asked));
}

bool Buyers::told_off(std::string_view message) const {
    const int status = http_reply(message).status;
    return status == 503 || status == 429;
}

void Buyers::heard(std::uint64_t ticket, std::string_view message) {
    const HttpReply reply = http_reply(message);
    ++tally_.by_status[reply.status];
    const Asked asked = asked_by(ticket);
    on_the_way_.erase(ticket);
    const bool replayed = http_header(reply.head, "idempotent-replayed") == "true";
    if (replayed) ++tally_.replayed;
    if (settings_.mode == Mode::kRace && tally_.winners.size() <= ticket / settings_.connections) {
        tally_.winners.resize(ticket / settings_.connections + 1);
    }
    if ((reply.status == 429 || reply.status == 503) && http_header(reply.head, "retry-after").empty())
        ++tally_.no_retry_after;
    if (reply.status / 100 == 2) {
        if (settings_.mode == Mode::kHolds && asked_too_late_[ticket]) ++tally_.overtook;
        took(ticket, asked, reply.body, replayed);
    } else {
        const std::string_view code = json_string(reply.body, "code");
        if (settings_.mode == Mode::kHolds && code == "sold_out") sold_out_[target_of(asked.serial)] = true;
        const std::string_view known = code.empty() ? "(none)" : code;
        const auto found = tally_.by_code.find(known);
        if (found != tally_.by_code.end())
            ++found->second;
        else
            tally_.by_code.emplace(known, 1);
    }
}

void Buyers::took(std::uint64_t ticket, const Asked& asked, std::string_view body, bool replayed) {
    if (asked.verb == Verb::kLook) {
        ++tally_.by_verb["look"];
        return;
    }
    if (asked.verb == Verb::kBatch) return took_batch(body);
    if (asked.verb == Verb::kQuote) {
        tally_.reply_bytes = body.size();
        if (!json_string(body, "token").starts_with("qt_")) ++tally_.unread;
        return;
    }
    if (asked.verb == Verb::kRelease) {
        ++tally_.by_verb["release"];
        acknowledge(asked, asked.hold, {});
        return;
    }
    const std::string_view id = json_string(body, "id");
    const std::string_view secret = json_string(body, "secret");
    if (asked.verb == Verb::kConfirm) {
        ++tally_.by_verb["confirm"];
        acknowledge(asked, id, secret);
        return;
    }
    ++tally_.by_verb["hold"];
    tally_.reply_bytes = body.size();
    if (!id.starts_with("hold_")) ++tally_.unread;
    acknowledge(asked, id, secret);
    if (settings_.mode == Mode::kRace) ++tally_.winners[ticket / settings_.connections];
    if (settings_.mode == Mode::kMixed && !first_.contains(asked.serial)) {
        held_.push_back({Verb::kHold, asked.serial, std::string(id), std::string(secret)});
    }
    if (repeats()) compare_with_first(asked, body, replayed);
}

void Buyers::compare_with_first(const Asked& asked, std::string_view body, bool replayed) {
    const auto [first, fresh] = first_.try_emplace(asked.serial, First{std::string(body), replayed});
    if (fresh) return;
    if (first->second.body != body) ++tally_.mismatched;
    if (!first->second.replayed && !replayed) ++tally_.doubled;
}

void Buyers::acknowledge(const Asked& asked, std::string_view id, std::string_view secret) const {
    if (settings_.ack_fd < 0) return;
    const char* const verb = asked.verb == Verb::kHold ? "hold" : asked.verb == Verb::kConfirm ? "confirm" : "release";
    std::string line(verb);
    line.append("\t").append(key_of(asked)).append("\t").append(id).append("\t").append(secret).append("\t");
    line.append(asked.hold).append("\t").append(settings_.targets[target_of(asked.serial)].sku).append("\n");
    // A short or failed write would make the file lie by omission, which the reader's count against by_verb shows.
    [[maybe_unused]] const ssize_t written = write(settings_.ack_fd, line.data(), line.size());
}

}  // namespace dropsmith::load
