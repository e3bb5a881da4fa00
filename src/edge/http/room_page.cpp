// See the header. Thread: any. Test: room_page_test.cpp.
#include "edge/http/room_page.h"

#include <algorithm>

#include "base/text.h"
#include "edge/http/escape.h"
#include "edge/http/page.h"

namespace dropsmith::http {
namespace {

std::string time(Instant at, const std::string& zone) {
    return "<time datetime=\"" + rfc3339(at) + "\">" + html(time_in_words(at, zone)) + "</time>";
}

std::string people(std::uint64_t n) { return std::to_string(n) + (n == 1 ? " person" : " people"); }

std::string span_of(std::int64_t s) {
    if (s < 90) return std::to_string(std::max<std::int64_t>(s, 1)) + " seconds";
    if (s < 90 * 60) return std::to_string((s + 59) / 60) + " minutes";
    return std::to_string((s + 3599) / 3600) + " hours";
}

bool is_closed(DropStatus status) {
    return status == DropStatus::closed || status == DropStatus::settled || status == DropStatus::cancelled;
}

// Does the page change by itself? Then it asks again.
bool refreshes(const RoomPage& page) {
    if (is_closed(page.room->status) || page.room->over) return false;
    if (!page.standing) return false;
    return page.standing->status == PlaceStatus::entered || page.standing->status == PlaceStatus::waiting;
}

// Where places go by person the address is asked for here: no page of ours can enter without it.
void form(std::string& out, const RoomPage& page, std::string_view words) {
    const auto& room = *page.room;
    out += "<form method=\"post\" action=\"/d/" + html(url_segment(room.slug)) + "/room\">";
    if (room.terms.by_person) {
        const bool bad = !page.trouble.empty();
        out += std::string("<div class=\"field") + (bad ? " bad" : "") +
               "\"><label for=\"email\">Your e-mail address: one place for each person</label>"
               "<input class=\"input\" id=\"email\" name=\"email\" type=\"email\" autocomplete=\"email\" "
               "inputmode=\"email\" maxlength=\"254\" required value=\"" +
               html(page.email) + "\"" +
               (bad ? " aria-invalid=\"true\" aria-describedby=\"email-bad\" autofocus" : "") + ">";
        if (bad) out += "<p class=\"clash\" id=\"email-bad\" role=\"alert\">" + html(page.trouble) + "</p>";
        out += "</div>";
    }
    out += "<button class=\"btn primary big\">" + html(words) + "</button></form>\n";
    if (room.terms.by_person)
        out += "<p class=\"faint\">The address only tells people apart. Nothing is sent to it and nobody else sees "
               "it.</p>\n";
}

void live_link(std::string& out, const RoomPage& page, std::string_view words) {
    out += "<p><a class=\"btn primary big\" href=\"/#/d/" + html(url_segment(page.room->slug));
    if (!page.admission.empty())
        out += "?session=" + html(url_segment(page.session)) + "&amp;admission=" + html(url_segment(page.admission));
    out += "\">" + html(words) + "</a></p>\n";
}

void not_entered(std::string& out, const RoomPage& page) {
    const auto& room = *page.room;
    if (is_closed(room.status)) {
        out += "<p class=\"d-when\">This drop has ended.</p>\n";
    } else if (room.over) {
        out += "<p class=\"d-when\">Nobody waits any more: buy right away.</p>\n";
        live_link(out, page, "To the drop");
    } else if (page.now < room.opens_at - room.terms.entry_before) {
        out += "<p class=\"d-when\">The waiting room opens " +
               time(room.opens_at - room.terms.entry_before, room.time_zone) +
               (room.terms.kind == RoomKind::ballot ? ". Places are drawn by lot: being the first gains nothing.</p>\n"
                                                    : ". Places go in order of arrival.</p>\n");
    } else {
        out += "<p class=\"d-when\">" + people(room.entrants) + (room.entrants == 1 ? " is" : " are") + " in.</p>\n";
        form(out, page, "Enter the waiting room");
    }
}

void place(std::string& out, const RoomPage& page) {
    const auto& room = *page.room;
    const auto& at = *page.standing;
    switch (at.status) {
        case PlaceStatus::entered:
            out += "<p class=\"d-when\"><b>You are in.</b> " + people(room.entrants) + " so far. Places are drawn " +
                   time(room.draw_at, room.time_zone) +
                   "; until then nobody has one, and the first to come has no better chance than the last.</p>\n";
            break;
        case PlaceStatus::waiting:
            out += "<p class=\"d-place\"><span>Your place</span><b>" + std::to_string(at.position) + "</b></p>\n";
            out += "<p class=\"d-when\">" +
                   (at.position == 1 ? std::string("You are next.") : people(at.position - 1) + " before you.") + " " +
                   (at.wait_s ? "Your turn comes in " + wait_words(at.wait_s->first, at.wait_s->second) + "."
                              : std::string("The drop is paused: nobody can say how long it will take.")) +
                   "</p>\n";
            break;
        case PlaceStatus::admitted:
            out +=
                "<p class=\"d-when\"><b>It is your turn</b>, until " + time(*at.expires_at, room.time_zone) + ".</p>\n";
            live_link(out, page, "Buy now");
            out += "<p class=\"faint\">This turn is yours alone: it opens the drop to this browser only.</p>\n";
            break;
        case PlaceStatus::expired:
            out += "<p class=\"d-when\">Your turn has run out. You may enter again, at the end.</p>\n";
            form(out, page, "Enter again");
            break;
        case PlaceStatus::over:
            out += "<p class=\"d-when\">Nobody waits any more: buy right away.</p>\n";
            live_link(out, page, "To the drop");
            break;
        case PlaceStatus::ended:
            out += "<p class=\"d-when\">This drop has ended.</p>\n";
            break;
    }
    if (room.sold_out && (at.status == PlaceStatus::waiting || at.status == PlaceStatus::admitted))
        out +=
            "<p class=\"d-note\">Everything is held or sold just now. What is not paid for in time comes back.</p>\n";
    if (refreshes(page))
        out += "<p class=\"faint\">Nothing to refresh: this page asks again every " + std::to_string(page.ask_again_s) +
               " seconds. Close it and come back: your place stays.</p>\n";
}

void how_it_goes(std::string& out, const RoomView& room) {
    out += "<section class=\"d-story\"><h2>How it goes</h2>\n<ul>\n";
    if (room.terms.kind == RoomKind::ballot)
        out += "<li>Places are drawn by lot " + time(room.draw_at, room.time_zone) +
               ". Whoever comes later follows in order of arrival.</li>\n";
    else
        out += "<li>Places go in order of arrival.</li>\n";
    out += "<li>From " + time(room.opens_at, room.time_zone) + " about " + std::to_string(room.per_second) +
           (room.per_second == 1 ? " person is" : " people are") + " let in a second, as fast as the shop can serve; " +
           std::to_string(room.upto) + " have been.</li>\n";
    out += "<li>A turn lasts " + span_of(room.terms.admission_for.n / 1000) + ".</li>\n</ul>\n";
    if (room.terms.kind == RoomKind::ballot) {
        out += "<h2>Check the draw</h2>\n<p>The lot was fixed before anybody entered. Its fingerprint: <code>" +
               html(room.commitment) + "</code>";
        if (room.drawn_at)
            out += ". It has been drawn: <a href=\"/v1/drops/" + html(url_segment(room.slug)) +
                   "/draw\">the transcript</a>, from which anyone can recompute it.";
        else
            out += ", and everything to recompute it will be published with the draw.";
        out += "</p>\n";
    }
    out += "</section>\n";
}

}  // namespace

std::string wait_words(std::int64_t from_s, std::int64_t to_s) {
    const auto low = span_of(from_s), high = span_of(to_s);
    if (low == high) return "about " + low;
    const auto unit = low.find(' '), other = high.find(' ');
    if (low.substr(unit) == high.substr(other)) return low.substr(0, unit) + " to " + high;
    return low + " to " + high;
}

std::string room_page(const RoomPage& page) {
    const auto& room = *page.room;
    std::string out = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    out += "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n";
    if (refreshes(page)) out += "<meta http-equiv=\"refresh\" content=\"" + std::to_string(page.ask_again_s) + "\">\n";
    out += "<title>Waiting room. " + html(room.title) + "</title>\n";
    out += "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/favicon.svg\">\n";
    const auto sheet = safe_url(page.stylesheet);
    if (!sheet.empty()) out += "<link rel=\"stylesheet\" href=\"" + html(sheet) + "\">\n";
    out += "</head>\n<body class=\"d-page\">\n<header class=\"top\"><a class=\"wm\" href=\"/\">" +
           (room.shop.empty() ? std::string("All drops") : html(room.shop)) +
           "</a></header>\n<main class=\"d-main\">\n";
    if (page.simulated) out += "<p class=\"d-note\">Simulated shop: goods, people and sales are invented.</p>\n";
    out += "<p class=\"d-when\">Waiting room</p>\n<h1 dir=\"auto\">" + html(room.title) + "</h1>\n";
    if (page.now < room.opens_at) out += "<p class=\"d-when\">Opens " + time(room.opens_at, room.time_zone) + "</p>\n";
    page.standing ? place(out, page) : not_entered(out, page);
    how_it_goes(out, room);
    out += "<p><a href=\"/d/" + html(url_segment(room.slug)) + "\">What there is in this drop</a></p>\n";
    out += "</main>\n</body>\n</html>\n";
    return out;
}

}  // namespace dropsmith::http
