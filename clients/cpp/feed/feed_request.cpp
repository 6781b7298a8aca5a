#include "clients/cpp/feed/feed_request.hpp"

#include <charconv>

#include "clients/cpp/feed/entries.hpp"
#include "clients/cpp/target.hpp"
#include "schema/core/bytes.hpp"
#include "schema/core/digest.hpp"
#include "schema/log/feed_manifest.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/base/clock.hpp"

namespace tocsin::client {
namespace {

constexpr std::int64_t kClocksDifferUs = 3'600'000'000;
constexpr std::string_view kDigest = "sha-256=";

std::unexpected<Failure> not_believed(std::string const& name, std::string const& why, std::string remedy) {
  return fail(Exit::server, "What the server sent as " + name + " " + why + ".", std::move(remedy));
}

std::vector<std::pair<std::string, std::string>> parameters_of(FeedRequest const& request) {
  auto out = request.parameters;
  out.emplace_back("format", request.format);
  return out;
}

std::string target_of(FeedRequest const& request) {
  Target target("/api/v1/feeds/" + encoded(request.name));
  target.with("format", request.format);
  for (auto const& [name, value] : request.parameters) target.with(name, value);
  return target.text();
}

// Takes the number of the answer from what was signed.
Outcome<void> verify(FeedAnswer& answer, http::ClientResponse const& response, FeedRequest const& request) {
  auto const header = response.header("Tocsin-Manifest");
  if (!header)
    return fail(Exit::unverified, "The server did not sign what it sent as " + request.name + ".",
                "See what lies between you and the server, and in its log why feeds are not signed.");
  auto const note = core::from_base64(*header);
  auto const manifest = note ? log::open_feed_manifest(*note, *request.key) : core::Result<log::FeedManifest>();
  if (!note || !manifest)
    return fail(Exit::unverified, "What came as " + request.name + " is not signed with the key of --vkey.",
                "If the instance changed its log's key, get the new one from its operator.");
  auto const& said = *manifest;
  if (said.feed != request.name || said.asked != log::asked_digest(parameters_of(request)) ||
      said.sha256 != answer.digest || said.entries != answer.entries || said.as_of != response.header("Tocsin-As-Of") ||
      said.expires != response.header("Tocsin-Expires"))
    return fail(Exit::unverified, "What came as " + request.name + " was signed as something else.",
                "Run the command again; if this goes on, see what lies between you and the server.");
  answer.generation = said.generation;
  return {};
}

Outcome<FeedAnswer> head_of(http::ClientResponse const& response, std::string const& name) {
  FeedAnswer out;
  auto const digest = response.header("Tocsin-Digest").value_or("");
  auto const entries = response.header("Tocsin-Entries").value_or("");
  auto const as_of = stix::Timestamp::parse(response.header("Tocsin-As-Of").value_or(""));
  auto const expires = stix::Timestamp::parse(response.header("Tocsin-Expires").value_or(""));
  auto const [end, error] = std::from_chars(entries.data(), entries.data() + entries.size(), out.entries);
  if (!digest.starts_with(kDigest) || error != std::errc() || end != entries.data() + entries.size() || !as_of ||
      !expires)
    return not_believed(name, "does not say what it has", kWhichServer);
  out.digest = digest.substr(kDigest.size());
  out.as_of_us = as_of->microseconds();
  out.expires_us = expires->microseconds();
  out.lasts = std::chrono::milliseconds((expires->microseconds() - as_of->microseconds()) / 1'000);
  return out;
}

// `digest` of the bytes that the asker has.
Outcome<void> check(FeedAnswer const& answer, FeedRequest const& request, std::string const& digest) {
  constexpr auto kAgain = "Run the command again; if this goes on, see what lies between you and the server.";
  if (!answer.bytes && answer.digest != digest)
    return not_believed(request.name, "is not what was asked about", kAgain);
  if (answer.bytes && core::to_hex(core::view(core::sha256(*answer.bytes))) != answer.digest)
    return not_believed(request.name, "is not what its digest says", kAgain);
  if (answer.bytes && entries_of(request.format, *answer.bytes) != answer.entries)
    return not_believed(request.name, "has not as many entries as it says, or something besides", kAgain);
  if (answer.expires_us + kClocksDifferUs < base::SystemClock().now_us())
    return not_believed(request.name, "expired more than an hour ago",
                        "Check the clock of this machine, and what keeps copies between you and the server.");
  return {};
}

}  // namespace

Outcome<FeedAnswer> ask_for_feed(Session& session, FeedRequest const& request, std::string const& digest) {
  http::ClientRequest asked{.method = "GET", .target = target_of(request), .headers = {{"Accept", "*/*"}}, .body = {}};
  if (!digest.empty()) asked.headers.emplace_back("If-None-Match", "\"" + digest + "\"");
  auto response = session.exchange(std::move(asked));
  if (!response) return std::unexpected(std::move(response.error()));
  bool const is_same = response->status == 304 && !digest.empty();
  if (response->status != 200 && !is_same) {
    auto failure = http_failure(*response, "the feed " + request.name);
    if (response->status == 404) failure.remedy = "Name a feed that the server has.";
    return std::unexpected(std::move(failure));
  }
  auto out = head_of(*response, request.name);
  if (!out) return out;
  if (request.key)
    if (auto verified = verify(*out, *response, request); !verified) return std::unexpected(verified.error());
  if (!is_same) out->bytes = std::move(response->body);
  if (auto checked = check(*out, request, digest); !checked) return std::unexpected(std::move(checked.error()));
  return out;
}

}  // namespace tocsin::client
