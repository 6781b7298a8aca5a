#include "clients/logs/field_names.hpp"

#include <algorithm>

namespace tocsin::logs {
namespace {

constexpr std::array<std::string_view, kFormats.size()> kFormatNames{"nginx-json", "envoy", "alb", "gateway", "csv"};
constexpr std::array<std::string_view, kFields> kFieldNames{"time",       "account",    "address", "model", "prompt",
                                                            "tokens_in",  "tokens_out", "ja3",     "ja4",   "ja4h",
                                                            "user_agent", "email",      "domain"};

struct Row {
  Field field;
  std::string_view name;
};

// X-Forwarded-For is in none of them: whoever asks writes into it what he likes. Proxies that trust the one before them
// say the address that they found in it as that of the request.
constexpr std::array kNginx{Row{Field::time, "time_iso8601"},   Row{Field::time, "msec"},
                            Row{Field::time, "time_local"},     Row{Field::account, "remote_user"},
                            Row{Field::address, "remote_addr"}, Row{Field::user_agent, "http_user_agent"},
                            Row{Field::prompt, "request_body"}};
constexpr std::array kEnvoy{Row{Field::time, "start_time"}, Row{Field::address, "downstream_remote_address"},
                            Row{Field::ja3, "tls_ja3_fingerprint"}, Row{Field::ja4, "tls_ja4_fingerprint"}};
// What people call it who write a log of their own, and gateways in front of models.
constexpr std::array kAny{
    Row{Field::time, "time"},
    Row{Field::time, "timestamp"},
    Row{Field::time, "at"},
    Row{Field::time, "ts"},
    Row{Field::time, "startTime"},
    Row{Field::account, "account"},
    Row{Field::account, "account_id"},
    Row{Field::account, "user_id"},
    Row{Field::account, "user"},
    Row{Field::account, "api_key_id"},
    Row{Field::address, "address"},
    Row{Field::address, "ip"},
    Row{Field::address, "client_ip"},
    Row{Field::address, "requester_ip_address"},
    Row{Field::model, "model"},
    Row{Field::model, "request.model"},
    Row{Field::prompt, "prompt"},
    Row{Field::prompt, "messages"},
    Row{Field::prompt, "input"},
    Row{Field::prompt, "request.messages"},
    Row{Field::prompt, "request.prompt"},
    Row{Field::tokens_in, "tokens_in"},
    Row{Field::tokens_in, "prompt_tokens"},
    Row{Field::tokens_in, "input_tokens"},
    Row{Field::tokens_in, "usage.prompt_tokens"},
    Row{Field::tokens_in, "usage.input_tokens"},
    Row{Field::tokens_out, "tokens_out"},
    Row{Field::tokens_out, "completion_tokens"},
    Row{Field::tokens_out, "output_tokens"},
    Row{Field::tokens_out, "usage.completion_tokens"},
    Row{Field::tokens_out, "usage.output_tokens"},
    Row{Field::ja3, "ja3"},
    Row{Field::ja4, "ja4"},
    Row{Field::ja4h, "ja4h"},
    Row{Field::user_agent, "user_agent"},
    Row{Field::email, "email"},
    Row{Field::email, "email_domain"},
    Row{Field::domain, "client_domain"},
};

std::unexpected<core::Error> wrong(std::string detail) {
  return core::fail(core::Code::bad_parameter, std::move(detail), {},
                    "Write FIELD=NAME; the fields are time, account, address, model, prompt, tokens_in, tokens_out, "
                    "ja3, ja4, ja4h, user_agent, email and domain.");
}

}  // namespace

std::string_view name(Format format) { return kFormatNames[static_cast<std::size_t>(format)]; }

std::string_view name(Field field) { return kFieldNames[static_cast<std::size_t>(field)]; }

FieldNames::FieldNames(Format format) {
  auto const add = [&](auto const& rows) {
    for (auto const& row : rows) names_[static_cast<std::size_t>(row.field)].emplace_back(row.name);
  };
  if (format == Format::nginx_json) add(kNginx);
  if (format == Format::envoy) add(kEnvoy);
  add(kAny);
}

core::Result<void> FieldNames::map(std::string_view text) {
  auto const equals = text.find('=');
  if (equals == text.npos || equals + 1 == text.size()) return wrong("A mapping names no member.");
  auto const found = std::ranges::find(kFieldNames, text.substr(0, equals));
  if (found == kFieldNames.end()) return wrong("A mapping names no field that there is.");
  names_[static_cast<std::size_t>(found - kFieldNames.begin())] = {std::string(text.substr(equals + 1))};
  return {};
}

}  // namespace tocsin::logs
