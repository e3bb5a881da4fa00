// Covered by tests/http/commands.py.
#include "app/demo.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/child.h"
#include "app/demo_shoppers.h"
#include "app/serve.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "edge/cli/http_client.h"
#include "edge/cli/json_pick.h"

namespace dropsmith::app {
namespace {

constexpr int tick_ms = 150;

// When this demo's shop began: the shoppers' plan hangs on it, so it outlives the supervisor.
Instant began_at(const std::string& folder) {
    const auto path = folder + "/demo-began";
    std::ifstream in(path);
    std::string text;
    if (in >> text)
        if (const auto at = parse_rfc3339(text)) return *at;
    const auto now = SystemClock().wall();
    std::ofstream(path) << rfc3339(now) << '\n';
    return now;
}

std::string staff_token(const std::string& folder) {
    auto control = cli::HttpClient::to_control(folder);
    const auto made = control.ask({"POST", "/v1/grants", {}, R"({"role":"owner","name":"demo"})", {}});
    if (!made || made->told.status != 201) return {};
    return cli::pick_text(made->told.body, "/token");
}

void announce(const DemoSettings& settings, const std::string& base, const std::string& token, std::int64_t speed) {
    if (settings.json) {
        std::string out;
        JsonWriter json(out);
        json.object().key("address").text(base).key("simulated").boolean(true).key("speed").integer(speed);
        json.key("seed").natural(settings.seed).key("data").text(settings.data).key("token").text(token).end();
        std::printf("%s\n", out.c_str());
    } else {
        std::printf(
            "A SIMULATED shop: goods, shoppers and clock (%lld times faster) are made up. Nothing here is real.\n"
            "  shoppers' page  %s/\n  staff's room    %s/#token=%s\n"
            "Kill it from the page and see that nothing is lost. Ctrl-C ends the demo.\n",
            static_cast<long long>(speed), base.c_str(), base.c_str(), token.c_str());
    }
    std::fflush(stdout);
}

}  // namespace

int demo(const DemoSettings& asked) {
    DemoSettings settings = asked;
    std::string address;
    std::uint16_t port = 0;
    if (!parse_listen(settings.listen, address, port) || port == 0) {
        std::fprintf(stderr, "dropsmith demo: --listen needs ADDRESS:PORT such as 127.0.0.1:8080, got '%s'\n",
                     settings.listen.c_str());
        return 2;
    }
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, nullptr);
    signal(SIGPIPE, SIG_IGN);
    std::error_code ignored;
    const bool temporary = settings.data.empty();
    if (temporary) {
        std::string name = std::filesystem::temp_directory_path(ignored).string() + "/dropsmith-demo-XXXXXX";
        if (!mkdtemp(name.data())) {
            std::fprintf(stderr, "dropsmith demo: cannot make a temporary folder; name one with --data\n");
            return 1;
        }
        settings.data = name;
    } else {
        std::filesystem::create_directories(settings.data, ignored);
        std::filesystem::permissions(settings.data, std::filesystem::perms::owner_all, ignored);
    }
    const auto began = began_at(settings.data);
    const auto speed = settings.speed > 0 ? settings.speed : sim::demo_speed;
    Child child({"dropsmith", "serve", "--data", settings.data, "--listen", settings.listen, "--simulated",
                 "--supervised", "--speed", std::to_string(speed), "--seed", std::to_string(settings.seed), "--began",
                 rfc3339(began)});
    const auto pause = [&ends] {
        const timespec a_little{0, 50'000'000};
        return sigtimedwait(&ends, nullptr, &a_little) < 0;
    };
    int code = 1;
    if (child.start() && wait_ready(child, address, port, pause)) {
        announce(settings, "http://" + address + ":" + std::to_string(port), staff_token(settings.data), speed);
        ShopperPlayer player(settings.seed, began, address, port);
        const timespec tick{0, tick_ms * 1'000'000};
        while (sigtimedwait(&ends, nullptr, &tick) < 0) {
            int status = 0;
            if (child.ended(status)) {
                std::fprintf(stderr, "dropsmith demo: the shop's process ended (%s %d); starting it again\n",
                             WIFSIGNALED(status) ? "signal" : "exit",
                             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
                if (!child.start() || !wait_ready(child, address, port, pause)) break;
            }
            player.play();
        }
        code = child.runs() ? 0 : 1;
    }
    (void)child.stop();
    if (temporary) std::filesystem::remove_all(settings.data, ignored);
    return code;
}

}  // namespace dropsmith::app
