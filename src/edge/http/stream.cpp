// Covered by tests/http/routes.py.
#include "edge/http/stream.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/public_id.h"
#include "edge/http/resolve.h"
#include "edge/http/views.h"
#include "engine/shop_clock.h"

namespace dropsmith::http {
namespace {

constexpr std::size_t ring_max = 2'048;  // events that a listener may have missed and still gets
constexpr std::size_t listeners_max = 4'096;

}  // namespace

// What one batch says, in the order of its facts; availability once per line, at the end.
class Telling {
  public:
    Telling(const State& state, const PublicIds& ids, Instant at)
        : state_(state), words_{ids, state.shop.currency}, at_(at) {}

    void tell(const Fact& fact, std::uint64_t seq, const Actor& who) {
        if (const auto* f = fact.as<PriceSet>()) return price(*f, seq, who);
        if (const auto* f = fact.as<UnitsHeld>()) return hold(*f, seq);
        if (const auto* f = fact.as<HoldReduced>()) return touched(f->drop, f->given_back);
        if (const auto* f = fact.as<HoldEnded>()) {
            touched(f->drop, f->given_back);
            return staff("hold", f->drop, seq, [&](JsonWriter& json) {
                json.key("id").text(words_.ids.show(f->hold)).key("status").text(word_of(f->status)).key("lines");
                write_held_lines(json, state_, f->given_back, words_);
            });
        }
        if (const auto* f = fact.as<OrderPlaced>()) {
            for (const auto& line : f->lines) lines_.insert({f->drop, line.line});
            return staff("order", f->drop, seq, [&](JsonWriter& json) {
                json.key("id")
                    .text(words_.ids.show(f->order))
                    .key("number")
                    .natural(f->number)
                    .key("status")
                    .text(word_of(f->status));
                json.key("total").money(f->total.n, words_.currency).key("lines").array();
                for (const auto& line : f->lines)
                    json.object().key("sku").text(sku_code(state_, line.sku)).key("units").integer(line.units.n).end();
                json.end();
            });
        }
        if (const auto* f = fact.as<OrderMoved>()) return order_now(f->order, word_of(f->to), seq);
        if (const auto* f = fact.as<OrderCancelled>()) {
            for (const auto& line : f->lines) lines_.insert({f->drop, line.drop_line});
            return order_now(f->order, "cancelled", seq);
        }
        if (const auto* f = fact.as<OrderRefunded>()) {
            for (const auto& line : f->lines) lines_.insert({f->drop, line.drop_line});
            return order_now(f->order, "refunded", seq);
        }
        if (const auto* f = fact.as<DropScheduled>()) return status(f->drop, "scheduled", seq);
        if (const auto* f = fact.as<DropOpened>()) return status(f->drop, "open", seq);
        if (const auto* f = fact.as<DropPaused>()) return status(f->drop, "paused", seq);
        if (const auto* f = fact.as<DropResumed>()) return status(f->drop, "open", seq);
        if (const auto* f = fact.as<DropClosed>()) return status(f->drop, "closed", seq);
        if (const auto* f = fact.as<DropSettled>()) return status(f->drop, "settled", seq);
        if (const auto* f = fact.as<DropCancelled>()) return status(f->drop, "cancelled", seq);
        if (const auto* f = fact.as<PricesKilled>()) return killed(*f, seq);
    }

    std::vector<Stream::Event> finish(std::uint64_t seq) {
        for (const auto& [id, index] : lines_) {
            const auto* drop = state_.drops.find(id);
            if (!drop || index >= drop->lines.size()) continue;
            const Quantity units = available(state_, *drop, index);
            const auto sku = sku_code(state_, drop->lines[index].terms.sku);
            say("availability", id, seq, false, [&](JsonWriter& json) {
                json.key("sku").text(sku).key("available");
                if (drop->terms.show == ShowAvailable::exact || units <= Quantity{})
                    json.integer(units.n);
                else
                    json.text(drop->terms.show == ShowAvailable::few && units < drop->terms.few_under ? "few"
                                                                                                      : "in_stock");
            });
        }
        return std::move(events_);
    }

  private:
    template <class Write>
    void say(std::string_view name, DropId drop, std::uint64_t seq, bool staff_only, Write write) {
        auto text = std::make_shared<std::string>();
        text->append("id: ").append(std::to_string(seq)).append("\nevent: ").append(name).append("\ndata: ");
        JsonWriter json(*text);
        json.object().key("at").instant(at_.ms);
        if (drop) json.key("drop").text(words_.ids.show(drop));
        write(json);
        json.end();
        text->append("\n\n");
        events_.push_back({seq, drop.n, staff_only, std::move(text)});
    }
    template <class Write>
    void staff(std::string_view name, DropId drop, std::uint64_t seq, Write write) {
        say(name, drop, seq, true, write);
    }

    void touched(DropId drop, const HeldLines& lines) {
        for (const auto& line : lines) lines_.insert({drop, line.line});
    }
    void hold(const UnitsHeld& fact, std::uint64_t seq) {
        touched(fact.drop, fact.lines);
        const auto* channel = state_.places.find(fact.channel);
        staff("hold", fact.drop, seq, [&](JsonWriter& json) {
            json.key("id")
                .text(words_.ids.show(fact.hold))
                .key("status")
                .text("held")
                .key("channel")
                .text(channel ? channel->name : "");
            json.key("total").money(total_of(fact.lines).n, words_.currency).key("lines");
            write_held_lines(json, state_, fact.lines, words_);
        });
    }
    void order_now(OrderId id, std::string_view now, std::uint64_t seq) {
        const auto* order = state_.orders.table.find(id);
        if (!order) return;
        staff("order", order->drop, seq, [&](JsonWriter& json) {
            json.key("id").text(words_.ids.show(id)).key("number").natural(order->number).key("status").text(now);
            json.key("total").money(order->total.n, words_.currency);
        });
    }
    void status(DropId drop, std::string_view now, std::uint64_t seq) {
        const bool announced = now != "cancelled" || state_.drops.find(drop)->scheduled_at;
        say("status", drop, seq, !announced, [&](JsonWriter& json) { json.key("status").text(now); });
    }
    void price(const PriceSet& fact, std::uint64_t seq, const Actor& who) {
        const auto* drop = state_.drops.find(fact.key.drop);
        const auto* channel = state_.places.find(fact.key.channel);
        if (!drop || fact.key.line >= drop->lines.size()) return;
        const auto sku = sku_code(state_, drop->lines[fact.key.line].terms.sku);
        say("price", drop->id, seq, false, [&](JsonWriter& json) {
            json.key("sku")
                .text(sku)
                .key("channel")
                .text(channel ? channel->name : "")
                .key("price")
                .money(fact.price.n, words_.currency);
            if (fact.cohort || !drop->terms.pricing.personal_offers.empty())
                json.key("cohort").boolean(true);  // some sessions are asked otherwise: read the drop
        });
        auto text = std::make_shared<std::string>();
        text->append("id: ").append(std::to_string(seq)).append("\nevent: decision\ndata: ");
        JsonWriter json(*text);
        write_decision(json, state_, fact, at_, seq, who, words_);
        text->append("\n\n");
        events_.push_back({seq, drop->id.n, true, std::move(text)});
    }
    void killed(const PricesKilled& fact, std::uint64_t seq) {
        const auto* drop = state_.drops.find(fact.drop);
        if (!drop) return;
        for (std::uint32_t i = 0; i < drop->lines.size(); ++i)
            for (const auto channel : drop->terms.channels)
                if (const auto* now = price_of(state_, *drop, i, channel)) {
                    const auto* named = state_.places.find(channel);
                    say("price", drop->id, seq, false, [&](JsonWriter& json) {
                        json.key("sku")
                            .text(sku_code(state_, drop->lines[i].terms.sku))
                            .key("channel")
                            .text(named ? named->name : "");
                        json.key("price").money(now->price.n, words_.currency);
                    });
                }
    }

    const State& state_;
    Words words_;
    Instant at_;
    std::set<std::pair<DropId, std::uint32_t>> lines_;
    std::vector<Stream::Event> events_;
};

void Stream::stored(const State& state, const engine::Batch& batch) {
    std::map<ChannelId, std::uint64_t> prices;
    for (const auto& entry : batch.entries)
        for (const auto& fact : entry.facts)
            if (const auto* set = fact.as<PriceSet>()) ++prices[set->key.channel];
    if (count_.load(std::memory_order_relaxed) == 0 || !ids_) return measure(prices, batch.at);
    Telling telling(state, *ids_, batch.at);
    std::uint64_t seq = batch.first;
    for (const auto& entry : batch.entries)
        for (const auto& fact : entry.facts) telling.tell(fact, seq++, entry.who);
    send(telling.finish(seq == batch.first ? seq : seq - 1));
    measure(prices, batch.at);
}

void Stream::measure(const std::map<ChannelId, std::uint64_t>& prices, Instant decided_at) {
    if (prices.empty() || !clock_) return;
    const auto took = (clock_->now() - decided_at).n;
    const std::lock_guard lock(mutex_);
    for (const auto& [channel, count] : prices) {
        skew_.all.add(count, took);
        skew_.channels[channel].add(count, took);
    }
}

SkewBook Stream::skew() const {
    const std::lock_guard lock(mutex_);
    return skew_;
}

void Stream::send(std::vector<Event> events) {
    const std::lock_guard lock(mutex_);
    std::vector<std::size_t> gone;
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
        auto& listener = listeners_[i];
        auto text = std::make_shared<std::string>();
        for (const auto& event : events)
            if ((listener.staff || !event.staff_only) && (listener.drop == 0 || event.drop == listener.drop))
                *text += *event.text;
        if (!text->empty() && !listener.flow->send(std::move(text))) gone.push_back(i);
    }
    for (; !gone.empty(); gone.pop_back())
        listeners_.erase(listeners_.begin() + static_cast<std::ptrdiff_t>(gone.back()));
    count_.store(listeners_.size());
    for (auto& event : events) ring_.push_back(std::move(event));
    while (ring_.size() > ring_max) ring_.pop_front();
}

bool Stream::listen(std::shared_ptr<Outflow> flow, bool staff, std::uint64_t drop, std::uint64_t resume_from) {
    const std::lock_guard lock(mutex_);
    if (listeners_.size() >= listeners_max) return false;
    auto text = std::make_shared<std::string>(": live\nretry: 1000\n\n");
    if (resume_from)
        for (const auto& event : ring_)
            if (event.seq > resume_from && (staff || !event.staff_only) && (drop == 0 || event.drop == drop))
                *text += *event.text;
    flow->send(std::move(text));
    listeners_.push_back({std::move(flow), staff, drop});
    count_.store(listeners_.size());
    return true;
}

void Stream::beat() {
    const auto text = std::make_shared<const std::string>(": still here\n\n");
    const std::lock_guard lock(mutex_);
    std::erase_if(listeners_, [&](const Listener& listener) { return !listener.flow->send(text); });
    count_.store(listeners_.size());
    if (listeners_.empty()) ring_.clear();
}

void Stream::clear() {
    const std::lock_guard lock(mutex_);
    listeners_.clear();
    ring_.clear();
    count_.store(0);
}

}  // namespace dropsmith::http
