// The configuration of an instance (tocsin.toml): one table of keys is its parser, its validator and its manual.
// A Config that exists holds allowed values only. Plain values; any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "schema/core/error.hpp"
#include "server/base/address.hpp"
#include "server/base/log.hpp"

namespace tocsin::base {

enum class RequestLog : std::uint8_t { none, failures, all };

// Sections and fields are named as in the file, units included; what each means is written in config_table.cpp alone.
struct Config {
  struct Instance {
    std::string name, host, identity, origin;
    bool demo = false;
  };
  struct Listen {
    Address https;
    std::optional<Address> mtls, loopback;
    bool tls12 = false;
  };
  struct Tls {
    std::string certificate, key;         // relative to the data directory, unless absolute
    std::string client_ca, client_crl{};  // likewise; no list when empty
  };
  struct Http {
    std::int64_t threads = 0, max_connections = 0, max_connections_per_address = 0;
    std::int64_t handshake_timeout_s = 0, header_timeout_s = 0, idle_timeout_s = 0, body_timeout_s = 0;
    std::int64_t body_min_rate_bytes_per_s = 0, body_memory_mib = 0, write_timeout_s = 0, drain_timeout_s = 0;
  };
  struct Taxii {
    std::string title;
    std::int64_t max_content_length_mib = 0, default_page = 0, max_page = 0;
  };
  struct Admission {
    std::int64_t max_object_kib = 0, future_tolerance_s = 0;
  };
  struct Lifetimes {
    std::int64_t changing_address_h = 0, address_d = 0, network_d = 0, proxy_asn_d = 0, proxy_domain_d = 0;
    std::int64_t prompt_template_d = 0, account_pattern_d = 0, usage_profile_d = 0, tls_fingerprint_d = 0;
    std::int64_t user_agent_d = 0, keyed_identifier_d = 0;
  };
  struct Retention {
    std::int64_t interval_s = 0;
    std::int64_t account_pattern_d = 0, canary_d = 0, ip_range_d = 0, keyed_identifier_d = 0, prompt_template_d = 0;
    std::int64_t proxy_asn_d = 0, proxy_domain_d = 0, tls_fingerprint_d = 0, usage_profile_d = 0, user_agent_d = 0;
  };
  struct Store {
    std::int64_t reader_threads = 0, cache_mib = 0, commit_objects = 0, commit_interval_ms = 0;
    std::int64_t wal_checkpoint_mib = 0, free_space_mib = 0;
    std::string log_state;
  };
  struct Cache {
    std::int64_t pages_mib = 0;
  };
  struct Limits {
    std::int64_t requests_per_second = 0, in_flight = 0, open_streams = 0, widest_v4 = 0, widest_v6 = 0;
  };
  struct Federation {
    std::string certificate, key;  // relative to the data directory, unless absolute; those of `tls` when empty
    bool private_addresses = false;
  };
  struct Audit {
    std::int64_t checkpoint_interval_s = 0;
  };
  struct Logging {
    Level level = Level::info;
    RequestLog requests = RequestLog::failures;
  };

  Instance instance;
  Listen listen;
  Tls tls;
  Http http;
  Taxii taxii;
  Admission admission;
  Lifetimes lifetimes;
  Retention retention;
  Store store;
  Cache cache;
  Limits limits;
  Federation federation;
  Audit audit;
  Logging log;
};

using ConfigErrors = std::vector<core::Error>;  // in the order of the file, what is missing last; never empty

// Every mistake of a TOML 1.0 text at once (a text that is no TOML has one). Each is a config_invalid: the sentence
// starts with the line and names the key, the pointer is /section/key, the remedy says what is allowed.
[[nodiscard]] std::expected<Config, ConfigErrors> parse_config(std::string_view toml);

// A key and its value in a new file.
struct ConfigSetting {
  std::string_view key;  // "instance.name"
  std::variant<bool, std::int64_t, std::string> value;
};

// The text of a new tocsin.toml: every key with its meaning, those given set, the others as comments showing their
// defaults. Fails as parse_config would with that text, so that it need not be parsed again.
[[nodiscard]] std::expected<std::string, ConfigErrors> config_template(std::span<ConfigSetting const> settings);

// The keys whose values differ and that a running server cannot take up, as "listen.https", in the order of the manual.
[[nodiscard]] std::vector<std::string> keys_that_need_a_restart(Config const& running, Config const& wanted);

// docs/configuration.md.
[[nodiscard]] std::string config_manual();

}  // namespace tocsin::base
