// Places, products, channels. Covered by tests/http/routes.py.
#include "edge/http/routes.h"

#include "edge/http/handling.h"

namespace dropsmith::http {
namespace routes_catalogue {
namespace {

// --- places
Reply place_reply(int status, const Place& place, Call& call) {
    auto reply = json_reply(status, [&](JsonWriter& json) { write_place(json, place, words_of(call)); });
    etag(reply, place.version);
    return reply;
}
Reply place_of_fact(int status, const engine::Answer& answer, Call& call) {
    const auto* fact = fact_in<PlaceSet>(answer);
    return fact ? place_reply(status, fact->place, call) : missing_fact();
}

void post_place(CallPtr call) {
    const auto asked = body<PlaceBody>(*call);
    if (!asked) return;
    bool sane = true;
    AddPlace add{asked->name, asked->kind, asked->time_zone, position_of(asked->position, sane)};
    if (!sane) return call->reply(bad_input("/position", "lat must lie in -90…90 and lon in -180…180"));
    command(
        std::move(call), [add](const State&, const Moment&) -> Result<Command, Refusal> { return Command(add); },
        [](const engine::Answer& answer, Call& c) { return place_of_fact(201, answer, c); });
}
void get_places(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    question(std::move(call), [page](const engine::Answer& answer, Call& c) {
        return list_reply(
            c, page, answer.state.places.places, [&](const Place& place) { return c.may_place(place.id); },
            [&](JsonWriter& json, const Place& place) { write_place(json, place, words_of(c)); }, answer.at);
    });
}
void get_place(CallPtr call) {
    const auto id = path_id<PlaceId>(*call);
    if (!id) return;
    question(std::move(call), [id](const engine::Answer& answer, Call& c) {
        const auto* place = answer.state.places.find(*id);
        return place && c.may_place(*id) ? place_reply(200, *place, c) : not_found();
    });
}
void patch_place(CallPtr call) {
    const auto id = path_id<PlaceId>(*call);
    if (!id) return;
    const auto asked = body<PlacePatch>(*call);
    if (!asked) return;
    bool sane = true;
    ChangePlace change;
    change.place = *id;
    change.name = asked->name, change.kind = asked->kind, change.time_zone = asked->time_zone;
    change.position = position_of(asked->position, sane);
    if (!sane) return call->reply(bad_input("/position", "lat must lie in -90…90 and lon in -180…180"));
    if (!if_version(*call, change.if_version)) return;
    if (!call->may_place(*id)) return call->refuse_not_found();
    command(
        std::move(call), [change](const State&, const Moment&) -> Result<Command, Refusal> { return Command(change); },
        [](const engine::Answer& answer, Call& c) { return place_of_fact(200, answer, c); });
}

// --- channels
Reply channel_reply(int status, const Channel& channel, Call& call) {
    auto reply = json_reply(status, [&](JsonWriter& json) { write_channel(json, channel, words_of(call)); });
    etag(reply, channel.version);
    return reply;
}
Reply channel_of_fact(int status, const engine::Answer& answer, Call& call) {
    const auto* fact = fact_in<ChannelSet>(answer);
    return fact ? channel_reply(status, fact->channel, call) : missing_fact();
}
void post_channel(CallPtr call) {
    const auto asked = body<ChannelBody>(*call);
    if (!asked) return;
    if (asked->currency && *asked->currency != call->services.currency)
        return call->reply(
            bad_input({JsonError{"/currency", "this shop has one currency, " + call->services.currency, true}}));
    AddChannel add{asked->name, asked->mode, asked->prices_include_tax, asked->place.value_or(PlaceId{})};
    command(
        std::move(call), [add](const State&, const Moment&) -> Result<Command, Refusal> { return Command(add); },
        [](const engine::Answer& answer, Call& c) { return channel_of_fact(201, answer, c); });
}
void get_channels(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    question(std::move(call), [page](const engine::Answer& answer, Call& c) {
        return list_reply(
            c, page, answer.state.places.channels, [&](const Channel& channel) { return c.may_channel(channel.id); },
            [&](JsonWriter& json, const Channel& channel) { write_channel(json, channel, words_of(c)); }, answer.at);
    });
}
void get_channel(CallPtr call) {
    question(std::move(call), [](const engine::Answer& answer, Call& c) {
        const auto* channel = channel_of(answer.state, *c.services.ids, c.params[0]);
        return channel && c.may_channel(channel->id) ? channel_reply(200, *channel, c) : not_found();
    });
}
void patch_channel(CallPtr call) {
    const auto asked = body<ChannelPatch>(*call);
    if (!asked) return;
    ChangeChannel change;
    change.name = asked->name, change.mode = asked->mode, change.place = asked->place;
    if (!if_version(*call, change.if_version)) return;
    const auto* ids = call->services.ids;
    command(
        std::move(call),
        [change, ids, named = call->params[0]](const State& state, const Moment&) -> Result<Command, Refusal> {
            const auto* channel = channel_of(state, *ids, named);
            if (!channel) return nothing_there();
            auto complete = change;
            complete.channel = channel->id;
            return Command(std::move(complete));
        },
        [](const engine::Answer& answer, Call& c) { return channel_of_fact(200, answer, c); });
}

// --- products
Result<std::vector<SkuTerms>, Refusal> sku_terms(const State& state, const std::vector<SkuBody>& bodies) {
    std::vector<SkuTerms> out;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        const auto& sku = bodies[i];
        out.push_back({sku.sku, sku.size, sku.unit_cost, sku.cost_assumed, sku.list_price, sku.weight_g, sku.gtin, {}});
        for (std::size_t k = 0; k < sku.components.size(); ++k) {
            const auto* part = state.catalogue.find(sku.components[k].sku);
            if (!part)
                return bad_field("/skus/" + std::to_string(i) + "/components/" + std::to_string(k) + "/sku",
                                 "is not a SKU of the shop: a component is there before its bundle");
            out.back().components.push_back({part->id, sku.components[k].units});
        }
    }
    return out;
}
Reply product_reply(int status, const State& state, const Product& product, Call& call) {
    std::vector<SkuRow> rows;
    for (const auto id : product.skus)
        if (const auto* sku = state.catalogue.find(id)) rows.push_back({id, sku->terms});
    auto reply = json_reply(
        status, [&](JsonWriter& json) { write_product(json, state, product, rows, words_of(call)); });
    etag(reply, product.version);
    return reply;
}
void post_product(CallPtr call) {
    const auto asked = body<ProductBody>(*call);
    if (!asked) return;
    command(
        std::move(call),
        [asked = *asked](const State& state, const Moment&) -> Result<Command, Refusal> {
            auto skus = sku_terms(state, asked.skus);
            if (!skus) return Failure{std::move(skus.error())};
            return Command(AddProduct{asked.title, asked.story, asked.brand, asked.tax_category, std::move(*skus)});
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<ProductAdded>(answer);
            if (!fact) return missing_fact();
            const Product product{fact->product, 1, fact->title, fact->story, fact->brand, fact->tax_category, {}};
            auto reply = json_reply(201, [&](JsonWriter& json) {
                write_product(json, answer.state, product, fact->skus, words_of(c));
            });
            etag(reply, 1);
            return reply;
        });
}
void get_products(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    question(std::move(call), [page](const engine::Answer& answer, Call& c) {
        const auto& catalogue = answer.state.catalogue;
        const auto sku = c.query.get("sku");
        const auto* wanted = sku.empty() ? nullptr : catalogue.find(sku);
        return list_reply(
            c, page, catalogue.products,
            [&](const Product& product) { return sku.empty() || (wanted && wanted->product == product.id); },
            [&](JsonWriter& json, const Product& product) {
                std::vector<SkuRow> rows;
                for (const auto id : product.skus)
                    if (const auto* row = catalogue.find(id)) rows.push_back({id, row->terms});
                write_product(json, answer.state, product, rows, words_of(c));
            },
            answer.at);
    });
}
void get_product(CallPtr call) {
    const auto id = path_id<ProductId>(*call);
    if (!id) return;
    question(std::move(call), [id](const engine::Answer& answer, Call& c) {
        const auto* product = answer.state.catalogue.find(*id);
        return product ? product_reply(200, answer.state, *product, c) : not_found();
    });
}
void patch_product(CallPtr call) {
    const auto id = path_id<ProductId>(*call);
    if (!id) return;
    const auto asked = body<ProductPatch>(*call);
    if (!asked) return;
    ChangeProduct change;
    change.product = *id;
    change.title = asked->title, change.story = asked->story, change.brand = asked->brand,
    change.tax_category = asked->tax_category;
    if (!if_version(*call, change.if_version)) return;
    command(
        std::move(call),
        [change, bodies = asked->skus](const State& state, const Moment&) -> Result<Command, Refusal> {
            auto skus = sku_terms(state, bodies);
            if (!skus) return Failure{std::move(skus.error())};
            auto complete = change;
            complete.skus = std::move(*skus);
            return Command(std::move(complete));
        },
        [id](const engine::Answer& answer, Call& c) {
            const auto* product = answer.state.catalogue.find(*id);
            return product ? product_reply(200, answer.state, *product, c) : not_found();
        });
}

constexpr auto readers =
    needs<Role::operator_, Role::pricing, Role::finance, Role::fulfilment, Role::legal, Role::till, Role::viewer>(
        ScopeKind::places);
constexpr auto writers = needs<Role::operator_>(ScopeKind::shop);

constexpr Route table[] = {
    {"POST",
     "/v1/places",
     writers,
     post_place,
     {.summary = "Adds a place where units are",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<PlaceBody>,
      .gives = "place"}},
    {"GET",
     "/v1/places",
     readers,
     get_places,
     {.summary = "All places", .query = "limit,cursor", .gives = "{data: [place], next}"}},
    {"GET", "/v1/places/{id}", readers, get_place, {.summary = "A place", .gives = "place; its version is the ETag"}},
    {"PATCH",
     "/v1/places/{id}",
     needs<Role::operator_>(ScopeKind::places),
     patch_place,
     {.summary = "Changes a place; If-Match guards against overwriting",
      .key = KeyRule::optional,
      .body = type_of<PlacePatch>,
      .gives = "place"}},
    {"POST",
     "/v1/channels",
     writers,
     post_channel,
     {.summary = "Adds a channel: own, linked or observed",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<ChannelBody>,
      .gives = "channel"}},
    {"GET",
     "/v1/channels",
     readers,
     get_channels,
     {.summary = "All channels", .query = "limit,cursor", .gives = "{data: [channel], next}"}},
    {"GET", "/v1/channels/{id}", readers, get_channel, {.summary = "A channel, by id or name", .gives = "channel"}},
    {"PATCH",
     "/v1/channels/{id}",
     writers,
     patch_channel,
     {.summary = "Changes a channel", .key = KeyRule::optional, .body = type_of<ChannelPatch>, .gives = "channel"}},
    {"POST",
     "/v1/products",
     writers,
     post_product,
     {.summary = "Adds a product with its SKUs",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<ProductBody>,
      .gives = "product"}},
    {"GET",
     "/v1/products",
     readers,
     get_products,
     {.summary = "All products, or the one of a SKU", .query = "sku,limit,cursor", .gives = "{data: [product], next}"}},
    {"GET",
     "/v1/products/{id}",
     readers,
     get_product,
     {.summary = "A product", .gives = "product; its version is the ETag"}},
    {"PATCH",
     "/v1/products/{id}",
     writers,
     patch_product,
     {.summary = "Changes a product; known SKUs are changed, new ones added, none removed",
      .key = KeyRule::optional,
      .body = type_of<ProductPatch>,
      .gives = "product"}},
};

}  // namespace
}  // namespace routes_catalogue

std::span<const Route> catalogue_routes() { return routes_catalogue::table; }

}  // namespace dropsmith::http
