#include "tests/support/in_process.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <span>
#include <stdexcept>
#include <thread>

#include "schema/core/digest.hpp"
#include "server/app/keys.hpp"
#include "server/app/log_keys.hpp"
#include "server/base/config.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/gates.hpp"
#include "server/http/gates.hpp"
#include "server/http/target.hpp"
#include "server/store/database.hpp"
#include "tests/support/other_instance.hpp"

namespace tocsin::test {
namespace {

namespace fs = std::filesystem;

template <class T>
T need(core::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

base::Config config() {
  base::ConfigSetting settings[] = {{"instance.name", std::string("test")},
                                    {"instance.host", std::string("hub.example")},
                                    {"instance.demo", true},  // takes ranges of documentation space
                                    {"instance.identity", kInstanceIdentity},
                                    {"instance.origin", std::string("hub.example/log")},
                                    {"store.free_space_mib", std::int64_t{0}},
                                    {"log.level", std::string("error")}};
  auto text = base::config_template(settings);
  auto parsed = text ? base::parse_config(*text) : std::unexpected(text.error());
  if (!parsed) throw std::runtime_error(parsed.error().front().detail);
  return *std::move(parsed);
}

http::Method parse_method(std::string_view text) {
  using enum http::Method;
  for (auto method : {get, head, post, put, patch, delete_, options})
    if (http::name(method) == text) return method;
  throw std::logic_error("no such method");
}

class WholeBody final : public http::BodyReader {
 public:
  explicit WholeBody(std::string const& body) : body_(body) {}
  http::Awaitable<core::Result<std::string_view>> next() override {
    co_return std::exchange(given_, true) ? std::string_view{} : std::string_view(body_);
  }
  http::Awaitable<core::Result<std::string>> read_all() override { co_return body_; }

 private:
  std::string const& body_;
  bool given_ = false;
};

// RFC 9110 sections 9.3.7 and 15.5.6, as the server's exchange answers.
http::Response other_methods(http::Request const& request, std::vector<http::Method> const& allowed) {
  std::string allow = "OPTIONS";
  for (auto method : allowed) allow.append(", ").append(method == http::Method::get ? "GET, HEAD" : name(method));
  http::Response response;
  response.status = 204;
  if (request.method != http::Method::options)
    response = endpoints::error_answer(
        request,
        {core::Code::method_not_allowed, "This resource does not have the method.", "", "It has " + allow + "."});
  response.headers.emplace_back("Allow", std::move(allow));
  return response;
}

std::string text_of(http::Response& response) {
  if (std::holds_alternative<std::unique_ptr<http::BodySource>>(response.body)) return {};
  if (auto* shared = std::get_if<http::SharedBytes>(&response.body)) return **shared;
  return std::get<std::string>(std::move(response.body));
}

}  // namespace

std::optional<std::string> Answer::header(std::string_view name) const {
  auto at = std::ranges::find(headers, name, [](auto const& field) -> std::string_view { return field.first; });
  return at == headers.end() ? std::nullopt : std::optional(at->second);
}

InProcess::InProcess() {
  fs::create_directories(layout_.keys());
  need(base::write_file(layout_.log_key(), need(app::make_signer("hub.example/log")).text() + "\n", 0600));
  need(base::write_file(layout_.root_key(), need(app::make_signer("hub.example/root")).text() + "\n", 0600));
  show_manifest();
  need(base::write_file(layout_.cursor_key(), app::make_secret_key(), 0600));
  need(store::migrate_sqlite(layout_.database()));
  open();
}

InProcess::InProcess(Copy const& copy) {
  for (auto const& entry : fs::recursive_directory_iterator(copy.from)) {
    auto to = layout_.directory / fs::relative(entry.path(), copy.from);
    if (entry.is_directory()) fs::create_directories(to);
    // The lock is each directory's own; the shared memory beside the database is made again from its log.
    else if (entry.path() != app::Layout{copy.from}.lock() && !entry.path().native().ends_with("-shm"))
      fs::copy_file(entry.path(), to);
  }
  open();
}

std::unique_ptr<InProcess> InProcess::twin() const {
  instance_->context().reads.flush();  // nothing writes while the files are copied
  return std::unique_ptr<InProcess>(new InProcess(Copy{layout_.directory}));
}

void InProcess::open() {
  lock_ = need(base::DirectoryLock::acquire(layout_.lock()));
  instance_ = need(app::Instance::open(layout_, config()));
  gates_ = endpoints::gates(instance_->context());
}

Answer InProcess::ask(Call const& call) {
  http::Request request;
  request.method = parse_method(call.method);
  request.headers.add("Host", call.door == Door::loopback ? "localhost:9090" : "hub.example");
  if (!call.token.empty()) request.headers.add("Authorization", "Bearer " + call.token);
  for (auto const& [name, value] : call.headers) request.headers.add(name, value);
  request.on_admin_socket = call.door == Door::admin;
  request.on_loopback_listener = call.door == Door::loopback;
  request.on_mtls_listener = call.door == Door::mtls;
  if (call.certificate) request.certificate = std::make_shared<base::ClientCertificate const>(*call.certificate);
  if (call.door != Door::admin) request.peer_address = call.address;
  request.request_id = "0123456789abcdef";
  http::Response response = answer(request, call);
  Answer out{response.status, std::move(response.content_type), std::move(response.headers), {}};
  if (request.method != http::Method::head) out.body = text_of(response);
  return out;
}

http::Response InProcess::answer(http::Request& request, Call const& call) {
  using endpoints::error_answer;
  auto target = http::parse_target(call.target);
  if (!target) return error_answer(request, target.error());
  request.path = std::move(target->path);
  if (auto foreign = http::foreign_origin(request)) return error_answer(request, *foreign);
  auto match = router().match(request.method, request.path);
  if (match.route == nullptr && match.allowed.empty())
    return error_answer(request, {core::Code::not_found, "There is nothing at this path.", "", ""});
  if (match.route == nullptr) return other_methods(request, match.allowed);
  request.route = match.route;
  request.parameters = std::move(match.parameters);
  request.deadline = std::chrono::steady_clock::now() + match.route->deadline;
  auto query = http::Query::parse(target->query);
  if (!query) return error_answer(request, query.error());
  request.query = *std::move(query);
  for (auto const& gate : gates_)
    if (auto refusal = gate(request)) return *std::move(refusal);
  if (call.body.size() > match.route->body_limit)
    return error_answer(request, {core::Code::content_too_large, "The body is larger than is taken here.", "", ""});
  return handle(request, call.body);
}

http::Response InProcess::handle(http::Request& request, std::string const& body) {
  WholeBody reader(body);
  request.body = &reader;
  std::optional<http::Response> response;
  std::exception_ptr thrown;
  boost::asio::co_spawn(io_, request.route->handler(request), [&](std::exception_ptr error, http::Response made) {
    thrown = std::move(error);
    response = std::move(made);
  });
  io_.restart();
  io_.run();
  request.body = nullptr;
  if (thrown) std::rethrow_exception(thrown);
  return std::move(response).value();
}

void InProcess::publish_logs() {
  need(instance_->publish_logs(layout_, config()));
  auto const& logs = instance_->context().logs;
  while (!logs.data->checkpoint() || !logs.control->checkpoint()) std::this_thread::yield();
}

void InProcess::start_matching() {
  instance_->start_matching();
  while (!instance_->context().matching.is_ready()) std::this_thread::yield();
}

void InProcess::wait_for_control(std::uint64_t size) {
  while (instance_->context().logs.control->size() < size) std::this_thread::yield();
}

Answer InProcess::get(std::string_view target, std::string_view token) {
  Call call;
  call.target = target;
  call.token = token;
  return ask(call);
}

Answer InProcess::submit(std::string_view collection, std::string_view token, std::vector<std::string> const& objects,
                         std::string_view query) {
  Call call;
  call.method = "POST";
  call.target = "/taxii2/root/collections/" + std::string(collection) + "/objects/" + std::string(query);
  call.token = token;
  call.headers.emplace_back("Content-Type", endpoints::kTaxii);
  for (auto const& object : objects) call.body += (call.body.empty() ? "{\"objects\":[" : ",") + object;
  call.body += objects.empty() ? "{\"objects\":[]}" : "]}";
  return ask(call);
}

void InProcess::add_organisation(std::string const& name, std::string const& type, std::string const& clearance,
                                 std::string const& authority, std::string const& identity) {
  auto& context = instance_->context();
  context.ledger.perform([&] {
    need(context.administration.add(access::NewOrganisation{name, type, clearance, identity, authority},
                                    context.clock.now_us()));
  });
}

void InProcess::disable_organisation(std::string const& name) {
  auto& context = instance_->context();
  context.ledger.perform([&] { need(context.administration.disable(name, true)); });
}

void InProcess::moderate(std::string const& collection, std::string const& whose) {
  auto& context = instance_->context();
  context.ledger.perform([&] { need(context.administration.moderate(collection, whose)); });
}

void InProcess::set_standing(std::string const& organisation, std::string const& standing) {
  auto& context = instance_->context();
  context.ledger.perform([&] { need(context.administration.set_standing(organisation, standing)); });
}

void InProcess::add_allow_list(std::string const& name, std::vector<std::string> const& entries) {
  auto& context = instance_->context();
  auto const list = need(context.allow_lists.parse(name, "", entries));
  context.ledger.perform([&] { (void)need(context.allow_lists.write(list, false)); });
}

void InProcess::show_manifest() {
  auto manifest = OtherInstance("hub.example").manifest();
  manifest.log = need(app::read_signer(layout_.log_key())).verifier();
  auto const note = need(log::sign_manifest(manifest, need(app::read_signer(layout_.root_key()))));
  need(base::write_file(layout_.manifest(), note.format(), 0600));
}

std::string InProcess::invitation_of(std::string const& host) {
  auto const now_s = static_cast<std::uint64_t>(instance_->context().clock.now_us() / 1'000'000);
  return OtherInstance(host).invitation(now_s + 3'600);
}

void InProcess::add_peer(std::string const& host) {
  auto& context = instance_->context();
  auto const now_us = context.clock.now_us();
  auto const received = need(context.peering.receive(invitation_of(host), "", now_us));
  context.ledger.perform([&] { need(context.peering.take(received, now_us)); });
}

void InProcess::keep_logs_of(std::string const& host, std::string const& leaves,
                             std::vector<log::OpenedEntry> const& opened) {
  instance_->context().ledger.perform([&] {  // nothing else is written meanwhile
    auto database = need(store::open_sqlite({layout_.database(), 8, 8}));
    auto const origin = need(database->origins().follow(host + "/log"));
    for (auto const name : {store::LogName::data, store::LogName::control})
      need(database->origins().verified(origin, name, {leaves.size() / 32, 0, "", "", 1}, leaves));
    need(database->relays().keep_control(origin, opened));
  });
}

std::string InProcess::add_collection(std::string const& title, std::string const& default_tlp) {
  auto& context = instance_->context();
  std::string id;
  context.ledger.perform([&] {
    access::NewCollection wanted{title, "", "", default_tlp};
    id = need(context.administration.add(wanted, context.clock.now_us())).id;
  });
  return id;
}

// One with an end is made long ago, so that the end may have passed.
std::string InProcess::add_token(access::NewCredential const& wanted) {
  auto& context = instance_->context();
  std::string token;
  context.ledger.perform(
      [&] { token = need(context.administration.add(wanted, wanted.expires ? 0 : context.clock.now_us())); });
  return token;
}

std::string InProcess::invite(access::NewCredential const& wanted) {
  auto& context = instance_->context();
  std::string token;
  context.ledger.perform(
      [&] { token = need(context.administration.invite(wanted, wanted.expires ? 0 : context.clock.now_us())).token; });
  return token;
}

std::string InProcess::add_token(std::string const& organisation, std::string const& role) {
  return add_token(access::NewCredential{organisation, {role}, "", {}, {}, {}, {}, {}});
}

void InProcess::revoke_token(std::string const& token) {
  constexpr std::size_t kIdBegin = 7, kIdLength = 16;  // tocsin_<id>_<secret>
  auto& context = instance_->context();
  std::string id = token.substr(kIdBegin, kIdLength);
  context.ledger.perform([&] { need(context.administration.revoke(id, context.clock.now_us())); });
}

std::string InProcess::add_audience(access::NewAudience const& wanted) {
  auto& context = instance_->context();
  std::string marking;
  context.ledger.perform([&] {
    auto added = context.audiences.add(wanted, context.clock.now_us());
    need(added);
    marking = "marking-definition--" + core::to_text(added->marking);
  });
  return marking;
}

std::string InProcess::propose_member(std::string const& audience, std::string const& organisation) {
  constexpr store::RowId kSomebodyElse = 1'000'000;
  auto& context = instance_->context();
  std::string proposal;
  context.ledger.perform([&] {
    auto made = context.audiences.propose(audience, organisation, kSomebodyElse, context.clock.now_us());
    need(made);
    proposal = core::to_text(*made);
  });
  return proposal;
}

void InProcess::add_member(std::string const& audience, std::string const& organisation) {
  constexpr store::RowId kOperator = 0;
  auto& context = instance_->context();
  std::string proposal = propose_member(audience, organisation);
  context.ledger.perform([&] { need(context.audiences.approve(proposal, kOperator, context.clock.now_us())); });
}

void InProcess::remove_member(std::string const& audience, std::string const& organisation) {
  auto& context = instance_->context();
  context.ledger.perform([&] { need(context.audiences.remove(audience, organisation)); });
}

}  // namespace tocsin::test
