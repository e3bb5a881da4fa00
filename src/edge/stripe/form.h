// application/x-www-form-urlencoded as Stripe takes it: name=value pairs in order, everything but letters, digits and
// -._~ percent-encoded. Any thread. Covered by edge/stripe/calls_test.cpp.
#pragma once

#include <string>
#include <string_view>

namespace dropsmith::stripe {

class Form {
  public:
    Form& add(std::string_view name, std::string_view value);
    Form& add(std::string_view name, std::int64_t value) { return add(name, std::to_string(value)); }
    const std::string& text() const { return text_; }

  private:
    std::string text_;
};

}  // namespace dropsmith::stripe
