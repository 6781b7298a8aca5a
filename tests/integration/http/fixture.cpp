#include "tests/integration/http/fixture.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tocsin::http {
namespace {

Response text(std::string body) {
  Response response;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

Response render(Request const&, core::Error const& error) {
  Response response = text(std::string(core::row(error.code).code) + "\n");
  response.status = core::row(error.code).http;
  return response;
}

class Pieces final : public BodySource {
 public:
  explicit Pieces(bool breaks) : breaks_(breaks) {}
  Awaitable<core::Result<std::string>> next() override {
    if (breaks_ && sent_ == 1) co_return core::fail(core::Code::internal, "broken");
    co_return sent_++ < 3 ? std::string(static_cast<std::size_t>(sent_) * 20'000, static_cast<char>('a' + sent_)) : "";
  }

 private:
  bool breaks_;
  int sent_ = 0;
};

// Says that it has begun, then nothing until it is stopped, or as much as the client takes.
class Endless final : public BodySource {
 public:
  explicit Endless(bool floods) : floods_(floods) {}
  Awaitable<core::Result<std::string>> next() override {
    if (!std::exchange(begun_, true)) co_return std::string("begun");
    if (floods_ && !stopped_) co_return std::string(60'000, 'f');
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (!stopped_) {
      timer.expires_after(std::chrono::milliseconds(2));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_return std::string();
  }
  bool is_endless() const override { return true; }
  void stop() override { stopped_ = true; }

 private:
  bool const floods_;
  bool begun_ = false, stopped_ = false;
};

Awaitable<Response> count_whole(Request& request) {
  auto body = co_await request.body->read_all();
  if (!body) co_return render(request, body.error());
  co_return text(std::to_string(body->size()));
}

Awaitable<Response> count_pieces(Request& request) {
  std::size_t size = 0;
  for (;;) {
    auto piece = co_await request.body->next();
    if (!piece) co_return render(request, piece.error());
    if (piece->empty()) break;
    size += piece->size();
  }
  co_return text(std::to_string(size));
}

// Takes its time between two pieces.
Awaitable<Response> count_slowly(Request& request) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  std::size_t size = 0;
  for (int pieces = 0;; ++pieces) {
    auto piece = co_await request.body->next();
    if (!piece) co_return render(request, piece.error());
    if (piece->empty()) break;
    size += piece->size();
    if (pieces > 2) continue;
    timer.expires_after(std::chrono::milliseconds(200));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
  co_return text(std::to_string(size));
}

Awaitable<Response> echo(Request& request) {
  std::string all = request.path + "|" + request.parameters.at(0) + "|";
  for (auto const& [name, value] : request.query.parameters()) all += name + "=" + value + ";";
  all += "|" + request.peer_address + (request.on_admin_socket ? "|admin" : "") +
         (request.on_loopback_listener ? "|loopback" : "");
  co_return text(all);
}

Awaitable<Response> client(Request& request) {
  if (!request.on_mtls_listener) co_return text("not asked");
  if (!request.certificate) co_return text("nobody");
  std::string all = "somebody";
  for (auto const& name : request.certificate->names) all += " " + name;
  co_return text(all);
}

}  // namespace

Awaitable<void> Latch::wait() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  {
    std::lock_guard lock(mutex_);
    ++threads_[std::this_thread::get_id()];
  }
  ++waiting_;
  while (!open_) {
    timer.expires_after(std::chrono::milliseconds(2));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

std::map<std::thread::id, int> Latch::waiting_by_thread() const {
  std::lock_guard lock(mutex_);
  return threads_;
}

bool eventually(std::function<bool()> const& condition) {
  for (int i = 0; i < 10'000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

TestServer::TestServer(Adjust const& adjust)
    : log_file_(::open((folder / "log").c_str(), O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600)), log_(log_file_) {
  write_certificate();
  add_routes();
  options_ = options();
  options_.threads = 2;
  options_.drain_timeout = std::chrono::seconds(5);
  if (adjust) adjust(options_);
  Gate gate = [this](Request& request) { return guard(request); };
  server_ = std::make_unique<Server>(options_, router, std::vector<Gate>{gate}, render, Observer(), log_, metrics);
  if (auto started = server_->start(); !started) throw std::runtime_error(started.error().detail);
  thread_ = std::thread([this] { server_->run(); });
}

std::optional<Response> TestServer::guard(Request& request) {
  if (request.route->pattern == "/guarded") return render(request, core::Error{core::Code::unauthorized, "", "", ""});
  ++tickets_;
  request.ticket = std::shared_ptr<void const>(this, [this](void const*) { --tickets_; });
  return std::nullopt;
}

TestServer::~TestServer() {
  stop();
  finish();
  server_.reset();
  ::close(log_file_);
}

ServerOptions TestServer::options() const {
  ServerOptions options;
  options.https = {"127.0.0.1", 0};
  options.tls = {folder / "server.crt", folder / "server.key", false};
  options.admin_socket = admin_socket();
  options.loopback = ListenAddress{"127.0.0.1", 0};
  return options;
}

void TestServer::write_certificate() {
  auto made = authority_.issue("DNS:localhost,IP:127.0.0.1");
  std::ofstream(folder / "server.crt") << made.certificate;
  std::ofstream(folder / "server.key") << made.key;
}

void TestServer::stop() { server_->stop(); }

void TestServer::finish() {
  if (thread_.joinable()) thread_.join();
}

core::Result<void> TestServer::reload(Adjust const& adjust) {
  if (adjust) adjust(options_);
  return server_->reload(options_.tls, options_);
}

void TestServer::add(Method method, std::string pattern, std::uint64_t body_limit, Handler handler,
                     std::chrono::milliseconds deadline, Streamed streamed) {
  auto counted = [this, pattern, handler = std::move(handler)](Request& request) {
    std::lock_guard lock(mutex_);
    calls_.push_back(pattern);
    return handler(request);
  };
  router.add({method, std::move(pattern), Surface::native, "test", body_limit, deadline, 1, counted, streamed});
}

void TestServer::add_routes() {
  add(Method::get, "/", 0, [](Request&) -> Awaitable<Response> { co_return text("hello"); });
  add(Method::get, "/smuggled", 0, [](Request&) -> Awaitable<Response> { co_return text("smuggled"); });
  add(Method::get, "/echo/{name}", 0, echo);
  add(Method::get, "/client", 0, client);
  add(Method::get, "/throw", 0, [](Request&) -> Awaitable<Response> {
    throw std::runtime_error("s3cret reason");
    co_return Response();
  });
  add(Method::get, "/wait", 0, [this](Request&) -> Awaitable<Response> {
    co_await latch.wait();
    co_return text("waited");
  });
  add_body_routes();
  add_answer_routes();
}

void TestServer::add_body_routes() {
  add(Method::post, "/", 1'000'000, count_whole);
  add(Method::post, "/pieces", 1'000'000, count_pieces);
  add(Method::post, "/streamed", 1'000, count_pieces, std::chrono::seconds(30),
      {.limit = 2'000'000, .deadline = std::chrono::seconds(30)});
  add(Method::post, "/gathered", 1'000, count_whole, std::chrono::seconds(30),
      {.limit = 2'000'000, .deadline = std::chrono::seconds(30)});
  add(Method::post, "/slow", 1'000, count_slowly, std::chrono::milliseconds(300),
      {.limit = 2'000'000, .deadline = std::chrono::seconds(30)});
  add(Method::post, "/slow_and_late", 1'000, count_slowly, std::chrono::milliseconds(300),
      {.limit = 2'000'000, .deadline = std::chrono::milliseconds(300)});
  auto wait_behind_body = [this](Request& request) -> Awaitable<Response> {
    auto body = co_await request.body->read_all();
    if (!body) co_return render(request, body.error());
    co_await latch.wait();
    co_return text(std::to_string(body->size()));
  };
  add(Method::post, "/hurried", 1'000'000, wait_behind_body, std::chrono::milliseconds(300));
  add(Method::post, "/guarded", 1u << 30, count_whole);
  add(Method::post, "/ignore", 1u << 30, [](Request&) -> Awaitable<Response> { co_return text("ignored"); });
}

void TestServer::add_answer_routes() {
  add(Method::get, "/large", 0, [](Request&) -> Awaitable<Response> {
    Response response = text("");
    response.body = std::make_shared<std::string const>(1'000'000, 'l');
    co_return response;
  });
  add(Method::get, "/stream", 0, [](Request&) -> Awaitable<Response> {
    Response response = text("");
    response.body = std::make_unique<Pieces>(false);
    co_return response;
  });
  add(Method::get, "/endless", 0, [](Request&) -> Awaitable<Response> {
    Response response = text("");
    response.body = std::make_unique<Endless>(false);
    co_return response;
  });
  add(Method::get, "/flood", 0, [](Request&) -> Awaitable<Response> {
    Response response = text("");
    response.body = std::make_unique<Endless>(true);
    co_return response;
  });
  add(Method::get, "/broken-stream", 0, [](Request&) -> Awaitable<Response> {
    Response response = text("");
    response.body = std::make_unique<Pieces>(true);
    co_return response;
  });
  add(Method::get, "/split", 0, [](Request&) -> Awaitable<Response> {
    Response response = text("split");
    response.headers.emplace_back("X-Split", "a\r\nX-Evil: 1");
    co_return response;
  });
}

int TestServer::calls(std::string const& pattern) const {
  std::lock_guard lock(mutex_);
  return static_cast<int>(std::ranges::count(calls_, pattern));
}

std::string TestServer::metric(std::string const& name_and_labels) const {
  std::string all = metrics.render();
  auto at = all.find("\n" + name_and_labels + " ");
  if (at == std::string::npos) return "";
  at += name_and_labels.size() + 2;
  return all.substr(at, all.find('\n', at) - at);
}

std::string TestServer::log() const {
  std::ifstream file(folder / "log");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace tocsin::http
