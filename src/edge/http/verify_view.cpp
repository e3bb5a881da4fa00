// Covered by tests/http/routes.py.
#include "edge/http/verify_view.h"

#include "base/json.h"

namespace dropsmith::http {

std::string verify_json(const engine::VerifyReport& report) {
    std::string out;
    JsonWriter json(out);
    json.object().key("facts").natural(report.facts).key("head_hash").text(hex(report.head_hash));
    json.key("state_hash").text(hex(report.state_hash)).key("laws").array();
    for (const auto& law : report.laws)
        json.object()
            .key("law")
            .text(law.law)
            .key("holds")
            .boolean(law.holds)
            .key("checked")
            .natural(law.checked)
            .key("first_breach")
            .text(law.first_breach)
            .end();
    json.end().end();
    return out;
}

}  // namespace dropsmith::http
