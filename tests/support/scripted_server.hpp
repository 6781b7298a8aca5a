// An HTTP/1.1 server that says exactly what a test tells it to, over TLS or a Unix socket: for what a good server never
// does. Owned by a test; it serves one connection at a time on its own thread, where the script runs.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/test_certificates.hpp"

namespace tocsin::test {

struct ScriptedRequest {
  std::string method, target;
  std::string head;  // request line and headers, as they were sent
  std::string body;
  int connection = 0;  // from 1

  [[nodiscard]] bool has(std::string_view header_line) const {
    return head.contains("\r\n" + std::string(header_line) + "\r\n");
  }
};

struct ScriptedReply {
  std::string bytes;         // on the wire, whole
  bool close_after = false;  // then close the connection
  bool hang = false;         // then say nothing until the client goes away
};

// A well-formed answer.
[[nodiscard]] ScriptedReply reply(int status, std::string const& body, std::string const& more_headers = {});

struct Script {
  std::function<ScriptedReply(ScriptedRequest const&)> answer;
  // Answers from the head alone; then the connection is half-closed and what still comes is thrown away.
  std::function<std::optional<ScriptedReply>(ScriptedRequest const&)> early;
};

class ScriptedServer {
 public:
  // At a socket file in a new folder.
  explicit ScriptedServer(Script script);
  // At 127.0.0.1, at a port that the system chose.
  ScriptedServer(Script script, TestCertificate const& certificate);
  ~ScriptedServer();
  ScriptedServer(ScriptedServer const&) = delete;
  ScriptedServer& operator=(ScriptedServer const&) = delete;

  [[nodiscard]] std::filesystem::path const& path() const { return path_; }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::vector<ScriptedRequest> requests() const;
  [[nodiscard]] int connections() const;
  // Returns once so many connections were closed by this side or the other.
  void wait_closed(int connections) const;

 private:
  struct Connection;
  void serve();
  void converse(Connection& connection);
  bool answer_one(Connection& connection, std::string& read);

  Script script_;
  std::filesystem::path path_;
  int port_ = 0;
  int listener_ = -1;
  int stop_[2] = {-1, -1};  // a pipe: written once, it ends every wait
  struct Tls;
  std::unique_ptr<Tls> tls_;
  struct Seen;
  std::unique_ptr<Seen> seen_;
  std::thread thread_;
};

}  // namespace tocsin::test
