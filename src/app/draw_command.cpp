// dropsmith draw verify. Covered by edge/cli/draw_test.cpp, tests/http/waiting_room.py.
#include <cstdio>
#include <memory>
#include <string>

#include "app/commands.h"
#include "base/json.h"
#include "edge/cli/draw.h"
#include "edge/cli/output.h"
#include "edge/files/text.h"

namespace dropsmith::app {

void add_draw(Verb program) {
    auto draw = program.command("draw", "The draw of a waiting room");
    draw.needs_command();
    struct Asked {
        std::string file;
        bool json = false;
    };
    auto asked = std::make_shared<Asked>();
    const auto sub = draw.command(
        "verify", "Recomputes a draw from its published transcript; needs no shop, exits 1 when it does not hold",
        "curl -s https://shop.example/v1/drops/winter-glass/draw | dropsmith draw verify -");
    sub.add_option("file", asked->file, "The transcript, as GET /v1/drops/{id}/draw gives it; - is standard input")
        .type_name("FILE")
        .required();
    sub.add_flag("--json", asked->json, "One JSON document on standard output, nothing else there");
    sub.runs([asked] {
        const auto text = files::read_all(asked->file);
        const auto found = text ? cli::verify_draw(*text) : Failure<std::string>{text.error().what};
        if (!found) {
            std::fprintf(stderr, "dropsmith: %s\n", found.error().c_str());
            return 1;
        }
        std::string body;
        JsonWriter json(body);
        json.object().key("holds").boolean(found->holds).key("tickets").natural(found->tickets).key("breach");
        found->holds ? json.null() : json.text(found->breach);
        json.end();
        (void)cli::print_answer({200, body}, asked->json);
        if (!found->holds) std::fprintf(stderr, "dropsmith: the draw does not hold: %s\n", found->breach.c_str());
        return found->holds ? 0 : 1;
    });
}

}  // namespace dropsmith::app
