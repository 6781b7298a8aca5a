// A conversation with one server: authentication, discovery, patience with a busy server. Owned by a command; one
// thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cpp/outcome.hpp"
#include "clients/cpp/profile.hpp"
#include "server/http/client.hpp"

namespace tocsin::client {

inline constexpr std::string_view kTaxii = "application/taxii+json;version=2.1";
inline constexpr std::string_view kJson = "application/json";
// The remedy when an answer is none that such a server gives.
inline constexpr auto kWhichServer = "Check that the URL is a Tocsin or TAXII 2.1 server.";

// TAXII 2.1 section 4.2.
struct ApiRoot {
  std::string path;  // "/api/": begins and ends with a slash
  std::string title;
  std::size_t max_content_length = 0;  // bytes
};

// TAXII 2.1 section 5.2.
struct Collection {
  std::string id, title, alias, description;
  bool can_read = false;
  bool can_write = false;
};

// Waits; a test's returns at once.
using Pause = std::function<void(std::chrono::milliseconds)>;
[[nodiscard]] Pause real_pause();

class Session {
 public:
  // Connects lazily. Failures: Exit::local (URL, authorities), Exit::unauthorised (no token).
  [[nodiscard]] static Outcome<Session> open(Profile const& profile, Pause pause);
  // The same of a server that may show what is asked of it to anybody. Failures: Exit::local.
  [[nodiscard]] static Outcome<Session> open_as_anybody(Profile const& profile, Pause pause);
  Session(http::Client client, std::string authority, Profile const& profile, Pause pause);

  // The answer, whatever its status. 429, 503 and a 409 that says when are asked again up to five times, after
  // Retry-After seconds (at most 60) or 1, 2, 4, 8, 16; so is a lost connection once the server has answered anything.
  // A POST of objects may be repeated: admission is idempotent. Failures: Exit::server.
  [[nodiscard]] Outcome<http::ClientResponse> exchange(http::ClientRequest request);

  // The answer to one request whose body may go on for ever: see http::Client::follow. Nothing is asked again.
  [[nodiscard]] core::Result<http::ClientResponse> follow(http::ClientRequest request,
                                                          http::Client::Piece const& piece);
  // From any thread: what is under way ends at once, and all that follows fails.
  void stop() { client_.stop(); }
  // What it means that there is no answer.
  [[nodiscard]] Failure failure_of(core::Error error) const;

  // The answer to a GET, or the failure that its status means.
  [[nodiscard]] Outcome<http::ClientResponse> get(std::string target, std::string_view accept = kTaxii);
  [[nodiscard]] Outcome<nlohmann::json> get_json(std::string target, std::string_view accept = kTaxii);
  // A document that every such server has: one that answers 404 is another kind of server (Exit::server).
  [[nodiscard]] Outcome<nlohmann::json> get_fixed_json(std::string target, std::string_view accept = kTaxii);

  // Discovery (TAXII 2.1 section 4.1): the default API root on this origin, else the first that is. Asked once.
  [[nodiscard]] Outcome<ApiRoot> root();
  [[nodiscard]] Outcome<std::vector<Collection>> collections();
  // The collection whose id, alias or title (in any case) this is. Failure: Exit::not_found.
  [[nodiscard]] Outcome<Collection> collection(std::string_view name);
  // That collection, or without a name every readable one.
  [[nodiscard]] Outcome<std::vector<Collection>> readable(std::optional<std::string> const& name);

  // What a user of the session may be told of it.
  [[nodiscard]] std::string origin() const { return "https://" + authority_; }
  [[nodiscard]] bool has_token() const { return token_.has_value(); }
  [[nodiscard]] std::optional<std::filesystem::path> const& authorities() const { return ca_; }

  void pause(std::chrono::milliseconds time) { pause_(time); }

 private:
  [[nodiscard]] std::optional<std::string> path_on_this_server(std::string const& url) const;
  [[nodiscard]] Outcome<std::string> find_root();

  http::Client client_;
  std::string authority_;
  std::optional<std::string> token_;
  std::optional<std::filesystem::path> ca_;
  Pause pause_;
  bool answered_ = false;
  std::optional<ApiRoot> root_;
};

// What an answer that is not 2xx means: its exit code, and the server's own sentence where it gave one (TAXII 2.1
// section 3.6.1, RFC 9457). `what` names what was asked for.
[[nodiscard]] Failure http_failure(http::ClientResponse const& response, std::string_view what);

// The server's own sentence in an error body, made printable; "" when there is none.
[[nodiscard]] std::string server_sentence(http::ClientResponse const& response);

}  // namespace tocsin::client
