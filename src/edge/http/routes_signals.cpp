// Signals: CloudEvents in, kept once by source + id before they are acknowledged. They are demand only; none moves
// stock. Covered by tests/http/routes.py.
#include "edge/http/routes.h"

#include "base/digest.h"
#include "base/limits.h"
#include "edge/http/cloud_events.h"
#include "edge/http/handling.h"
#include "edge/http/peers.h"
#include "edge/http/quote.h"
#include "edge/http/requests_fair.h"

namespace dropsmith::http {
namespace routes_signals {
namespace {

struct Taking {
    CloudEvents events;
    std::vector<engine::SignalEvent> keep;
};

constexpr Duration oldest = days(30);
constexpr std::string_view own_source = "dropsmith:";  // of what the shop counts itself
constexpr Duration newest = hours(24);  // a sensor's clock may be ahead
constexpr Duration farthest = days(366);  // what is going to be announced

// Names to ids; an event about something that the shop does not have is rejected by itself.
std::string place_event(const State& state, const PublicIds& ids, const CloudEvent& event, Instant now, bool staff,
                        DemandKey& key) {
    if (event.source.starts_with(own_source)) return "source: '" + std::string(own_source) + "' is the shop's own";
    if (!staff && event.count > 1) return "data: only a caller with a grant may report more than one at once";
    if (event.time < now - oldest) return "time is more than 30 days ago";
    const bool announced = event.kind == Signal::creator_announced;
    if (announced && !staff) return "type: only a caller with a grant may announce: prices are planned around it";
    if (event.time > now + (announced ? farthest : newest))
        return announced ? "time is more than 366 days ahead" : "time lies in the future";
    key.minute = event.time.ms / 60'000;
    key.kind = event.kind;
    if (!event.drop.empty()) {
        const auto* drop = drop_of(state, ids, event.drop);
        if (!drop) return "data: drop '" + event.drop + "' is not a drop of this shop";
        key.drop = drop->id;
    }
    if (!event.sku.empty()) {
        const auto* sku = state.catalogue.find(event.sku);
        if (!sku) return "data: sku '" + event.sku + "' is not a SKU of this shop";
        key.sku = sku->id;
    }
    if (!event.place.empty()) {
        const auto place = ids.read<PlaceTag>(event.place);
        if (!place || !state.places.find(*place)) return "data: place is not a place of this shop";
        key.place = *place;
    }
    if (!event.channel.empty()) {
        const auto* channel = channel_of(state, ids, event.channel);
        if (!channel) return "data: channel '" + event.channel + "' is not a channel of this shop";
        key.channel = channel->id;
    }
    return {};
}

void answer_taken(CallPtr call, const Taking& taking, engine::SignalsKept kept) {
    call->reply(json_reply(202, [&](JsonWriter& json) {
        json.object()
            .key("accepted")
            .natural(kept.accepted)
            .key("duplicates")
            .natural(kept.duplicates)
            .key("rejected")
            .array();
        for (const auto& row : taking.events.rejected)
            json.object().key("index").natural(row.index).key("detail").text(row.detail).end();
        json.end().end();
    }));
}

void post_signals(CallPtr call) {
    if (!call->services.signals) return call->reply(too_busy(503, 5));
    const auto& kind = call->request.content_type;
    if (kind.find("json") == std::string::npos && !kind.empty())
        return call->reply(problem(415, "unsupported_media_type",
                                   "Send application/cloudevents+json or application/cloudevents-batch+json."));
    auto taking = std::make_shared<Taking>();
    taking->events = read_cloud_events(call->request.body, call->services.shop_clock->now());
    if (!taking->events.trouble.empty()) return call->reply(bad_input("", taking->events.trouble));
    look_up(
        std::move(call),
        [taking](const engine::Answer& answer, Call& c) -> std::optional<Reply> {
            for (auto& event : taking->events.events) {
                engine::SignalEvent keep;
                keep.key = {};
                if (auto wrong = place_event(answer.state, *c.services.ids, event, answer.at, c.is_staff(), keep.key);
                    !wrong.empty()) {
                    taking->events.rejected.push_back({event.index, std::move(wrong)});
                    continue;
                }
                keep.source = event.source, keep.id = event.id, keep.count = event.count;
                keep.received = c.services.machine_clock->wall();
                keep.data = std::move(event.text);
                taking->keep.push_back(std::move(keep));
            }
            return std::nullopt;
        },
        [taking](CallPtr waiting) {
            slowly(std::move(waiting), [taking](CallPtr c) {
                if (taking->keep.empty()) return answer_taken(std::move(c), *taking, {});
                const auto kept = c->services.signals->append(taking->keep);
                if (!kept) return c->reply(too_busy(503, 2));
                answer_taken(std::move(c), *taking, *kept);
            });
        });
}

Reply counted(bool so) {
    return json_reply(202, [&](JsonWriter& json) { json.object().key("counted").boolean(so).end(); });
}

// Of one address: 60 new looks at once, then one in ten seconds. Who wants to talk the engine into a crowd needs many.
bool too_many_looks(Call& call) {
    auto& services = call.services;
    const std::string_view peer = call.request.peer;
    if (!services.limit_loopback && (peer.starts_with("127.") || peer == "::1")) return false;
    const auto address = parse_address(peer);
    return address && !services.page_views.may(subnet_key(*address), services.machine_clock->boot().n);
}

// The page says that this session looks at an open drop. The shop counts it itself, once for a session and a drop:
// what is kept is a keyed digest of the two, which means nothing elsewhere.
void post_look(CallPtr call) {
    if (!call->services.signals) return call->reply(too_busy(503, 5));
    const auto asked = body<LookBody>(*call);
    if (!asked) return;
    const auto session = session_digest(asked->session.value_or(""));
    if (!session || asked->session->size() > limits::name_max)
        return call->reply(bad_input("/session", "is required: the word of chance that the same browser buys with"));
    if (call->request.uncounted || call->is_staff() || too_many_looks(*call)) return call->reply(counted(false));
    question(std::move(call), [asked = *asked, session](const engine::Answer& answer, Call& c) {
        const auto& state = answer.state;
        const auto* drop = drop_of(state, *c.services.ids, c.params[0]);
        if (!drop || drop->status == DropStatus::draft) return not_found();
        if (drop->status != DropStatus::open) return counted(false);
        const auto* channel = asked.channel ? channel_of(state, *c.services.ids, *asked.channel) : nullptr;
        if (asked.channel && !channel) return bad_input("/channel", "is not a channel of this shop");
        if (!channel && !drop->terms.channels.empty()) channel = state.places.find(drop->terms.channels[0]);
        engine::SignalEvent look;
        look.source = own_source;
        const auto who = std::to_string(drop->id.n) + " " + std::to_string(session);
        look.id = hex(blake2b("look " + who, c.services.mac_key)).substr(0, 32);
        look.received = c.services.machine_clock->wall();
        look.key = {answer.at.ms / 60'000, drop->id, {}, {}, channel ? channel->id : ChannelId{}, Signal::page_viewed};
        return counted(c.services.page_views.add(std::move(look), *c.services.signals, c.services.slow));
    });
}

constexpr Route table[] = {
    {"POST",
     "/v1/drops/{id}/looks",
     public_(),
     post_look,
     {.summary = "A session looks at an open drop: counted once for each of both, and never under Sec-GPC or DNT",
      .success = 202,
      .body = type_of<LookBody>,
      .gives = "{counted}"}},
    {"POST",
     "/v1/signals",
     public_(),
     post_signals,
     {.summary = "CloudEvents 1.0, one or a batch of at most 1000: what was seen, never a promise",
      .success = 202,
      .gives = "{accepted, duplicates, rejected: [{index, detail}]}"}},
};

}  // namespace
}  // namespace routes_signals

std::span<const Route> signal_routes() { return routes_signals::table; }

}  // namespace dropsmith::http
