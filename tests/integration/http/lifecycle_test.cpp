// Deadlines, caps, doors, draining and reloading: what happens around requests.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/integration/http/fixture.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kWait = "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_CASE("A connection that never finishes its handshake is closed", "[http][deadline]") {
  TestServer server([](ServerOptions& options) { options.handshake_timeout = milliseconds(100); });
  auto client = test::RawClient::tcp(server.port());
  client.send("\x16\x03\x01");
  CHECK(client.read_to_end().empty());
  CHECK(eventually([&] { return server.metric("tocsin_http_handshake_failures_total") == "1"; }));
}

TEST_CASE("A head that trickles in is answered 408, counted from its first byte", "[http][deadline]") {
  TestServer server([](ServerOptions& options) { options.header_timeout = milliseconds(1'000); });
  auto client = server.connect();
  client.send("GET / HT");
  CHECK(client.is_quiet(milliseconds(100)));
  client.send("TP/1.1\r\nHo");  // progress does not prolong it
  auto answer = client.receive();
  REQUIRE(answer);
  CHECK(answer->status == 408);
  CHECK(client.read_to_end().empty());
}

TEST_CASE("An idle connection is closed without a word, after its time", "[http][deadline]") {
  TestServer server([](ServerOptions& options) { options.idle_timeout = milliseconds(300); });
  auto client = server.connect();
  CHECK(client.ask(kHello).body == "hello");
  CHECK(client.read_to_end().empty());
}

TEST_CASE("A body that does not arrive in time is answered 408", "[http][deadline]") {
  TestServer server([](ServerOptions& options) {
    options.body_timeout = milliseconds(200);
    options.body_min_rate = 1u << 30;
  });
  for (std::string path : {"/", "/pieces"}) {
    auto client = server.connect();
    auto answer = client.ask("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nonly this");
    CHECK(answer.status == 408);
    CHECK(client.read_to_end().empty());
  }
}

TEST_CASE("A body that has not arrived by its route's deadline is answered 408, whatever its length allows",
          "[http][deadline]") {
  TestServer server([](ServerOptions& options) { options.body_min_rate = 1; });
  auto client = server.connect();
  auto answer = client.ask("POST /hurried HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nonly this");
  CHECK(answer.status == 408);
  CHECK(answer.header("Connection") == "close");
  CHECK(client.read_to_end().empty());
  CHECK(eventually([&] { return server.tickets() == 0; }));
}

TEST_CASE("A route's deadline bounds the arrival of the body, not the work behind it", "[http][deadline]") {
  TestServer server;
  auto client = server.connect();
  client.send("POST /hurried HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  CHECK(client.is_quiet(milliseconds(900)));
  server.latch.open();
  auto answer = client.receive();
  REQUIRE(answer);
  CHECK(answer->body == "5");
}

TEST_CASE("A client that does not read its answer loses the connection", "[http][deadline]") {
  TestServer server([](ServerOptions& options) { options.write_timeout = milliseconds(200); });
  auto client = server.connect();
  std::string requests;
  for (int i = 0; i < 40; ++i) requests += "GET /large HTTP/1.1\r\nHost: a\r\n\r\n";  // more than the kernel buffers
  client.send(requests);
  CHECK(eventually([&] { return server.metric("tocsin_http_connections") == "0"; }));
}

TEST_CASE("A handler may take longer than any deadline of the connection", "[http][deadline]") {
  TestServer server([](ServerOptions& options) {
    options.header_timeout = options.idle_timeout = options.write_timeout = milliseconds(50);
  });
  auto client = server.connect();
  client.send(kWait);
  CHECK(client.is_quiet(milliseconds(700)));
  server.latch.open();
  auto answer = client.receive();
  REQUIRE(answer);
  CHECK(answer->body == "waited");
}

TEST_CASE("Connections over a cap are closed at once, and a place that is left is free again", "[http][caps]") {
  bool per_address = GENERATE(false, true);
  TestServer server([&](ServerOptions& options) {
    (per_address ? options.max_connections_per_address : options.max_connections) = 2;
  });
  auto first = std::make_unique<test::RawClient>(server.connect());
  auto second = server.connect();
  CHECK_THROWS(server.connect());
  CHECK(test::RawClient::unix_socket(server.admin_socket()).ask(kHello).body == "hello");
  CHECK(second.ask(kHello).body == "hello");
  first.reset();
  CHECK(eventually([&] { return server.metric("tocsin_http_connections") == "1"; }));
  CHECK(server.connect().ask(kHello).body == "hello");
  CHECK(server.metric("tocsin_http_connections_refused_total") == "1");
}

TEST_CASE("Connections to the loopback listener count towards both caps", "[http][caps]") {
  bool per_address = GENERATE(false, true);
  TestServer server([&](ServerOptions& options) {
    (per_address ? options.max_connections_per_address : options.max_connections) = 2;
  });
  auto first = std::make_unique<test::RawClient>(test::RawClient::tcp(server.plain_port()));
  auto second = test::RawClient::tcp(server.plain_port());
  CHECK(first->ask(kHello).body == "hello");
  CHECK(second.ask(kHello).body == "hello");
  CHECK_THROWS(server.connect());
  CHECK(test::RawClient::tcp(server.plain_port()).read_to_end().empty());
  CHECK(test::RawClient::unix_socket(server.admin_socket()).ask(kHello).body == "hello");
  first.reset();
  CHECK(eventually([&] { return server.metric("tocsin_http_connections") == "1"; }));
  CHECK(server.connect().ask(kHello).body == "hello");
}

TEST_CASE("Connections are dealt evenly to the threads", "[http][caps]") {
  TestServer server;
  std::vector<test::RawClient> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(server.connect());
  for (auto& client : clients) client.send(kWait);
  CHECK(eventually([&] { return server.latch.waiting() == 8; }));
  auto threads = server.latch.waiting_by_thread();
  CHECK(threads.size() == 2);
  for (auto const& [thread, waiting] : threads) CHECK(waiting == 4);
  server.latch.open();
  for (auto& client : clients) CHECK(client.receive()->body == "waited");
}

TEST_CASE("Running out of descriptors refuses connections, and passes", "[http][caps]") {
  TestServer server;
  auto before = server.connect();
  rlimit normal{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &normal) == 0);
  auto waiting = test::RawClient::tcp(server.plain_port());
  REQUIRE(waiting.ask(kHello).body == "hello");
  {
    // The server shares this process's table: fill it, keeping one descriptor for the client's end.
    std::vector<int> filled;
    rlimit narrow{std::min<rlim_t>(normal.rlim_cur, 256), normal.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &narrow) == 0);
    for (int one; (one = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) filled.push_back(one);
    REQUIRE(errno == EMFILE);
    ::close(filled.back());
    filled.pop_back();
    auto refused = test::RawClient::tcp(server.plain_port());
    CHECK(refused.read_to_end().empty());
    CHECK(before.ask(kHello).body == "hello");
    for (int one : filled) ::close(one);
    ::setrlimit(RLIMIT_NOFILE, &normal);
  }
  CHECK(test::RawClient::tcp(server.plain_port()).ask(kHello).body == "hello");
  CHECK(server.log().contains("http.accept_failed"));
  CHECK(server.metric("tocsin_http_connections_refused_total") != "0");
}

TEST_CASE("The admin socket is its owner's alone", "[http][doors]") {
  TestServer server;
  struct stat file{};
  REQUIRE(::stat(server.admin_socket().c_str(), &file) == 0);
  CHECK(S_ISSOCK(file.st_mode));
  CHECK((file.st_mode & 0777) == 0600);
  REQUIRE(::stat(server.folder.path().c_str(), &file) == 0);
  CHECK((file.st_mode & 07777) == 0700);
}

// A server with the options of `running` started beside it.
core::Result<void> start_second(TestServer& running, ServerOptions const& options) {
  base::Log log(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  Server second(options, running.router, {}, {}, {}, log, running.metrics);
  return second.start();
}

TEST_CASE("A socket left by a dead server is replaced; a live one and other files are not", "[http][doors]") {
  TestServer running;
  ServerOptions options = running.options();
  auto live = start_second(running, options);
  REQUIRE_FALSE(live);
  CHECK(live.error().code == core::Code::io_failed);
  CHECK(test::RawClient::unix_socket(running.admin_socket()).ask(kHello).body == "hello");

  options.admin_socket = running.folder / "file";
  std::ofstream(*options.admin_socket) << "precious";
  REQUIRE_FALSE(start_second(running, options));
  CHECK(std::filesystem::is_regular_file(*options.admin_socket));

  namespace fs = std::filesystem;
  fs::create_symlink(running.admin_socket(), running.folder / "link");
  options.admin_socket = running.folder / "link";
  REQUIRE_FALSE(start_second(running, options));
  CHECK(fs::is_symlink(*options.admin_socket));
  fs::create_directory_symlink(running.folder.path(), running.folder / "elsewhere");
  options.admin_socket = running.folder / "elsewhere" / "new.sock";
  REQUIRE_FALSE(start_second(running, options));
  fs::permissions(running.folder.path(), fs::perms::others_all, fs::perm_options::add);

  running.stop();
  running.finish();
  options.admin_socket = running.admin_socket();
  CHECK(std::filesystem::exists(*options.admin_socket));
  CHECK(start_second(running, options));
  CHECK(fs::status(running.folder.path()).permissions() == fs::perms::owner_all);
}

TEST_CASE("A taken port, a host that is no address and a public plain listener are errors of start", "[http][doors]") {
  TestServer running;
  ServerOptions options = running.options();
  options.admin_socket.reset();
  options.https.port = running.port();
  auto taken = start_second(running, options);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().detail.contains(std::to_string(running.port())));
  options.https = {"localhost", 0};
  CHECK_FALSE(start_second(running, options));
  options.https = {"127.0.0.1", 0};
  options.loopback = ListenAddress{"0.0.0.0", 0};
  CHECK_FALSE(start_second(running, options));
  options.loopback = ListenAddress{"::1", 0};
  CHECK(start_second(running, options));
}

TEST_CASE("TLS is 1.3 with HTTP/1.1; TLS 1.2 only where it is allowed", "[http][doors]") {
  TestServer modern;
  auto client = modern.connect();
  CHECK(client.protocol() == "TLSv1.3");
  CHECK(client.application_protocol() == "http/1.1");
  CHECK_THROWS(test::RawClient::tls12(modern.port()));
  TestServer wider([](ServerOptions& options) { options.tls.tls12 = true; });
  auto old = test::RawClient::tls12(wider.port());
  CHECK(old.protocol() == "TLSv1.2");
  CHECK(old.ask("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").body.size() == 1'000'000);
}

TEST_CASE("A reload changes the certificate of new connections and drops none", "[http][reload]") {
  TestServer server;
  auto old = server.connect();
  server.write_certificate();
  CHECK(server.connect().peer_certificate() == old.peer_certificate());
  REQUIRE(server.reload());
  CHECK(server.connect().peer_certificate() != old.peer_certificate());
  CHECK(old.ask(kHello).body == "hello");
}

TEST_CASE("A reload that fails leaves the certificate in use", "[http][reload]") {
  TestServer server;
  std::ofstream(server.folder / "server.key") << "nonsense";
  auto reloaded = server.reload();
  REQUIRE_FALSE(reloaded);
  CHECK(reloaded.error().code == core::Code::tls_failed);
  CHECK(server.connect().ask(kHello).body == "hello");
}

TEST_CASE("Reloads while connections come and go lose none", "[http][reload]") {
  TestServer server;
  std::atomic<bool> done{false};
  std::thread reloader([&] {
    // Not without end: on a busy machine this thread alone would have the processor.
    for (int i = 0; i < 200 && !done; ++i) static_cast<void>(server.reload());
  });
  for (int i = 0; i < 50; ++i) CHECK(server.connect().ask(kHello).body == "hello");
  done = true;
  reloader.join();
}

TEST_CASE("A stop ends idle connections at once and lets requests finish", "[http][drain]") {
  TestServer server;
  auto idle = server.connect();
  auto half = server.connect();
  auto busy = server.connect();
  CHECK(idle.ask(kHello).body == "hello");
  half.send("GET / HTT");
  busy.send(kWait);
  REQUIRE(eventually([&] { return server.latch.waiting() == 1; }));
  server.stop();
  CHECK(idle.read_to_end().empty());
  CHECK(half.read_to_end().empty());
  CHECK_THROWS(server.connect());
  server.latch.open();
  auto answer = busy.receive();
  REQUIRE(answer);
  CHECK(answer->body == "waited");
  CHECK(answer->header("Connection") == "close");
  server.finish();
  CHECK(server.metric("tocsin_http_connections") == "0");
}

TEST_CASE("A request that does not finish within the drain time is cancelled", "[http][drain]") {
  TestServer server([](ServerOptions& options) { options.drain_timeout = milliseconds(100); });
  auto busy = server.connect();
  busy.send(kWait);
  REQUIRE(eventually([&] { return server.latch.waiting() == 1; }));
  server.stop();
  server.finish();  // returns although the latch never opens
  CHECK(busy.read_to_end().empty());
}

TEST_CASE("A server that is destroyed without being run or stopped ends its connections", "[http][drain]") {
  TestServer host;
  base::Log log(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  ServerOptions options = host.options();
  options.admin_socket.reset();
  auto server = std::make_unique<Server>(options, host.router, std::vector<Gate>(), ErrorRenderer(), Observer(), log,
                                         host.metrics);
  REQUIRE(server->start());
  auto client = test::RawClient::tls(server->address().port);
  CHECK(client.ask(kHello).body == "hello");
  server.reset();
  CHECK(client.read_to_end().empty());
}

TEST_CASE("Many clients on many connections all get their own answers", "[http][load]") {
  TestServer server;
  std::atomic<int> wrong{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c)
    clients.emplace_back([&, c] {
      for (int round = 0; round < 5; ++round) {
        auto client = server.connect();
        for (int i = 0; i < 20; ++i) {
          std::string const name = std::to_string(c) + "-" + std::to_string(i);
          if (!client.ask("GET /echo/" + name + " HTTP/1.1\r\nHost: a\r\n\r\n").body.contains("|" + name + "|"))
            ++wrong;
        }
        if (client.ask("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").body.size() != 1'000'000) ++wrong;
      }
    });
  for (auto& client : clients) client.join();
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace tocsin::http
