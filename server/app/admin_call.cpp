#include "server/app/admin_call.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <nlohmann/json.hpp>

#include "server/app/publishing.hpp"
#include "server/base/files.hpp"
#include "server/endpoints/gates.hpp"
#include "server/http/client.hpp"

namespace tocsin::app {
namespace {

using nlohmann::json;

class WholeBody final : public http::BodyReader {
 public:
  explicit WholeBody(std::string body) : body_(std::move(body)) {}
  http::Awaitable<core::Result<std::string_view>> next() override {
    co_return std::exchange(given_, true) ? std::string_view{} : std::string_view(body_);
  }
  http::Awaitable<core::Result<std::string>> read_all() override { co_return body_; }

 private:
  std::string body_;
  bool given_ = false;
};

core::Result<json> document_of(int status, std::string const& text) {
  json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return core::fail(core::Code::io_failed, "The server's answer is no JSON.");
  if (status < 400) return document;
  return core::fail(status == 404 ? core::Code::not_found : core::Code::bad_parameter,
                    document.value("detail", std::string("refused")));
}

struct Call {
  http::Method method;
  std::string const& path;
  json const& body;
  std::string const& token;
  std::string const& query;
};

core::Result<json> call_in_process(Instance& instance, Call const& call) {
  auto const& [method, path, body, token, query] = call;
  http::Match match = instance.router().match(method, path);
  if (match.route == nullptr) return core::fail(core::Code::not_found, "There is no such verb.");
  http::Request request;
  request.method = method;
  request.path = path;
  request.on_admin_socket = true;
  if (auto parsed = http::Query::parse(query))
    request.query = *std::move(parsed);
  else
    return std::unexpected(parsed.error());
  request.headers.add("Content-Type", "application/json");
  if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
  request.parameters = match.parameters;
  request.route = match.route;
  WholeBody reader(body.dump());
  request.body = &reader;
  for (auto const& gate : endpoints::gates(instance.context()))
    if (auto refusal = gate(request)) return document_of(refusal->status, std::get<std::string>(refusal->body));
  boost::asio::io_context io;
  auto future = boost::asio::co_spawn(io, match.route->handler(request), boost::asio::use_future);
  io.run();
  http::Response response = future.get();
  return document_of(response.status, std::get<std::string>(response.body));
}

std::string percent_encoded(std::string_view path) {
  std::string out;
  for (char c : path) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 std::string_view("/-._~").contains(c);
    out += plain ? std::string(1, c) : "%" + core::to_hex({&c, 1});
  }
  return out;
}

core::Result<json> call_socket(Layout const& layout, Call const& call) {
  auto const& [method, path, body, token, query] = call;
  http::Client client = http::Client::unix_socket(layout.admin_socket());
  http::ClientRequest request;
  request.method = name(method);
  request.target = percent_encoded(path) + (query.empty() ? "" : "?" + query);
  request.headers = {{"Content-Type", "application/json"}};
  if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
  if (method == http::Method::post) request.body = body.dump();
  auto response = client.exchange(request);
  if (!response) return std::unexpected(response.error());
  return document_of(response->status, response->body);
}

}  // namespace

core::Result<json> admin_call(Layout const& layout, base::Config const& config, http::Method method,
                              std::string const& path, json const& body, std::string const& token,
                              std::string const& query) {
  Call const call{method, path, body, token, query};
  auto lock = base::DirectoryLock::acquire(layout.lock());
  if (!lock) return call_socket(layout, call);
  auto instance = Instance::open(layout, config);
  if (!instance) return std::unexpected(instance.error());
  if (method == http::Method::get) return call_in_process(**instance, call);
  core::Result<json> answer = core::fail(core::Code::internal, "The change was not made.");
  auto done = change_unserved(layout, config, [&] { answer = call_in_process(**instance, call); });
  if (!done) return std::unexpected(done.error());
  return answer;
}

}  // namespace tocsin::app
