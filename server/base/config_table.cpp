#include "server/base/config_table.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "schema/core/bytes.hpp"
#include "server/base/config_rows.hpp"

namespace tocsin::base {
namespace {

template <auto Section, auto Field>
ConfigRow flag(About about, bool standard) {
  auto set = [](Config& config, ConfigValue const& value) {
    field<Section, Field>(config) = std::get<bool>(value);
    return true;
  };
  return {about.section,
          about.key,
          standard,
          false,
          "true or false",
          about.text,
          about.takes,
          set,
          same_field<Section, Field>};
}

struct Rule {
  std::string_view allowed;
  bool (*holds)(std::string_view);
};

template <auto Section, auto Field>
ConfigRow text(About about, Rule rule, std::string_view standard = {}) {
  auto set = [rule](Config& config, ConfigValue const& value) {
    field<Section, Field>(config) = std::get<std::string>(value);
    return rule.holds(std::get<std::string>(value));
  };
  return {about.section, about.key, std::string(standard),     standard.empty(), std::string(rule.allowed), about.text,
          about.takes,   set,       same_field<Section, Field>};
}

template <auto Section, auto Field, class T, std::size_t N>
ConfigRow choice(About about, std::array<std::pair<std::string_view, T>, N> const& choices, std::string_view standard) {
  std::string allowed;
  for (auto const& [word, meaning] : choices)
    allowed += (allowed.empty() ? "" : &word == &choices.back().first ? " or " : ", ") + toml_text(std::string(word));
  auto set = [choices](Config& config, ConfigValue const& value) {
    auto at = std::ranges::find(choices, std::get<std::string>(value), [](auto const& row) { return row.first; });
    if (at != choices.end()) field<Section, Field>(config) = at->second;
    return at != choices.end();
  };
  return {about.section, about.key, std::string(standard),     false, allowed, about.text,
          about.takes,   set,       same_field<Section, Field>};
}

bool set_https(Config& config, ConfigValue const& value) {
  auto address = parse_address(std::get<std::string>(value));
  if (address) config.listen.https = *address;
  return address.has_value();
}

bool set_loopback(Config& config, ConfigValue const& value) {
  config.listen.loopback.reset();
  if (std::get<std::string>(value).empty()) return true;
  auto address = parse_address(std::get<std::string>(value));
  if (address) config.listen.loopback = *address;
  return address && address->is_loopback();
}

bool set_mtls(Config& config, ConfigValue const& value) {
  config.listen.mtls.reset();
  if (std::get<std::string>(value).empty()) return true;
  auto address = parse_address(std::get<std::string>(value));
  if (address) config.listen.mtls = *address;
  return address.has_value();
}

bool is_printable_ascii(std::string_view value) {
  return std::ranges::all_of(value, [](char c) { return c > 0x20 && c < 0x7F; });
}

constexpr Rule kLine{"1 to 100 bytes of text without control characters", [](std::string_view value) {
                       auto control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; };
                       return !value.empty() && value.size() <= 100 && core::is_utf8(value) &&
                              std::ranges::none_of(value, control);
                     }};
constexpr Rule kHost{"a DNS name or an IP address, without a port",
                     [](std::string_view value) { return is_host_name(value) || is_ip_address(value); }};
constexpr Rule kIdentity{"a STIX identifier identity--UUID", [](std::string_view value) {
                           return value.starts_with("identity--") && core::parse_uuid(value.substr(10)).has_value();
                         }};
constexpr Rule kOrigin{"1 to 200 visible ASCII characters, a URL without its scheme and without a plus sign",
                       [](std::string_view value) {
                         return !value.empty() && value.size() <= 200 && is_printable_ascii(value) &&
                                !value.contains('+') && !value.contains("://");
                       }};
bool is_path(std::string_view value) { return !value.empty() && value.size() <= 4096 && !value.contains('\0'); }
constexpr Rule kPath{"a path", is_path};

bool set_client_crl(Config& config, ConfigValue const& value) {
  config.tls.client_crl = std::get<std::string>(value);
  return config.tls.client_crl.empty() || is_path(config.tls.client_crl);
}

template <std::string Config::Federation::* Field>
ConfigRow own_file(About about) {
  auto set = [](Config& config, ConfigValue const& value) {
    config.federation.*Field = std::get<std::string>(value);
    return (config.federation.*Field).empty() || is_path(config.federation.*Field);
  };
  return {about.section,
          about.key,
          std::string(),
          false,
          "empty, or a path",
          about.text,
          about.takes,
          set,
          same_field<&Config::federation, Field>};
}

constexpr std::array<std::pair<std::string_view, Level>, 4> kLevels{
    {{"debug", Level::debug}, {"info", Level::info}, {"warning", Level::warning}, {"error", Level::error}}};
constexpr std::array<std::pair<std::string_view, RequestLog>, 3> kRequestLogs{
    {{"none", RequestLog::none}, {"failures", RequestLog::failures}, {"all", RequestLog::all}}};

constexpr ConfigSection kSections[] = {
    {"instance",
     "Who this instance is. Its peers and its log know it by these names: do not change identity or origin "
     "once data is in it."},
    {"listen", "Where the server listens."},
    {"tls", "The key and certificate of the server, in PEM. Relative paths start at the data directory."},
    {"http", "How much of the server one connection or one address may hold, and for how long."},
    {"taxii", "What the TAXII 2.1 discovery and collection resources say, and their page sizes."},
    {"admission", "What a submitted object may be."},
    {"lifetimes",
     "How long an indicator in the short form holds when its sender does not say until when. A dry run shows it; "
     "what is stored already keeps the end that it has until it is shared again."},
    {"retention",
     "For how long indicators are kept that hold no more, because their `valid_until` has passed or they are revoked. "
     "Then all their versions are destroyed, for good, and what the short form stored with them; 0 keeps them."},
    {"store", "The database, and how submissions are gathered into commits."},
    {"cache", "Memory that makes answers faster and holds nothing that is not also in the database."},
    {"limits", "How much one credential may ask for, and how much an indicator may cover."},
    {"federation", "How this instance follows its peers."},
    {"audit", "The audit trail: who changed and read what."},
    {"log",
     "What goes to standard error, one JSON object a line. No value of an indicator, token or query is ever "
     "logged."},
};

using C = Config;

void instance_rows(std::vector<ConfigRow>& rows) {
  constexpr auto at = &C::instance;
  using I = C::Instance;
  rows.push_back(
      text<at, &I::name>({"instance", "name", "The name people know this instance by.", Takes::restart}, kLine));
  rows.push_back(text<at, &I::host>(
      {"instance", "host", "The name under which clients reach the server; its certificate must carry it.",
       Takes::restart},
      kHost));
  rows.push_back(text<at, &I::identity>(
      {"instance", "identity", "The STIX identity of the organisation that runs this instance.", Takes::restart},
      kIdentity));
  rows.push_back(text<at, &I::origin>(
      {"instance", "origin", "The name of this instance's log: the first line of its checkpoints.", Takes::restart},
      kOrigin));
  rows.push_back(flag<at, &I::demo>(
      {"instance", "demo", "Whether the data are a demonstration; the title that clients see says so.", Takes::restart},
      false));
}

void listen_rows(std::vector<ConfigRow>& rows) {
  rows.push_back({"listen", "https", std::string("127.0.0.1:8443"), false,
                  "an IP address (not a name) and a port from 0 to 65535, as 127.0.0.1:8443 or [::1]:8443",
                  "The address of the HTTPS listener; 0.0.0.0 or [::] means every interface, port 0 any free port.",
                  Takes::restart, set_https, same_field<&C::listen, &C::Listen::https>});
  rows.push_back({"listen", "mtls", std::string(), false,
                  "empty, or an IP address (not a name) and a port from 0 to 65535, as 0.0.0.0:8444",
                  "The address of a second HTTPS listener, where only clients with a certificate of tls.client_ca are "
                  "heard; empty "
                  "means none.",
                  Takes::restart, set_mtls, same_field<&C::listen, &C::Listen::mtls>});
  rows.push_back(
      {"listen", "loopback", std::string(), false, "empty, or a loopback address and a port, as 127.0.0.1:9090",
       "The address of a plain HTTP listener with nothing but /metrics, /healthz and /readyz; empty means none.",
       Takes::restart, set_loopback, same_field<&C::listen, &C::Listen::loopback>});
  rows.push_back(flag<&C::listen, &C::Listen::tls12>(
      {"listen", "tls12", "Whether TLS 1.2 (with AEAD suites only) is offered besides TLS 1.3."}, false));
  rows.push_back(text<&C::tls, &C::Tls::certificate>(
      {"tls", "certificate", "The server's certificate, followed by the intermediate ones."}, kPath,
      "certs/server.crt"));
  rows.push_back(text<&C::tls, &C::Tls::key>(
      {"tls", "key", "The private key of that certificate, readable by the server alone."}, kPath, "certs/server.key"));
  rows.push_back(text<&C::tls, &C::Tls::client_ca>(
      {"tls", "client_ca",
       "The authorities that client certificates on listen.mtls must come from; no other is trusted."},
      kPath, "certs/clients-ca.crt"));
  rows.push_back(
      {"tls", "client_crl", std::string(), false, "empty, or a path",
       "Revocation lists, one of each authority in client_ca and below it; when one is missing or has run out, nobody "
       "is let in on listen.mtls. Empty means none is asked.",
       Takes::reload, set_client_crl, same_field<&C::tls, &C::Tls::client_crl>});
}

void http_rows(std::vector<ConfigRow>& rows) {
  constexpr auto at = &C::http;
  using H = C::Http;
  rows.push_back(integer<at, &H::threads>(
      {"http", "threads", "Threads that serve connections; 0 means one a processor core.", Takes::restart}, 0, 0, 256));
  rows.push_back(integer<at, &H::max_connections>(
      {"http", "max_connections", "Open connections in all; further ones are closed at once."}, 10'000, 1, 1'000'000));
  rows.push_back(integer<at, &H::max_connections_per_address>(
      {"http", "max_connections_per_address", "Open connections from one IP address (one /64 network of IPv6)."}, 4'096,
      1, 1'000'000));
  rows.push_back(integer<at, &H::handshake_timeout_s>({"http", "handshake_timeout_s", "Seconds for the TLS handshake."},
                                                      5, 1, 300));
  rows.push_back(integer<at, &H::header_timeout_s>(
      {"http", "header_timeout_s", "Seconds from the first byte of a request to the end of its header section."}, 10, 1,
      300));
  rows.push_back(integer<at, &H::idle_timeout_s>(
      {"http", "idle_timeout_s", "Seconds a connection may stay open without a request."}, 75, 1, 3'600));
  rows.push_back(integer<at, &H::body_timeout_s>(
      {"http", "body_timeout_s",
       "Seconds for a request body, besides what its length adds at body_min_rate_bytes_per_s; never more than 120 "
       "for a submission and 30 for another body."},
      10, 1, 3'600));
  rows.push_back(integer<at, &H::body_min_rate_bytes_per_s>(
      {"http", "body_min_rate_bytes_per_s", "The slowest pace of a request body, in bytes a second."}, 1'024, 1,
      1'000'000'000));
  rows.push_back(integer<at, &H::body_memory_mib>(
      {"http", "body_memory_mib",
       "Memory that the request bodies under way may hold, in MiB, decoded; further ones are told to come back. One "
       "organisation may hold a quarter, or twice taxii.max_content_length_mib where that is more."},
      512, 64, 1'048'576));
  rows.push_back(integer<at, &H::write_timeout_s>(
      {"http", "write_timeout_s",
       "Seconds a response may make no progress, and in all, besides what its length adds at 64 times "
       "body_min_rate_bytes_per_s."},
      30, 1, 3'600));
  rows.push_back(integer<at, &H::drain_timeout_s>(
      {"http", "drain_timeout_s", "Seconds that requests in flight get when the server stops."}, 10, 0, 3'600));
}

void domain_rows(std::vector<ConfigRow>& rows) {
  using T = C::Taxii;
  rows.push_back(text<&C::taxii, &T::title>({"taxii", "title", "The title of the discovery resource.", Takes::restart},
                                            kLine, "Tocsin"));
  rows.push_back(integer<&C::taxii, &T::max_content_length_mib>(
      {"taxii", "max_content_length_mib", "The longest request body, in MiB."}, 32, 1, 1'024));
  rows.push_back(integer<&C::taxii, &T::default_page>(
      {"taxii", "default_page", "Objects in a page when a client names no limit."}, 1'000, 1, 100'000));
  rows.push_back(integer<&C::taxii, &T::max_page>(
      {"taxii", "max_page", "Objects in the largest page a client can ask for."}, 10'000, 1, 100'000));
  using A = C::Admission;
  rows.push_back(integer<&C::admission, &A::max_object_kib>(
      {"admission", "max_object_kib", "The largest object, in KiB of its canonical form."}, 1'024, 1, 16'384));
  rows.push_back(integer<&C::admission, &A::future_tolerance_s>(
      {"admission", "future_tolerance_s", "Seconds by which the clock of a submitter may be ahead of the server's."},
      300, 0, 86'400));
}

void store_rows(std::vector<ConfigRow>& rows) {
  constexpr auto at = &C::store;
  using S = C::Store;
  rows.push_back(integer<at, &S::reader_threads>(
      {"store", "reader_threads", "Threads that read the database, each with its own connection.", Takes::restart}, 2,
      1, 64));
  rows.push_back(integer<at, &S::cache_mib>(
      {"store", "cache_mib", "The database's page cache, in MiB, shared out among the connections.", Takes::restart},
      256, 8, 1'048'576));
  rows.push_back(
      integer<at, &S::commit_objects>({"store", "commit_objects", "Objects that make a commit full."}, 256, 1, 10'000));
  rows.push_back(integer<at, &S::commit_interval_ms>(
      {"store", "commit_interval_ms",
       "Milliseconds a commit should take; after a longer one the next holds fewer objects."},
      20, 0, 1'000));
  rows.push_back(integer<at, &S::wal_checkpoint_mib>(
      {"store", "wal_checkpoint_mib",
       "The length of the write-ahead log, in MiB, at which it is moved into the database."},
      4, 1, 1'024));
  rows.push_back(integer<at, &S::free_space_mib>(
      {"store", "free_space_mib", "Free disk space, in MiB, below which submissions are refused and reads go on."}, 64,
      0, 1'048'576));
  rows.push_back(text<at, &S::log_state>(
      {"store", "log_state",
       "Where the size and root of the log are noted, outside the database and its backups; better on another disk. A "
       "database older than it says is not served.",
       Takes::restart},
      kPath, "log-state"));
}

void rest_rows(std::vector<ConfigRow>& rows) {
  rows.push_back(integer<&C::cache, &C::Cache::pages_mib>(
      {"cache", "pages_mib", "Rendered pages kept in memory, in MiB; 0 keeps none."}, 128, 0, 1'048'576));
  using L = C::Limits;
  rows.push_back(integer<&C::limits, &L::requests_per_second>(
      {"limits", "requests_per_second",
       "Requests of one credential a second, weighted by their cost; 0 means any number."},
      0, 0, 1'000'000));
  rows.push_back(integer<&C::limits, &L::in_flight>(
      {"limits", "in_flight",
       "Requests that are worked on at the same time, in all; further ones are told to come back. One organisation "
       "may have a quarter of them, but at least 8."},
      512, 1, 100'000));
  rows.push_back(integer<&C::limits, &L::open_streams>(
      {"limits", "open_streams",
       "Streams of live events that are open at the same time, in all; they do not count as requests. One organisation "
       "may have a quarter of them, but at least 8."},
      256, 1, 100'000));
  rows.push_back(integer<&C::limits, &L::widest_v4>(
      {"limits", "widest_v4", "The prefix of the widest IPv4 network that an indicator may be of, in bits."}, 12, 1,
      32));
  rows.push_back(integer<&C::limits, &L::widest_v6>(
      {"limits", "widest_v6", "The prefix of the widest IPv6 network that an indicator may be of, in bits."}, 24, 1,
      128));
  using F = C::Federation;
  rows.push_back(own_file<&F::certificate>(
      {"federation", "certificate",
       "What peers know this instance by when it reads their logs: a certificate, followed by the intermediate ones, "
       "from an authority that their tls.client_ca names, with a key that the manifest pins, made for client "
       "authentication. Empty means tls.certificate."}));
  rows.push_back(
      own_file<&F::key>({"federation", "key",
                         "The private key of that certificate, readable by the server alone. Empty means tls.key."}));
  rows.push_back(flag<&C::federation, &F::private_addresses>(
      {"federation", "private_addresses",
       "Whether the URL of a peer may lead to loopback, private, link-local and other reserved addresses."},
      false));
  rows.push_back(integer<&C::audit, &C::Audit::checkpoint_interval_s>(
      {"audit", "checkpoint_interval_s",
       "Seconds between the signed checkpoints that are appended to audit/checkpoints while the trail grows.",
       Takes::restart},
      600, 1, 86'400));
  using G = C::Logging;
  rows.push_back(
      choice<&C::log, &G::level>({"log", "level", "The least severe lines that are written."}, kLevels, "info"));
  rows.push_back(choice<&C::log, &G::requests>(
      {"log", "requests", "Which requests are logged: none, those that failed, or all."}, kRequestLogs, "failures"));
}

std::vector<ConfigRow> make_table() {
  std::vector<ConfigRow> rows;
  instance_rows(rows);
  listen_rows(rows);
  http_rows(rows);
  domain_rows(rows);
  lifetime_rows(rows);
  retention_rows(rows);
  store_rows(rows);
  rest_rows(rows);
  return rows;
}

}  // namespace

std::span<ConfigSection const> config_sections() { return kSections; }

std::span<ConfigRow const> config_table() {
  static std::vector<ConfigRow> const table = make_table();
  return table;
}

std::span<ConfigOrder const> config_orders() {
  static constexpr ConfigOrder kOrders[] = {
      {"taxii", "default_page", "is larger than taxii.max_page",
       [](Config const& c) { return c.taxii.default_page <= c.taxii.max_page; }},
      {"admission", "max_object_kib",
       "is larger than taxii.max_content_length_mib, so that no such object could arrive",
       [](Config const& c) { return c.admission.max_object_kib <= c.taxii.max_content_length_mib * 1'024; }},
      {"http", "body_memory_mib",
       "is less than twice taxii.max_content_length_mib, so that a long body might never fit",
       [](Config const& c) { return c.http.body_memory_mib >= c.taxii.max_content_length_mib * 2; }},
  };
  return kOrders;
}

}  // namespace tocsin::base
