// A real server on a free port for one test: certificates made on the spot, an admin socket, a plain loopback listener,
// and a few handlers that show what reached them. Owned by a test.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/http/server.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/test_certificates.hpp"

namespace tocsin::http {

// A door that coroutines of a handler wait at until the test opens it.
class Latch {
 public:
  [[nodiscard]] Awaitable<void> wait();  // throws when the handler is cancelled
  void open() { open_ = true; }
  [[nodiscard]] int waiting() const { return waiting_; }
  [[nodiscard]] std::map<std::thread::id, int> waiting_by_thread() const;

 private:
  std::atomic<bool> open_{false};
  std::atomic<int> waiting_{0};
  mutable std::mutex mutex_;
  std::map<std::thread::id, int> threads_;
};

class TestServer {
 public:
  using Adjust = std::function<void(ServerOptions&)>;

  // Routes: GET / ("hello"), POST / (answers the length of its body), POST /pieces (the same, pulled piece by piece),
  // POST /hurried (within 300 ms; answers it when `latch` opens), POST /guarded (401 from a gate), POST /ignore (never
  // reads its body), GET /large (1 MB), GET /stream (chunks), GET /broken-stream (an error after a chunk), GET /throw,
  // GET /wait (until `latch` opens), GET /endless (a chunk, then none until it is stopped), GET /echo/{name} (what the
  // request said), GET /client (the names in the client's certificate), GET /split (a header that would break the
  // line), GET /smuggled.
  explicit TestServer(Adjust const& adjust = {});
  ~TestServer();
  TestServer(TestServer const&) = delete;
  TestServer& operator=(TestServer const&) = delete;

  [[nodiscard]] test::RawClient connect() const { return test::RawClient::tls(port()); }
  [[nodiscard]] std::uint16_t port() const { return server_->address().port; }
  [[nodiscard]] std::uint16_t mtls_port() const { return server_->mtls_address().value().port; }
  [[nodiscard]] std::uint16_t plain_port() const { return server_->loopback_address()->port; }
  [[nodiscard]] std::filesystem::path admin_socket() const { return folder / "admin.sock"; }
  [[nodiscard]] ServerOptions options() const;  // those of this server, with a port of 0

  void stop();  // asks; finish() waits
  void finish();
  [[nodiscard]] core::Result<void> reload(Adjust const& adjust = {});
  void write_certificate();  // a new one, in the server's files

  [[nodiscard]] int calls(std::string const& pattern) const;                   // of the handler
  [[nodiscard]] std::string metric(std::string const& name_and_labels) const;  // its value as text
  [[nodiscard]] std::string log() const;
  [[nodiscard]] int tickets() const { return tickets_; }  // of requests that passed the gate and are not answered yet

  test::Folder folder;
  Latch latch;
  Router router;
  base::Metrics metrics;

 private:
  void add(Method method, std::string pattern, std::uint64_t body_limit, Handler handler,
           std::chrono::milliseconds deadline = std::chrono::seconds(30), Streamed streamed = {});
  void add_routes();
  void add_body_routes();
  void add_answer_routes();

  // Refuses /guarded; gives every other request a ticket.
  [[nodiscard]] std::optional<Response> guard(Request& request);

  test::TestAuthority authority_;
  std::atomic<int> tickets_{0};
  int log_file_;
  base::Log log_;
  mutable std::mutex mutex_;
  std::vector<std::string> calls_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

// Asks until `condition` holds; false when it does not within twenty seconds. For what the server does on its own
// threads and shows in no answer.
[[nodiscard]] bool eventually(std::function<bool()> const& condition);

constexpr std::string_view kHello = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

}  // namespace tocsin::http
