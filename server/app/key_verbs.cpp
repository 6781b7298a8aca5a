#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>

#include "server/app/admin_call.hpp"
#include "server/app/rotation.hpp"
#include "server/app/verbs.hpp"

namespace tocsin::app {
namespace {

// The process that listens on the admin socket, as the kernel tells it; nullopt when there is none.
std::optional<pid_t> serving_process(Layout const& layout) {
  std::string path = layout.admin_socket().string();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.data(), path.size());
  int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ucred peer{};
  socklen_t size = sizeof peer;
  bool told = socket >= 0 && ::connect(socket, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0 &&
              ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  if (socket >= 0) ::close(socket);
  if (!told || peer.pid <= 0) return std::nullopt;
  return peer.pid;
}

int rotate_tls(Layout const& layout, base::Config const& config) {
  if (auto done = rotate_certificate(layout, config); !done) return report(done.error());
  std::cout << "certificate\t" << (layout.certificates() / "server.crt").string() << '\n';
  auto server = serving_process(layout);
  if (server && ::kill(*server, SIGHUP) == 0)
    std::cout << "server\tprocess " << *server << " was told to take it\n";
  else
    std::cout << "server\ta server that runs takes it with SIGHUP\n";
  return 0;
}

int rotate_log(Layout const& layout, base::Config const& config) {
  auto answer = admin_call(layout, config, http::Method::post, "/api/v1/admin/log-key", nlohmann::json::object());
  if (!answer) return report(answer.error());
  std::cout << "old\t" << answer->at("old").get<std::string>() << "\nnew\t" << answer->at("new").get<std::string>()
            << '\n';
  return 0;
}

}  // namespace

int key_rotate(Layout const& layout, bool tls, bool log) {
  auto config = config_or_report(layout);
  if (!config) return 1;
  if (tls == log)
    return report({core::Code::bad_parameter, "Which key is to be changed?", "", "Give one of --tls and --log."});
  return tls ? rotate_tls(layout, *config) : rotate_log(layout, *config);
}

}  // namespace tocsin::app
