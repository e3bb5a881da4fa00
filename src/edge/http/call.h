// Call: one request on its way: what was asked, by whom, and the way back. Handlers take it, answer at once, or hand it
// to the loop as a question (reads state at a batch's end) or a command (built where the state can be read, answered
// after the sync). A Call is owned by one thread at a time. Covered by tests/http/access_matrix.py.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/public_id.h"
#include "edge/http/errors.h"
#include "edge/http/query.h"
#include "edge/http/route.h"
#include "edge/http/server.h"
#include "engine/core.h"
#include "engine/loop.h"

namespace dropsmith::http {

struct Services;

struct Call {
    Services& services;
    const Route& route;
    Request request;
    std::array<std::string, 2> params;  // {id}, {…} of the path, in order
    Query query;
    Actor who;
    std::shared_ptr<const Grant> grant;  // staff with a token; null for buyers, the public and the control socket
    std::optional<KeyUse> key;
    std::unique_ptr<Responder> responder;
    Instant shop_time;  // of the batch that answered; epoch: none did, the clock is asked

    Call(Services& its_services, const Route& its_route) : services(its_services), route(its_route) {}
    void reply(Reply with);
    void refuse_not_found() { reply(not_found()); }
    JsonContext json() const;
    bool is_staff() const {
        return who.kind == ActorKind::staff || who.kind == ActorKind::device || who.kind == ActorKind::shop;
    }
    bool may_place(PlaceId place) const;  // of the grant's scope
    bool may_channel(ChannelId channel) const;
    bool unscoped() const;
};

// Parses the body by its field table; null and answered (400) when it is not right. Also fixes what the Idempotency-Key
// covers.
bool parse_body(Call& call, const Type& type, void* object);
template <class T>
std::optional<T> body(Call& call) {
    std::optional<T> object(std::in_place);
    if (!parse_body(call, type_of<T>(), &*object)) object.reset();
    return object;
}
// For routes without a body: the key covers the path alone. false and answered when a body was sent all the same.
bool no_body(Call& call);

// {id} of the path as an id; nullopt and answered (404) otherwise.
template <class IdType>
std::optional<IdType> path_id(Call& call, std::size_t i = 0);

using View = std::function<Reply(const engine::Answer& answer, Call& call)>;
void question(CallPtr call, View view);
// The same for what many look at at once (looks.h): all that the view reads of the call is in its path.
void look(CallPtr call, View view);

// Looks something up in the state, then goes on elsewhere: `see` runs on the loop's thread and may answer at once; else
// `next` gets the call back (still on the loop's thread: it must only hand it on).
void look_up(CallPtr call, std::function<std::optional<Reply>(const engine::Answer&, Call&)> see,
             std::function<void(CallPtr)> next);
// Work for a slow thread; 503 when too much is waiting.
void slowly(CallPtr call, std::function<void(CallPtr)> work);
// A list from the tables: on threads of its own, so that it does not stand behind what is slow.
void from_tables(CallPtr call, std::function<void(CallPtr)> work);
// An answer from a replica of the state, on a slow thread: for what looks at much, so that the loop does not.
using Study = std::function<Reply(const State& state, Call& call)>;
void study(CallPtr call, Study see);

struct Doing {
    engine::Lane lane = engine::Lane::control;
    std::optional<engine::PersonData> person;
    std::vector<engine::VaultWrite> vault;
    std::function<Reply(const engine::Answer&, Call&)> refused;  // instead of the plain problem
};
void command(CallPtr call, engine::Build build, View view, Doing doing = {});

// A reply with a JSON body written by `write`.
template <class Write>
Reply json_reply(int status, Write write) {
    Reply reply{status, "application/json", {}, {}};
    JsonWriter json(reply.body);
    write(json);
    return reply;
}
void etag(Reply& reply, std::uint64_t version);
// If-Match as a version; missing: nullopt. false and answered when it is not one of ours.
bool if_version(Call& call, std::optional<std::uint64_t>& version);

struct Page {
    std::size_t limit = 50;
    std::uint64_t after = 0;  // id of the last row seen
};
bool page_of(Call& call, Page& page);  // ?limit=&cursor=; false and answered when malformed
std::string cursor_of(const Call& call, std::uint64_t last);

const PublicIds& ids_of(const Call& call);
std::string caller_of(const Call& call);  // whose keys these are: part of what an Idempotency-Key covers

template <class Tag>
std::optional<Id<Tag>> read_id(const PublicIds& ids, std::string_view shown, Id<Tag>*) {
    return ids.read<Tag>(shown);
}

template <class IdType>
std::optional<IdType> path_id(Call& call, std::size_t i) {
    if (auto n = read_id(ids_of(call), call.params[i], static_cast<IdType*>(nullptr))) return n;
    call.refuse_not_found();
    return std::nullopt;
}

}  // namespace dropsmith::http
