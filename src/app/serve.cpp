// Covered by tests/http, tests/crash.
#include "app/serve.h"

#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/json.h"
#include "base/text.h"
#include "edge/http/server.h"
#include "edge/http/tls.h"

namespace dropsmith::app {
namespace {

// One line of JSON an event on standard error; %v is JSON already. No secret, token or personal data is ever handed to
// it.
void begin_log() {
    auto log = std::make_shared<spdlog::logger>("shop", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    log->set_pattern(R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc);
    log->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(log));
}

std::string in_quotes(std::string_view text) {
    std::string out;
    write_json_string(out, text);
    return out;
}

constexpr std::int64_t usual_rate = 100;  // requests a second from one address, four seconds' worth at once

// false and told: a setting that is none.
bool set_limits(const ServeSettings& settings, http::Services& services) {
    for (const auto& text : settings.proxies) {
        const auto network = http::parse_network(text);
        if (!network) {
            std::fprintf(stderr,
                         "dropsmith serve: --trusted-proxy needs an address or network such as 10.0.0.0/8, got '%s'\n",
                         text.c_str());
            return false;
        }
        services.proxies.push_back(*network);
    }
    const auto rate = settings.rate.value_or(usual_rate);
    services.public_allowance = {rate, 4 * rate};
    services.staff_allowance = {2 * rate, 8 * rate};
    services.limit_loopback = settings.rate.has_value();
    services.denials.log = [](const std::string& line) { spdlog::warn("{}", line); };
    return true;
}

unsigned spare_cores() {
    const unsigned cores = std::thread::hardware_concurrency();
    return cores > 2 ? cores - 1 : 1;
}

void read_certificate_anew(http::Tls& tls) {
    const auto read = tls.reload();
    if (read)
        spdlog::info(R"("event":"certificate_read")");
    else
        spdlog::error(R"("event":"certificate_kept","why":{})", in_quotes(read.error().what));
}

// 0, or the exit code: a setting that is none, and told.
int set_server(const ServeSettings& settings, http::ServerSettings& server_settings) {
    if (!parse_listen(settings.listen, server_settings.address, server_settings.port)) {
        std::fprintf(stderr, "dropsmith serve: --listen needs ADDRESS:PORT such as 127.0.0.1:8080, got '%s'\n",
                     settings.listen.c_str());
        return 2;
    }
    server_settings.control_folder = settings.shop.data;
    server_settings.threads = settings.threads ? settings.threads : spare_cores();

    if (settings.tls_certificate.empty() != settings.tls_key.empty()) {
        std::fprintf(stderr, "dropsmith serve: --tls-cert and --tls-key belong together: give both files\n");
        return 2;
    }
    if (!settings.tls_certificate.empty()) {
        auto tls = http::Tls::open(settings.tls_certificate, settings.tls_key);
        if (!tls) {
            std::fprintf(stderr, "dropsmith serve: %s\n", tls.error().what.c_str());
            return 1;
        }
        server_settings.tls = std::move(tls).value();
    }
    return 0;
}

// A batch's memory comes and goes hundreds of times a second: the heap keeps what it has, and grows by large steps.
void keep_memory() {
    ::mallopt(M_TOP_PAD, 4 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
    ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

// false and told: a setting that is none.
bool set_payments(const ServeSettings& settings, ShopSettings& shop) {
    auto stripe = stripe_settings(settings.stripe);
    if (!stripe) {
        std::fprintf(stderr, "dropsmith serve: %s\n", stripe.error().c_str());
        return false;
    }
    shop.stripe = std::move(*stripe);
    if (shop.stripe) shop.stripe->look_every_s = settings.stripe_look_every;
    return true;
}

constexpr std::uint64_t snapshot_every = 200'000;  // facts

// A child replays from the last snapshot and stores the next: each one proves replay, and the shop goes on meanwhile.
void snapshot_in_child(const std::string& data) {
    std::string words[] = {"dropsmith", "snapshot", "--data", data, "--json"};
    char* argv[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), words[4].data(), nullptr};
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = -1;
    const int failed = posix_spawn(&child, "/proc/self/exe", &files, nullptr, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    int status = 0;
    if (failed != 0 || ::waitpid(child, &status, 0) != child || status != 0)
        spdlog::warn(R"("event":"snapshot_failed","status":{})", status);
}

// The one-time link by which the first owner comes in; printed, never logged, and void after its use or the next start.
std::string setup_link(Shop& shop, const std::string& base) {
    auto& services = shop.services();
    for (const auto& grant : shop.access_at_start().grants)
        if (grant.one_time && !grant.ended) {
            engine::Ask end;
            end.command = EndGrant{grant.id};
            (void)services.loop->ask_and_wait(engine::Lane::control, std::move(end));
        }
    const auto token = http::new_token();
    IssueGrant issue;
    issue.role = Role::owner, issue.name = "set-up link", issue.one_time = true;
    issue.token_digest = http::token_digest(token);
    engine::Ask ask;
    ask.command = Command(std::move(issue));
    const auto settled = services.loop->ask_and_wait(engine::Lane::control, std::move(ask));
    return settled.stored && !settled.refusal ? base + "/#setup=" + token : std::string{};
}

}  // namespace

bool parse_listen(const std::string& text, std::string& address, std::uint16_t& port) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) return false;
    const auto n = parse_integer(std::string_view(text).substr(colon + 1));
    if (!n || *n < 0 || *n > 65'535) return false;
    address = text.substr(0, colon);
    if (address.size() > 2 && address.front() == '[' && address.back() == ']')
        address = address.substr(1, address.size() - 2);
    if (address == "localhost") address = "127.0.0.1";
    port = static_cast<std::uint16_t>(*n);
    return !address.empty();
}

int serve(const ServeSettings& settings) {
    // Blocked before any thread begins, so that only sigwait below sees them.
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    if (!settings.tls_certificate.empty()) sigaddset(&ends, SIGHUP);  // read the certificate anew
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    signal(SIGPIPE, SIG_IGN);
    keep_memory();
    begin_log();

    http::ServerSettings server_settings;
    if (const int wrong = set_server(settings, server_settings)) return wrong;

    auto shop_settings = settings.shop;
    if (!set_payments(settings, shop_settings)) return 2;
    shop_settings.serving = true;
    shop_settings.any_kind = !settings.supervised;
    auto shop = Shop::open(shop_settings);
    if (!shop) {
        std::fprintf(stderr, "dropsmith serve: %s\n", shop.error().what.c_str());
        return 1;
    }
    auto& services = (*shop)->services();
    services.tls = server_settings.tls != nullptr;
    if (!set_limits(settings, services)) return 2;
    http::Server server(server_settings, (*shop)->router());
    services.server = &server;
    if (services.simulated) {
        services.ports.demo = [&services, &shop, can_kill = settings.supervised] {
            std::string out;
            const auto& terms = (*shop)->terms_at_start();
            JsonWriter json(out);
            json.object().key("simulated").boolean(true).key("speed").integer(services.shop_clock->speed());
            json.key("seed").natural(terms.seed).key("can_kill").boolean(can_kill).key("shop").text(terms.name).end();
            return out;
        };
    }
    if (settings.supervised) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);  // no shop outlives its demo
        services.ports.demo_kill = [] {
            // After the answer has had a moment to leave: the point is that nothing else gets one.
            static std::jthread killer([] {
                std::this_thread::sleep_for(std::chrono::milliseconds(40));
                ::kill(::getpid(), SIGKILL);
            });
            return true;
        };
    }
    services.loop->announce_to(&server);
    const bool ownerless = !services.grants.any_owner();
    if (auto listening = server.start(); !listening) {
        std::fprintf(stderr, "dropsmith serve: %s\n", listening.error().what.c_str());
        return 1;
    }
    const std::string shown_address = server_settings.address.find(':') != std::string::npos
                                          ? "[" + server_settings.address + "]"
                                          : server_settings.address;
    const auto here =
        (services.tls ? "https://" : "http://") + shown_address + ":" + std::to_string(server.port());
    const auto base = settings.shop.public_url.empty() ? here : settings.shop.public_url;
    const auto& report = (*shop)->started();
    spdlog::info(R"("event":"serving","address":{},"facts":{},"replayed":{},"start_us":{},"threads":{},"version":{})",
                 in_quotes(base), report.facts, report.replayed, report.took_us, server_settings.threads,
                 in_quotes(DROPSMITH_VERSION));
    if (services.simulated && !settings.supervised)
        std::printf("SIMULATED shop: its sales never happened; its clock runs %lld times faster than yours.\n",
                    static_cast<long long>(services.shop_clock->speed()));
    if (!settings.supervised) std::printf("Dropsmith serves %s\n", base.c_str());
    if (ownerless && !settings.supervised) {
        const auto link = setup_link(**shop, base);
        std::printf("First start: open this link once, it makes you the owner:\n  %s\n", link.c_str());
    }
    std::fflush(stdout);

    std::jthread beat([&](std::stop_token stop) {
        std::uint64_t snapshot_at = (*shop)->head() - report.replayed;
        while (!stop.stop_requested()) {
            for (int i = 0; i < 100 && !stop.stop_requested(); ++i)
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
            services.stream.beat();
            services.replica->rest(std::chrono::minutes(10));
            if ((*shop)->head() - snapshot_at < snapshot_every) continue;
            snapshot_at = (*shop)->head();
            snapshot_in_child(settings.shop.data);
        }
    });
    int signal_number = 0;
    while (sigwait(&ends, &signal_number) == 0 && signal_number == SIGHUP) read_certificate_anew(*server_settings.tls);
    spdlog::info(R"("event":"stopping","signal":{})", signal_number);
    beat.request_stop();
    services.stopping.store(true);
    (*shop)->stop();  // answers what is queued
    server.stop();    // sends it
    services.server = nullptr;
    spdlog::info(R"("event":"stopped")");
    return 0;
}

}  // namespace dropsmith::app
