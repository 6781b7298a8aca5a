#include "clients/cpp/session.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "clients/cpp/console.hpp"
#include "clients/cpp/json_access.hpp"
#include "schema/stix/json.hpp"
#include "server/http/client_url.hpp"

namespace tocsin::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kRepeats = 5;
constexpr auto kUrlForm = "Write it as https://host or https://host:port.";
constexpr std::size_t kSmallestContent = 1 << 10;
constexpr std::size_t kDefaultContent = 1 << 20;  // for a root that promises nothing

milliseconds patience(http::ClientResponse const* response, int repeat) {
  constexpr int kLongest = 60;
  int wait = 1 << repeat;
  if (auto const after = response != nullptr ? response->header("Retry-After") : std::nullopt) {
    int given = 0;
    auto const [end, error] = std::from_chars(after->data(), after->data() + after->size(), given);
    if (error == std::errc{} && end == after->data() + after->size() && given >= 0) wait = given;
  }
  return seconds(std::min(wait, kLongest));
}

// 409 with a time: the same request, whose answer was lost, is still under way.
bool is_busy(http::ClientResponse const& response) {
  return response.status == 429 || response.status == 503 ||
         (response.status == 409 && response.header("Retry-After").has_value());
}

bool equal_in_any_case(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

Exit exit_of(int status) {
  if (status == 401 || status == 403) return Exit::unauthorised;
  if (status == 404 || status == 410) return Exit::not_found;
  if (status == 400 || status == 422) return Exit::local;
  return Exit::server;
}

std::string remedy_of(int status) {
  if (status == 401) return "Give a valid token with TOCSIN_TOKEN, --token @FILE or a profile.";
  if (status == 403) return "See what your token may do with: tocsin whoami";
  if (status == 404 || status == 410) return "Check the id, and what you may see with: tocsin whoami";
  if (status == 400 || status == 422) return "Mend what the server names, then run the command again.";
  if (status == 429 || status == 503) return "The server is busy: run the command again later.";
  if (status >= 500) return "Run the command again later; if this goes on, tell the server's operator.";
  return kWhichServer;
}

Failure malformed(std::string_view what) {
  return {Exit::server, "The server's answer for " + std::string(what) + " is not what TAXII 2.1 prescribes.",
          kWhichServer};
}

}  // namespace

Pause real_pause() {
  return [](milliseconds time) { std::this_thread::sleep_for(time); };
}

Outcome<Session> Session::open(Profile const& profile, Pause pause) {
  auto session = open_as_anybody(profile, std::move(pause));
  if (!session || profile.token || profile.identity) return session;
  return fail(Exit::unauthorised, "No token is given, so the server would answer 401.",
              "Give one with TOCSIN_TOKEN=@FILE, --token @FILE or the profile that names the server; or a client "
              "certificate with --cert and --key.");
}

Outcome<Session> Session::open_as_anybody(Profile const& profile, Pause pause) {
  auto url = http::parse_https_url(profile.url);
  if (!url) return fail(Exit::local, std::move(url.error()), kUrlForm);
  http::ClientOptions options;
  options.ca_file = profile.ca;
  options.identity = profile.identity;
  options.compressed = true;
  auto client = http::Client::https(profile.url, std::move(options));
  if (!client)
    return fail(Exit::local, std::move(client.error()), "Give readable PEM files with --ca, --cert and --key.");
  return Session(std::move(*client), url->authority(), profile, std::move(pause));
}

Session::Session(http::Client client, std::string authority, Profile const& profile, Pause pause)
    : client_(std::move(client)),
      authority_(std::move(authority)),
      token_(profile.token),
      ca_(profile.ca),
      pause_(std::move(pause)) {}

Failure Session::failure_of(core::Error error) const {
  bool const local = error.code == core::Code::bad_parameter;
  Failure out{local ? Exit::local : Exit::server, std::move(error.detail), std::move(error.remedy)};
  if (error.code == core::Code::tls_failed) {
    if (!out.remedy.empty()) out.remedy += " ";
    out.remedy += "Trusted are the authorities of " + (ca_ ? ca_->string() : std::string("the system")) + ".";
  }
  if (!out.remedy.empty()) return out;
  out.remedy = local       ? "Check the arguments for characters that are no text."
               : answered_ ? "Run the command again later: that is harmless."
                           : "Check the host and the port of the URL, and that the server runs.";
  return out;
}

Outcome<http::ClientResponse> Session::exchange(http::ClientRequest request) {
  if (token_) request.headers.emplace_back("Authorization", "Bearer " + *token_);
  for (int repeat = 0;; ++repeat) {
    auto response = client_.exchange(request);
    bool const last = repeat == kRepeats;
    if (response) {
      answered_ = true;
      if (!is_busy(*response) || last) return std::move(*response);
      pause_(patience(&*response, repeat));
      continue;
    }
    bool const lost =
        response.error().code == core::Code::io_failed || response.error().code == core::Code::request_timeout;
    if (!lost || !answered_ || last) return std::unexpected(failure_of(std::move(response.error())));
    pause_(patience(nullptr, repeat));
  }
}

core::Result<http::ClientResponse> Session::follow(http::ClientRequest request, http::Client::Piece const& piece) {
  if (token_) request.headers.emplace_back("Authorization", "Bearer " + *token_);
  auto response = client_.follow(request, piece);
  answered_ = answered_ || response.has_value();
  return response;
}

Outcome<http::ClientResponse> Session::get(std::string target, std::string_view accept) {
  auto const path = target.substr(0, target.find('?'));
  auto response = exchange(
      {.method = "GET", .target = std::move(target), .headers = {{"Accept", std::string(accept)}}, .body = {}});
  if (response && response->status / 100 != 2) return std::unexpected(http_failure(*response, path));
  return response;
}

Outcome<nlohmann::json> Session::get_json(std::string target, std::string_view accept) {
  auto const path = target.substr(0, target.find('?'));
  auto response = get(std::move(target), accept);
  if (!response) return std::unexpected(std::move(response.error()));
  auto document = stix::parse_json(response->body);
  if (!document || !document->is_object()) return std::unexpected(malformed(path));
  return std::move(*document);
}

Outcome<nlohmann::json> Session::get_fixed_json(std::string target, std::string_view accept) {
  auto document = get_json(std::move(target), accept);
  if (!document && document.error().exit == Exit::not_found) {
    document.error().exit = Exit::server;
    document.error().remedy = kWhichServer;
  }
  return document;
}

// An absolute URL is followed only to this very server: discovery must not be able to send the token elsewhere.
std::optional<std::string> Session::path_on_this_server(std::string const& url) const {
  std::string path = url;
  if (auto const scheme = url.find("://"); scheme != url.npos) {
    auto const slash = url.find('/', scheme + 3);
    auto origin = http::parse_https_url(url.substr(0, slash));
    if (!origin || origin->authority() != authority_) return std::nullopt;
    path = slash == url.npos ? "/" : url.substr(slash);
  }
  if (path.starts_with("//") || path.empty()) return std::nullopt;
  if (!path.starts_with('/')) path.insert(0, "/");
  if (!path.ends_with('/')) path += '/';
  return path;
}

Outcome<std::string> Session::find_root() {
  auto discovery = get_fixed_json("/taxii2/");
  if (!discovery) return std::unexpected(std::move(discovery.error()));
  std::vector<std::string> urls;
  if (auto first = text_or(*discovery, "default"); !first.empty()) urls.push_back(std::move(first));
  for (auto const& url : list_or_empty(*discovery, "api_roots")) {
    if (url.is_string()) urls.push_back(url.get<std::string>());
  }
  for (auto const& url : urls) {
    if (auto path = path_on_this_server(url)) return std::move(*path);
  }
  if (urls.empty()) return fail(Exit::server, "The server at " + authority_ + " names no API root.", kWhichServer);
  return fail(Exit::server,
              "The server at " + authority_ + " names API roots on other hosts only: " + printable(urls.front()),
              "Use that host in --url.");
}

Outcome<ApiRoot> Session::root() {
  if (root_) return *root_;
  auto path = find_root();
  if (!path) return std::unexpected(std::move(path.error()));
  auto resource = get_fixed_json(*path);
  if (!resource) return std::unexpected(std::move(resource.error()));
  auto const length = number_or(*resource, "max_content_length", kDefaultContent);
  root_ = ApiRoot{std::move(*path), text_or(*resource, "title"), std::max<std::size_t>(length, kSmallestContent)};
  return *root_;
}

Outcome<std::vector<Collection>> Session::collections() {
  auto at = root();
  if (!at) return std::unexpected(std::move(at.error()));
  auto document = get_fixed_json(at->path + "collections/");
  if (!document) return std::unexpected(std::move(document.error()));
  std::vector<Collection> out;
  for (auto const& row : list_or_empty(*document, "collections")) {
    Collection collection{.id = text_or(row, "id"),
                          .title = text_or(row, "title"),
                          .alias = text_or(row, "alias"),
                          .description = text_or(row, "description"),
                          .can_read = flag_or(row, "can_read", false),
                          .can_write = flag_or(row, "can_write", false)};
    if (collection.id.empty()) return std::unexpected(malformed(at->path + "collections/"));
    out.push_back(std::move(collection));
  }
  return out;
}

Outcome<Collection> Session::collection(std::string_view name) {
  auto all = collections();
  if (!all) return std::unexpected(std::move(all.error()));
  for (auto part : {&Collection::id, &Collection::alias, &Collection::title}) {
    auto const found = std::ranges::find_if(*all, [&](auto const& c) { return equal_in_any_case(c.*part, name); });
    if (found != all->end()) return std::move(*found);
  }
  return fail(Exit::not_found, "You have no collection " + printable(name) + ".",
              "List yours with: tocsin collections");
}

Outcome<std::vector<Collection>> Session::readable(std::optional<std::string> const& name) {
  if (!name) {
    auto all = collections();
    if (all) std::erase_if(*all, [](auto const& c) { return !c.can_read; });
    return all;
  }
  auto one = collection(*name);
  if (!one) return std::unexpected(std::move(one.error()));
  return std::vector{std::move(*one)};
}

std::string server_sentence(http::ClientResponse const& response) {
  auto document = stix::parse_json(response.body);
  if (!document) return {};
  for (auto const* name : {"detail", "description", "title"}) {
    if (auto text = text_or(*document, name); !text.empty()) return printable(text);
  }
  return {};
}

Failure http_failure(http::ClientResponse const& response, std::string_view what) {
  auto said = server_sentence(response);
  if (!said.empty()) said.insert(0, ": ");
  if (!said.ends_with('.') && !said.ends_with('?')) said += '.';
  return {exit_of(response.status),
          "The server answered " + std::to_string(response.status) + " for " + printable(what) + said,
          remedy_of(response.status)};
}

}  // namespace tocsin::client
