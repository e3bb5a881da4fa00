// Covered by tests/http/openapi.py.
#include "edge/http/openapi.h"

#include <functional>
#include <map>
#include <set>
#include <vector>

#include "base/json.h"
#include "edge/http/route.h"
#include "edge/http/routes.h"

namespace dropsmith::http {
namespace {

constexpr std::size_t roles_count = 8;

std::string ref(std::string_view name) { return "#/components/schemas/" + std::string(name); }

bool in_seconds(std::string_view name) { return name.ends_with("_s") || name.ends_with("_seconds"); }

bool as_object(const Type& type) {
    return type.kind == Kind::list && type.element->kind == Kind::record && type.element->name == "PlaceUnitsEntry";
}

void schema(JsonWriter& json, const Type& type, std::string_view field) {
    switch (type.kind) {
        case Kind::boolean:
            json.object().key("type").text("boolean").end();
            return;
        case Kind::integer:
        case Kind::quantity:
            json.object().key("type").text("integer").end();
            return;
        case Kind::natural:
            json.object().key("type").text("integer").key("minimum").integer(0).end();
            return;
        case Kind::duration:
            json.object().key("type").text("integer").key("minimum").integer(0).key("description");
            json.text(in_seconds(field) ? "seconds" : "milliseconds").end();
            return;
        case Kind::money:
            json.object().key("$ref").text(ref("Money")).end();
            return;
        case Kind::rate:
            json.object()
                .key("type")
                .text("number")
                .key("minimum")
                .integer(0)
                .key("maximum")
                .integer(1)
                .key("description")
                .text("a share, at most 6 decimal places")
                .end();
            return;
        case Kind::real:
            json.object().key("type").text("number").end();
            return;
        case Kind::instant:
            json.object().key("type").text("string").key("format").text("date-time").end();
            return;
        case Kind::id:
            json.object()
                .key("type")
                .text("string")
                .key("pattern")
                .text("^" + std::string(type.name) + "_[0-9a-z]+$")
                .end();
            return;
        case Kind::text:
            json.object().key("type").text("string").end();
            return;
        case Kind::bytes:
            json.object().key("type").text("string").key("contentEncoding").text("base64").end();
            return;
        case Kind::choice:
            json.object().key("type").text("string").key("enum").array();
            for (const auto word : type.words) json.text(word);
            json.end().end();
            return;
        case Kind::list:
            if (as_object(type)) {
                json.object()
                    .key("type")
                    .text("object")
                    .key("additionalProperties")
                    .object()
                    .key("type")
                    .text("integer")
                    .end()
                    .end();
                return;
            }
            json.object().key("type").text("array").key("items"), schema(json, *type.element, field);
            json.end();
            return;
        case Kind::optional:
            schema(json, *type.element, field);
            return;
        case Kind::record:
            json.object().key("$ref").text(ref(type.name)).end();
            return;
    }
}

void collect(const Type& type, std::map<std::string, const Type*, std::less<>>& records) {
    if (type.element) collect(*type.element, records);
    if (type.kind != Kind::record || !records.emplace(std::string(type.name), &type).second) return;
    for (const auto& field : type.fields) collect(*field.type, records);
}

bool required(const Field& field) {
    return !field.default_ok && field.type->kind != Kind::optional && field.type->kind != Kind::list;
}

void write_schemas(JsonWriter& json) {
    std::map<std::string, const Type*, std::less<>> records;
    for (const auto& route : all_routes())
        if (route.doc.body) collect(route.doc.body(), records);
    json.object();
    json.key("Money").object().key("type").text("object").key("required").array().text("amount").text("currency").end();
    json.key("properties")
        .object()
        .key("amount")
        .object()
        .key("type")
        .text("integer")
        .key("description")
        .text("ISO 4217 minor units")
        .end();
    json.key("currency")
        .object()
        .key("type")
        .text("string")
        .key("minLength")
        .integer(3)
        .key("maxLength")
        .integer(3)
        .end()
        .end()
        .end();
    json.key("Problem").object().key("type").text("object").key("description").text("RFC 9457").key("required").array();
    for (const auto* name : {"type", "title", "status", "detail", "code"}) json.text(name);
    json.end().key("properties").object();
    for (const auto* name : {"type", "title", "detail", "code"})
        json.key(name).object().key("type").text("string").end();
    json.key("status").object().key("type").text("integer").end();
    json.key("available").object().key("type").text("integer").end();
    json.key("errors")
        .object()
        .key("type")
        .text("array")
        .key("items")
        .object()
        .key("type")
        .text("object")
        .key("properties")
        .object();
    for (const auto* name : {"pointer", "detail", "rule"}) json.key(name).object().key("type").text("string").end();
    json.end().end().end().end().end();
    for (const auto& [name, type] : records) {
        json.key(name)
            .object()
            .key("type")
            .text("object")
            .key("additionalProperties")
            .boolean(false)
            .key("properties")
            .object();
        for (const auto& field : type->fields) json.key(field.name), schema(json, *field.type, field.name);
        json.end();
        bool any = false;
        for (const auto& field : type->fields) any = any || required(field);
        if (any) {
            json.key("required").array();
            for (const auto& field : type->fields)
                if (required(field)) json.text(field.name);
            json.end();
        }
        json.end();
    }
    json.end();
}

std::vector<std::string_view> pieces(std::string_view list) {
    std::vector<std::string_view> out;
    while (!list.empty()) {
        const auto comma = list.find(',');
        out.push_back(list.substr(0, comma));
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
    return out;
}

std::vector<std::string_view> path_parameters(std::string_view path) {
    std::vector<std::string_view> out;
    for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1))
        out.push_back(path.substr(open + 1, path.find('}', open) - open - 1));
    return out;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

std::string operation_id(const Route& route) {
    std::string out = lower(route.method);
    for (const char c : route.path) out.push_back((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '_');
    return out;
}

void write_parameters(JsonWriter& json, const Route& route) {
    json.key("parameters").array();
    for (const auto name : path_parameters(route.path))
        json.object()
            .key("name")
            .text(name)
            .key("in")
            .text("path")
            .key("required")
            .boolean(true)
            .key("schema")
            .object()
            .key("type")
            .text("string")
            .end()
            .end();
    for (const auto name : pieces(route.doc.query))
        json.object()
            .key("name")
            .text(name)
            .key("in")
            .text("query")
            .key("schema")
            .object()
            .key("type")
            .text(name == "limit" ? "integer" : "string")
            .end()
            .end();
    if (route.doc.key != KeyRule::none)
        json.object()
            .key("name")
            .text("Idempotency-Key")
            .key("in")
            .text("header")
            .key("required")
            .boolean(route.doc.key == KeyRule::required)
            .key("schema")
            .object()
            .key("type")
            .text("string")
            .key("maxLength")
            .integer(255)
            .end()
            .end();
    if (route.method == "PATCH")
        json.object()
            .key("name")
            .text("If-Match")
            .key("in")
            .text("header")
            .key("schema")
            .object()
            .key("type")
            .text("string")
            .end()
            .end();
    json.end();
}

void write_operation(JsonWriter& json, const Route& route) {
    json.object().key("operationId").text(operation_id(route)).key("summary").text(route.doc.summary);
    write_parameters(json, route);
    if (route.doc.body)
        json.key("requestBody")
            .object()
            .key("content")
            .object()
            .key("application/json")
            .object()
            .key("schema")
            .object()
            .key("$ref")
            .text(ref(route.doc.body().name))
            .end()
            .end()
            .end()
            .end();
    json.key("responses").object().key(std::to_string(route.doc.success)).object().key("description");
    json.text(route.doc.gives.empty() ? "done" : route.doc.gives);
    if (route.doc.success != 204) json.key("content").object().key(route.doc.reply_type).object().end().end();
    json.end()
        .key("default")
        .object()
        .key("description")
        .text("a problem, RFC 9457")
        .key("content")
        .object()
        .key("application/problem+json")
        .object()
        .key("schema")
        .object()
        .key("$ref")
        .text(ref("Problem"))
        .end()
        .end()
        .end()
        .end()
        .end();
    json.key("security").array();
    if (route.access.reach() == Reach::staff) json.object().key("staff").array().end().end();
    if (route.access.reach() == Reach::buyer) {
        json.object().key("buyer").array().end().end();
        json.object().key("staff").array().end().end();
    }
    json.end();
    json.key("x-roles").array();
    if (route.access.reach() != Reach::everyone)
        for (std::size_t i = 0; i < roles_count; ++i)
            if (route.access.allows(static_cast<Role>(i))) json.text(word_of(static_cast<Role>(i)));
    json.end().end();
}

std::string_view word(Reach reach) {
    return reach == Reach::everyone ? "public" : reach == Reach::buyer ? "buyer" : "staff";
}
std::string_view word(ScopeKind scope) {
    switch (scope) {
        case ScopeKind::none:
            return "none";
        case ScopeKind::shop:
            return "shop";
        case ScopeKind::places:
            return "places";
        case ScopeKind::channels:
            return "channels";
    }
    return "none";
}
std::string_view word(KeyRule key) {
    return key == KeyRule::none ? "none" : key == KeyRule::optional ? "optional" : "required";
}

}  // namespace

std::string roles_of(const Route& route) {
    if (route.access.reach() == Reach::everyone) return "everybody";
    std::string out = route.access.reach() == Reach::buyer ? "the buyer's secret; " : "";
    for (std::size_t i = 0; i < roles_count; ++i)
        if (route.access.allows(static_cast<Role>(i)))
            out += (out.empty() || out.ends_with("; ") ? "" : ", ") + std::string(word_of(static_cast<Role>(i)));
    return out;
}

std::string openapi_document(std::string_view currency) {
    std::string out;
    JsonWriter json(out);
    json.object()
        .key("openapi")
        .text("3.1.0")
        .key("info")
        .object()
        .key("title")
        .text("Dropsmith")
        .key("version")
        .text(DROPSMITH_VERSION)
        .key("description")
        .text("Money is in ISO 4217 minor units of " + std::string(currency) +
              "; times are RFC 3339 in UTC; unknown fields of a request are refused. Errors are RFC 9457 problems with "
              "a stable `code`.")
        .end();
    json.key("servers").array().object().key("url").text("/").end().end();
    std::map<std::string_view, std::vector<const Route*>> paths;
    for (const auto& route : all_routes()) paths[route.path].push_back(&route);
    json.key("paths").object();
    for (const auto& [path, routes] : paths) {
        json.key(path).object();
        for (const auto* route : routes) json.key(lower(route->method)), write_operation(json, *route);
        json.end();
    }
    json.end().key("components").object().key("securitySchemes").object();
    json.key("staff")
        .object()
        .key("type")
        .text("http")
        .key("scheme")
        .text("bearer")
        .key("description")
        .text("A staff token, dst_…: dropsmith token create")
        .end();
    json.key("buyer")
        .object()
        .key("type")
        .text("http")
        .key("scheme")
        .text("bearer")
        .key("description")
        .text(
            "The secret of this hold or order, given once at its making; also as X-Buyer-Secret or cookie, never in a "
            "URL's query")
        .end();
    json.end().key("schemas"), write_schemas(json);
    json.end().end();
    return out;
}

std::string routes_json() {
    std::string out;
    JsonWriter json(out);
    json.array();
    for (const auto& route : all_routes()) {
        json.object()
            .key("method")
            .text(route.method)
            .key("path")
            .text(route.path)
            .key("access")
            .text(word(route.access.reach()));
        json.key("owned").text(route.access.owned() == Owned::hold    ? "hold"
                               : route.access.owned() == Owned::order ? "order"
                               : route.access.owned() == Owned::subscriber ? "subscriber"
                               : route.access.owned() == Owned::wait  ? "wait"
                                                                      : "");
        json.key("scope").text(word(route.access.scope())).key("key").text(word(route.doc.key));
        json.key("success")
            .integer(route.doc.success)
            .key("body")
            .boolean(route.doc.body != nullptr)
            .key("roles")
            .array();
        if (route.access.reach() != Reach::everyone)
            for (std::size_t i = 0; i < roles_count; ++i)
                if (route.access.allows(static_cast<Role>(i))) json.text(word_of(static_cast<Role>(i)));
        json.end().key("summary").text(route.doc.summary).end();
    }
    json.end();
    return out;
}

std::string reference_markdown() {
    std::string out =
        "# HTTP interface\n\nGenerated from the route table by `dropsmith routes --markdown`; do not edit by hand.\n\n"
        "| Method | Path | What it does | Who may | Idempotency-Key | Gives |\n|---|---|---|---|---|---|\n";
    for (const auto& route : all_routes()) {
        out.append("| ")
            .append(route.method)
            .append(" | `")
            .append(route.path)
            .append("` | ")
            .append(route.doc.summary);
        out.append(" | ").append(roles_of(route)).append(" | ").append(word(route.doc.key)).append(" | ");
        out.append(std::to_string(route.doc.success)).append(" ").append(route.doc.gives).append(" |\n");
    }
    return out;
}

}  // namespace dropsmith::http
