// GET /d/{slug}: one drop as a page that works without script, with JSON-LD (schema.org Event, Product, Offer) for
// search engines. The live page at / is the same drop with a script; this one can be cached, printed, shared and
// crawled.
//
// Invariant: a pure function of DropView. No text of the view can become markup, script, or an address of a scheme
// other than http and https (see escape.h). Nothing in the page needs 'unsafe-inline'; nothing is loaded from
// elsewhere but the drop's own pictures. Thread: any. Test: drop_page_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dropsmith::http {

/// An amount as the shop writes it: a decimal in the currency's own minor digits ("36.00", "4200", "1.250") and ISO
/// 4217.
struct PageMoney {
    std::string decimal;
    std::string currency;
};

/// An instant twice: RFC 3339 for machines, and in words in the drop's own zone for people
/// ("Sun 6 Dec 2026, 12:00 (London)").
struct PageInstant {
    std::string rfc3339;
    std::string words;
};

enum class PageAvailability { sold_out, few, in_stock, exact };

struct PageStep {
    PageInstant at;
    PageMoney price;
};

struct PageLine {
    std::string sku;
    std::string title;
    std::string size;                     // empty: one size
    std::optional<PageMoney> price;       // none before the first price is set
    std::optional<PageMoney> list_price;  // shown only when the caller found it lawful to
    PageAvailability availability = PageAvailability::in_stock;
    std::int64_t left = 0;          // units, when availability is exact
    std::string price_valid_until;  // RFC 3339, or empty
    std::string substitute = {};    // the name of what is offered instead, while this one has sold out
    std::string ship_by = {};       // in words: it can be ordered ahead, and is sent by then
    std::string ahead_until = {};   // in words: some are kept for orders before the opening, until then
    std::vector<PageStep> taper = {};  // announced: from when which price is asked, all of it from the start
};

enum class PageStatus { scheduled, open, paused, closed, cancelled };

struct PagePlace {
    std::string name;
};

struct DropView {
    std::string shop;  // the shop's name, or empty
    std::string slug;
    std::string title;
    std::string story;  // plain text; an empty line begins a new paragraph
    PageStatus status = PageStatus::scheduled;
    PageInstant opens_at;
    PageInstant closes_at;
    std::vector<PageLine> lines;
    std::vector<PagePlace> places;    // where it can be picked up
    std::vector<std::string> images;  // http(s) or local paths; others are left out
    std::string public_url;           // "https://shop.example", or empty when not known
    std::string stylesheet;           // see page_stylesheet() in assets.h; empty: the browser's own look
    std::string language = "en";      // BCP 47
    bool simulated = false;
    bool room = false;  // a waiting room is open: the way to buy leads through it
};

std::string drop_page(const DropView& drop);

}  // namespace dropsmith::http
