#include "clients/cpp/feed/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "clients/cpp/console.hpp"

namespace tocsin::client {
namespace {

// Where standard streams lead: what the command prints may not mix with a document on ours.
class Streams {
 public:
  Streams() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, STDERR_FILENO, STDOUT_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
  }
  Streams(Streams const&) = delete;
  Streams& operator=(Streams const&) = delete;
  ~Streams() { ::posix_spawn_file_actions_destroy(&actions_); }
  [[nodiscard]] posix_spawn_file_actions_t const* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

std::vector<char*> without_token() {
  std::vector<char*> out;
  for (char** each = environ; *each != nullptr; ++each)
    if (!std::string_view(*each).starts_with("TOCSIN_TOKEN=")) out.push_back(*each);
  out.push_back(nullptr);
  return out;
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return "was ended by signal " + std::to_string(WTERMSIG(status));
  return "ended with " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Outcome<void> run_child(std::vector<std::string> const& words) {
  auto const name = "The command " + printable(words.front());
  std::vector<char*> arguments;
  for (auto const& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  auto variables = without_token();
  Streams const streams;
  pid_t child = 0;
  if (int const error =
          ::posix_spawnp(&child, arguments.front(), streams.get(), nullptr, arguments.data(), variables.data());
      error != 0)
    return fail(Exit::local, name + " cannot be run: " + std::generic_category().message(error) + ".",
                "Write the program and its words behind --exec, as: --exec nginx -s reload");
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return fail(Exit::local, name + " cannot be waited for.", "Run it by hand, and look.");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return fail(Exit::local, name + " " + how_it_ended(status) + ".", "What it printed stands above.");
}

}  // namespace tocsin::client
