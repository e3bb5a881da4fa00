// See the header. Covered by tests/http/openapi.py.
#include "edge/http/docs_pages.h"

#include "edge/http/errors.h"
#include "edge/http/escape.h"
#include "edge/http/openapi.h"
#include "edge/http/plain_page.h"
#include "edge/http/routes.h"

namespace dropsmith::http {
namespace {

struct ProblemRow {
    int status;
    std::string_view code, what, then;
};
constexpr ProblemRow problems[] = {
    {400, "bad_request", "The request is not valid; errors names each field by its JSON pointer.",
     "Correct those fields."},
    {400, "bad_value", "A value breaks a rule of the shop; errors names the field.", "Correct it."},
    {400, "currency_mismatch", "The money is in another currency than the shop's.", "Send the shop's currency."},
    {400, "unknown_method", "There is no such delivery or payment method for this order.",
     "Ask GET /v1/shop and GET /v1/payments/methods."},
    {401, "unauthorized", "No token, or one that is unknown, has ended or has expired.",
     "Send Authorization: Bearer with a staff token."},
    {403, "forbidden", "The token's role or scope may not do this.", "Ask an owner for a grant that may."},
    {403, "over_grant", "It is more than the grant's limit.", "Ask somebody whose grant reaches so far."},
    {404, "not_found", "There is nothing here, or it is not for this caller to see.", "Check the id and who asks."},
    {404, "no_such_line", "The drop has no such SKU, or its line has ended.", "Read the drop anew."},
    {405, "method_not_allowed", "The path takes other methods.", "See the interface."},
    {409, "sold_out", "Nothing is left.", "Holds that run out come back on sale; look again."},
    {409, "insufficient_stock", "Fewer are left than were asked; available says how many.", "Ask for fewer."},
    {409, "preorder_full", "The units kept for pre-orders are taken.", "Wait for the opening."},
    {409, "price_changed", "The quote has expired, or the expected price no longer holds; quote has today's.",
     "Decide again at that price."},
    {409, "hold_expired", "The hold ran out; its units went back on sale.", "Hold again."},
    {409, "hold_released", "The hold was given back.", "Hold again."},
    {409, "hold_confirmed", "The hold is an order already.", "Go on with the order."},
    {409, "over_limit", "One person may have fewer in this drop.", "Ask for fewer."},
    {409, "drop_not_open", "The drop is not open yet, or it is over.", "Read its times."},
    {409, "drop_paused", "The shop has paused the drop; holds stay valid.", "Try again shortly."},
    {409, "wrong_channel", "The drop is not sold through that channel.", "Use one of its channels."},
    {409, "wrong_state", "What it is about is in another state; detail says which.", "Read it anew."},
    {409, "plan_contradiction", "The plan contradicts itself; errors lists every clash.", "Change what clashes."},
    {409, "breaks_promise", "The change would break what was promised, held or sold.", "Change less."},
    {409, "no_guardrail", "A price experiment needs a floor or a least margin.", "Set one."},
    {409, "below_floor", "The price is below the floor.", "Choose a higher one, or a grant that may go below."},
    {409, "outside_band", "The price is outside the line's bands.", "Choose one inside, or change the bands."},
    {409, "overtaken", "Another decision came first.", "Look at the standing price."},
    {409, "prices_killed", "The kill switch of this drop was thrown: its list prices stand.",
     "Undo it first: POST /v1/drops/{id}/undo-kill."},
    {409, "no_personal_offer", "The plan makes no offer of one's own to this session; detail says why.",
     "It is asked what everybody is asked; nothing is to be done."},
    {409, "insufficient_free", "More than is free at that place.", "Move or write off less."},
    {409, "over_refund", "More units or money than are left to refund.", "Read the order and refund less."},
    {409, "not_paid", "The order is not paid.", "Record the payment first."},
    {409, "order_archived", "The order was put away when nothing was left to do.",
     "POST /v1/orders/{id}/recall brings it back."},
    {409, "not_admitted", "The waiting room admits one by one, and this caller has no admission that is valid now.",
     "Enter the room and send its admission."},
    {409, "no_room", "The drop has no waiting room that can be entered now.", "Read the drop's times."},
    {409, "person_required", "This waiting room counts people, not sessions.", "Send the person with the request."},
    {409, "already_waiting", "This person waits in this drop already.", "Read or leave that wish."},
    {409, "pass_not_valid", "The pass is unknown, has ended, or is not for this drop or time.", "Use another pass."},
    {409, "pass_used_up", "Every use of the pass is taken.", "Use another, or wait until a hold of it ends."},
    {403, "needs_second_person", "The price policy asks for the consent of a second person.",
     "Have somebody else answer it."},
    {409, "audit_differs", "The audit pack does not agree with the journal, so it cannot be signed off.",
     "Read its differences first."},
    {409, "already_exists", "There is one already by that name, code or reference.", "Use it, or choose another."},
    {409, "already_imported", "This file was imported before.", "Nothing: it changed nothing."},
    {409, "import_running", "Another import has not ended.", "Publish or abandon it first."},
    {412, "version_conflict", "It was changed since you read it.", "Read it anew, and send its ETag as If-Match."},
    {413, "body_too_large", "The body is larger than 1 MiB.", "Send less at once."},
    {414, "target_too_long", "The address is too long.", "Use a shorter query."},
    {415, "unsupported_media_type", "The body is not of a type that is taken here.", "Send application/json."},
    {417, "expectation_failed", "The only expectation met is 100-continue.", "Leave Expect out."},
    {422, "key_reused", "The Idempotency-Key was used for another request.", "Send a new key for a new thing."},
    {429, "too_many_requests", "More than this caller's rate.", "Wait the seconds of Retry-After."},
    {431, "head_too_large", "The head is larger than 16 KiB.", "Send fewer or shorter fields."},
    {500, "error", "A fault of the shop's own.", "Read by GET what happened; report it."},
    {501, "not_supported", "This part of HTTP is not taken here.", "Use plain HTTP/1.1."},
    {503, "unavailable", "The shop cannot take this at the moment.", "Wait the seconds of Retry-After."},
    {503, "read_only", "The shop's disk takes no writes; reading goes on.", "Make room on its disk; ask again."},
    {505, "version_not_supported", "Another version than HTTP/1.1 or 1.0.", "Use HTTP/1.1."},
};

}  // namespace

std::string docs_page() {
    auto out = begin_plain_page("The HTTP interface");
    out.append(
        "<p>For machines: <a href=\"/openapi.json\">openapi.json</a> (OpenAPI 3.1). What a refusal means: <a "
        "href=\"/docs/problems\">problems</a>.</p>\n<dl class=\"d-list\">\n");
    for (const auto& route : all_routes()) {
        out.append("<dt><b>").append(html(route.method)).append("</b> <code>").append(html(route.path));
        out.append("</code></dt>\n<dd>").append(html(route.doc.summary)).append("<small>");
        out.append(html(roles_of(route))).append("</small></dd>\n");
    }
    return out.append("</dl>\n").append(end_plain_page);
}

std::string problems_page() {
    auto out = begin_plain_page("Problems");
    out.append(
        "<p>Every answer that is no success is a problem (RFC 9457): its <code>code</code> never changes its meaning, "
        "its <code>detail</code> says what it was this time. <a href=\"/docs\">The interface</a>.</p>\n"
        "<dl class=\"d-list\">\n");
    for (const auto& row : problems) {
        out.append("<dt id=\"").append(html(row.code)).append("\"><b>").append(std::to_string(row.status));
        out.append("</b> <code>").append(html(row.code)).append("</code></dt>\n<dd>").append(html(row.what));
        out.append(" <b>").append(html(row.then)).append("</b></dd>\n");
    }
    return out.append("</dl>\n").append(end_plain_page);
}

}  // namespace dropsmith::http
