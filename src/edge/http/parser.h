// One HTTP/1.1 request from bytes, strictly: whatever two parsers could read in two ways (both lengths, bare line
// feeds, folded fields, odd transfer codings) is refused. Beast's basic_parser does the grammar; what is plain
// (plain_request.h) needs none. One network thread per
// object. Invariant: after `bad` nothing more is taken from this connection. Covered by edge/http/parser_test.cpp,
// tests/http/malformed.py.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "edge/http/message.h"

namespace dropsmith::http {

class Parser {
  public:
    enum class Step { need_more, done, bad };

    explicit Parser(bool short_way = true);  // false: the grammar reads everything (the judge of tests)
    ~Parser();
    Parser(Parser&&) noexcept;
    Parser& operator=(Parser&&) noexcept;

    // Looks at the unconsumed input; consumed says how much of it may be dropped.
    Step feed(std::string_view in, std::size_t& consumed);
    bool head_done() const;
    bool wants_continue() const;  // Expect: 100-continue
    bool keep_alive() const;
    int error_status() const;  // after bad: 400, 413, 431, 501, 505
    std::string_view error_detail() const;
    Request& request();  // after done
    Request take();      // its request; the parser is then ready for the next
    void next();         // the same without taking it

  private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::http
