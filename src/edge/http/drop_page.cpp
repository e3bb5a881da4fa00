// Renders a drop's page without script. Each piece escapes where it writes, so that no caller can forget it.
// Thread: any. Test: drop_page_test.cpp.
#include "edge/http/drop_page.h"

#include <algorithm>
#include <string_view>

#include "edge/http/escape.h"

namespace dropsmith::http {
namespace {

std::string_view symbol(std::string_view currency) {
    return currency == "GBP" ? "£" : currency == "EUR" ? "€" : currency == "USD" ? "$" : currency == "JPY" ? "¥" : "";
}

// "1234567.50" as people read it, like the live page: "1,234,567.50". What is no plain decimal stays as it is.
std::string grouped(std::string_view decimal) {
    const std::size_t whole = std::min(decimal.find('.'), decimal.size());
    std::string out;
    for (std::size_t i = 0; i < decimal.size(); ++i) {
        const bool digit = decimal[i] >= '0' && decimal[i] <= '9';
        if (!digit && i != whole) return std::string(decimal);
        if (i > 0 && i < whole && (whole - i) % 3 == 0) out += ',';
        out += decimal[i];
    }
    return out;
}

std::string money(const PageMoney& value) {
    const std::string_view sign = symbol(value.currency);
    const std::string shown = html(grouped(value.decimal));
    return sign.empty() ? html(value.currency) + "\u00a0" + shown : std::string(sign) + shown;
}

std::string name_of(const PageLine& line) {
    const std::string& title = line.title.empty() ? line.sku : line.title;
    return line.size.empty() ? title : title + ", " + line.size;
}

bool is_gone(const PageLine& line) {
    return line.availability == PageAvailability::sold_out ||
           (line.availability == PageAvailability::exact && line.left <= 0);
}

bool is_sold_out(const DropView& drop) {
    for (const PageLine& line : drop.lines) {
        if (!is_gone(line)) {
            return false;
        }
    }
    return !drop.lines.empty();
}

std::string left_words(const PageLine& line) {
    if (is_gone(line)) {
        return "sold out";
    }
    switch (line.availability) {
        case PageAvailability::exact:
            return std::to_string(line.left) + " left";
        case PageAvailability::few:
            return "few left";
        case PageAvailability::in_stock:
            return "in stock";
        case PageAvailability::sold_out:
            break;
    }
    return "sold out";
}

std::string time(const PageInstant& instant) {
    return "<time datetime=\"" + html(instant.rfc3339) + "\">" + html(instant.words) + "</time>";
}

std::string when(const DropView& drop) {
    switch (drop.status) {
        case PageStatus::scheduled:
            return "Opens " + time(drop.opens_at) + ", closes " + time(drop.closes_at);
        case PageStatus::open:
            return "Open now, closes " + time(drop.closes_at);
        case PageStatus::paused:
            return "Paused for the moment, closes " + time(drop.closes_at);
        case PageStatus::closed:
            return "Closed " + time(drop.closes_at);
        case PageStatus::cancelled:
            return "Cancelled. It will not open.";
    }
    return {};
}

void paragraphs(std::string& out, std::string_view story) {
    while (!story.empty()) {
        const std::size_t end = story.find("\n\n");
        const std::string_view piece = story.substr(0, end);
        if (piece.find_first_not_of(" \t\r\n") != std::string_view::npos) {
            out += "<p dir=\"auto\">" + html(piece) + "</p>\n";
        }
        story = end == std::string_view::npos ? std::string_view() : story.substr(end + 2);
    }
}

void table_of_lines(std::string& out, const DropView& drop) {
    out +=
        "<table class=\"d-lines\"><caption class=\"sr\">What there is, for how much, and what is left</caption>\n"
        "<thead><tr><th scope=\"col\">Item</th><th scope=\"col\" class=\"n\">Price</th>"
        "<th scope=\"col\" class=\"n\">Left</th></tr></thead>\n<tbody>\n";
    for (const PageLine& line : drop.lines) {
        out += "<tr><th scope=\"row\"><span dir=\"auto\">" + html(name_of(line)) + "</span>";
        if (!line.substitute.empty()) {
            out += "<small>instead: <bdi>" + html(line.substitute) + "</bdi></small>";
        }
        if (!line.ship_by.empty()) {
            out += "<small>can be ordered ahead, sent by " + html(line.ship_by) + "</small>";
        }
        if (!line.ahead_until.empty()) {
            out += "<small>can be ordered ahead until " + html(line.ahead_until) + "</small>";
        }
        out += "</th><td class=\"n\">";
        out += line.price ? "<b class=\"price\">" + money(*line.price) + "</b>" : std::string("at the opening");
        if (line.list_price) {
            out += "<small>list price " + money(*line.list_price) + "</small>";
        }
        out += "</td><td class=\"n\">" + left_words(line) + "</td></tr>\n";
    }
    out += "</tbody></table>\n";
}

// A price that falls by the clock falls as it was announced: the whole plan stands here before the opening.
void announced_steps(std::string& out, const DropView& drop) {
    bool any = false;
    for (const PageLine& line : drop.lines) {
        if (line.taper.empty()) {
            continue;
        }
        out += any ? "" : "<section class=\"d-story d-taper\"><h2>How the price falls</h2>\n";
        any = true;
        out += "<h3>" + html(name_of(line)) + "</h3>\n<ol>\n";
        for (const PageStep& step : line.taper) {
            out += "<li><span>from " + time(step.at) + "</span><b>" + money(step.price) + "</b></li>\n";
        }
        out += "</ol>\n";
    }
    if (any) {
        out += "<p>Announced before the opening, and kept: nobody pays more later than earlier.</p>\n</section>\n";
    }
}

bool ahead(const DropView& drop) {
    for (const PageLine& line : drop.lines) {
        if (!line.ahead_until.empty() || !line.ship_by.empty()) {
            return true;
        }
    }
    return false;
}

// -- JSON-LD: everything that is a text goes through json(), everything else is a word of ours -----------------------

std::string pair(std::string_view name, const std::string& value) {
    return "\"" + std::string(name) + "\":\"" + json(value) + "\"";
}

std::string_view availability_word(const DropView& drop, const PageLine& line) {
    switch (drop.status) {
        case PageStatus::scheduled:
            return "PreSale";
        case PageStatus::closed:
        case PageStatus::cancelled:
            return "Discontinued";
        case PageStatus::paused:
            return "OutOfStock";
        case PageStatus::open:
            break;
    }
    return is_gone(line)                                     ? "SoldOut"
           : line.availability == PageAvailability::in_stock ? "InStock"
                                                             : "LimitedAvailability";
}

std::string page_url(const DropView& drop) {
    const std::string base = safe_url(drop.public_url);
    return (base.starts_with("http") ? base : std::string()) + "/d/" + url_segment(drop.slug);
}

std::string offer(const DropView& drop, const PageLine& line) {
    std::string out = "{\"@type\":\"Offer\"," + pair("url", page_url(drop));
    if (line.price) {
        out += "," + pair("price", line.price->decimal) + "," + pair("priceCurrency", line.price->currency);
    }
    if (!line.price_valid_until.empty()) {
        out += "," + pair("priceValidUntil", line.price_valid_until);
    }
    out += ",\"availability\":\"https://schema.org/" + std::string(availability_word(drop, line)) + "\"";
    out += "," + pair("availabilityStarts", drop.opens_at.rfc3339);
    out += "," + pair("availabilityEnds", drop.closes_at.rfc3339);
    if (line.availability == PageAvailability::exact) {
        out += ",\"inventoryLevel\":{\"@type\":\"QuantitativeValue\",\"value\":" + std::to_string(line.left) + "}";
    }
    return out + "}";
}

std::string product(const DropView& drop, const PageLine& line) {
    std::string out = "{\"@type\":\"Product\"," + pair("name", name_of(line)) + "," + pair("sku", line.sku);
    std::string images;
    for (const std::string& image : drop.images) {
        const std::string url = safe_url(image);
        if (!url.empty()) {
            images += (images.empty() ? "\"" : ",\"") + json(url) + "\"";
        }
    }
    if (!images.empty()) {
        out += ",\"image\":[" + images + "]";
    }
    return out + ",\"offers\":" + offer(drop, line) + "}";
}

std::string linked_data(const DropView& drop) {
    std::string out =
        "{\"@context\":\"https://schema.org\",\"@graph\":[{\"@type\":\"SaleEvent\"," + pair("name", drop.title);
    out += "," + pair("description", drop.story) + "," + pair("url", page_url(drop));
    out += "," + pair("startDate", drop.opens_at.rfc3339) + "," + pair("endDate", drop.closes_at.rfc3339);
    out += ",\"eventStatus\":\"https://schema.org/";
    out += drop.status == PageStatus::cancelled ? "EventCancelled\"" : "EventScheduled\"";
    if (!drop.shop.empty()) {
        out += ",\"organizer\":{\"@type\":\"Organization\"," + pair("name", drop.shop) + "}";
    }
    if (!drop.places.empty()) {
        out += ",\"location\":[";
        for (std::size_t i = 0; i < drop.places.size(); ++i) {
            out += std::string(i == 0 ? "" : ",") + "{\"@type\":\"Place\"," + pair("name", drop.places[i].name) + "}";
        }
        out += "]";
    }
    out += "}";
    for (const PageLine& line : drop.lines) {
        out += "," + product(drop, line);
    }
    return out + "]}";
}

void head(std::string& out, const DropView& drop) {
    const std::string title = drop.shop.empty() ? drop.title : drop.title + ". " + drop.shop;
    out += "<!doctype html>\n<html lang=\"" + html(drop.language) + "\">\n<head>\n<meta charset=\"utf-8\">\n";
    out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    out += "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" + html(title) + "</title>\n";
    out += "<meta name=\"description\" content=\"" + html(drop.story.substr(0, drop.story.find('\n'))) + "\">\n";
    out += "<link rel=\"canonical\" href=\"" + html(page_url(drop)) + "\">\n";
    out += "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/favicon.svg\">\n";
    const std::string sheet = safe_url(drop.stylesheet);
    if (!sheet.empty()) {
        out += "<link rel=\"stylesheet\" href=\"" + html(sheet) + "\">\n";
    }
    out += "<script type=\"application/ld+json\">" + linked_data(drop) + "</script>\n</head>\n";
}

void way_on(std::string& out, const DropView& drop) {
    const std::string live = "<a class=\"btn primary big\" href=\"/#/d/" + html(url_segment(drop.slug)) + "\">";
    if (drop.room && drop.status != PageStatus::closed && drop.status != PageStatus::cancelled) {
        out += "<a class=\"btn primary big\" href=\"/d/" + html(url_segment(drop.slug)) +
               "/room\">Enter the waiting room</a>\n<p class=\"faint\">While more want to buy than the shop can "
               "serve at once, people are let in one after the other.</p>\n";
    } else if (drop.status == PageStatus::open && !is_sold_out(drop)) {
        out += live +
               "Reserve on the live page</a>\n<p class=\"faint\">Nothing to pay yet. The price cannot rise while you "
               "hold it.</p>\n";
    } else if (drop.status == PageStatus::open && ahead(drop)) {
        out += live +
               "Order ahead on the live page</a>\n<p class=\"faint\">Nothing to pay yet. When it arrives it is kept "
               "for you, at today's price or less.</p>\n";
    } else if (drop.status == PageStatus::open || drop.status == PageStatus::paused) {
        out += live +
               "Watch the live page</a>\n<p class=\"faint\">If a hold runs out, its unit comes back on sale there at "
               "once.</p>\n";
    } else if (drop.status == PageStatus::scheduled) {
        out += live + (ahead(drop) ? "Order ahead on the live page</a>\n" : "See the countdown</a>\n");
    } else {
        out += "<a class=\"btn big\" href=\"/\">See what is open</a>\n";
    }
}

}  // namespace

std::string drop_page(const DropView& drop) {
    std::string out;
    out.reserve(4096 + drop.story.size() * 3 + drop.lines.size() * 1024);
    head(out, drop);
    out += "<body class=\"d-page\">\n<header class=\"top\"><a class=\"wm\" href=\"/\">";
    out +=
        (drop.shop.empty() ? std::string("All drops") : html(drop.shop)) + "</a></header>\n<main class=\"d-main\">\n";
    if (drop.simulated) {
        out += "<p class=\"d-note\">Simulated shop: goods, people and sales are invented.</p>\n";
    }
    for (const std::string& image : drop.images) {
        const std::string url = safe_url(image);
        if (!url.empty()) {
            out += "<img class=\"d-pic\" src=\"" + html(url) + "\" alt=\"" + html(drop.title) + "\">\n";
        }
    }
    out += "<h1 dir=\"auto\">" + html(drop.title) + "</h1>\n<p class=\"d-when\">" + when(drop) + "</p>\n";
    if (drop.status == PageStatus::open && is_sold_out(drop)) {
        out += "<p class=\"d-when\"><b>Sold out.</b></p>\n";
    }
    table_of_lines(out, drop);
    way_on(out, drop);
    announced_steps(out, drop);
    out += "<section class=\"d-story\">\n";
    paragraphs(out, drop.story);
    if (!drop.places.empty()) {
        out += "<h2>Pick up</h2>\n<ul>\n";
        for (const PagePlace& place : drop.places) {
            out += "<li dir=\"auto\">" + html(place.name) + "</li>\n";
        }
        out += "</ul>\n";
    }
    out += "</section>\n</main>\n</body>\n</html>\n";
    return out;
}

}  // namespace dropsmith::http
