// Covered by tests/http/commands.py.
#include "app/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "edge/cli/http_client.h"

namespace dropsmith::app {

bool Child::start() {
    std::vector<char*> argv;
    for (auto& word : words_) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    if (!log_.empty()) {
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    }
    const int failed = posix_spawn(&pid_, "/proc/self/exe", &files, &attributes, argv.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (failed != 0) pid_ = -1;
    return failed == 0;
}

bool Child::ended(int& status) {
    if (pid_ <= 0 || ::waitpid(pid_, &status, WNOHANG) != pid_) return false;
    pid_ = -1;
    return true;
}

int Child::wait() {
    int status = 0;
    if (pid_ > 0) ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
}

int Child::stop() {
    if (pid_ > 0) ::kill(pid_, SIGTERM);
    return wait();
}

void Child::kill_now() {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    (void)wait();
}

bool is_ready(const std::string& address, std::uint16_t port) {
    const auto answer = cli::HttpClient::to_address(address, port).ask({"GET", "/readyz", {}, {}, {}});
    return answer && answer->told.status == 200;
}

}  // namespace dropsmith::app
