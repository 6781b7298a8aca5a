#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "schema/core/bytes.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

constexpr std::uint64_t kStandard = 1'000, kMost = 10'000;
constexpr std::size_t kPageBytes = 16u << 20;

core::Result<std::uint64_t> number(http::Query const& query, std::string_view name, std::uint64_t standard) {
  auto text = query.find(name);
  if (!text) return standard;
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size())
    return core::fail(core::Code::bad_parameter, "The parameter " + std::string(name) + " is not a number.", "",
                      "Send a number from 0 up.");
  return value;
}

core::Result<std::optional<std::int64_t>> instant(http::Query const& query, std::string_view name) {
  auto text = query.find(name);
  if (!text) return std::nullopt;
  auto at = stix::Timestamp::parse(*text);
  if (!at)
    return core::fail(core::Code::bad_parameter, "The parameter " + std::string(name) + " is no timestamp.", "",
                      "Write it as 2027-01-31T00:00:00Z.");
  return at->microseconds();
}

struct Wanted {
  store::AuditQuery query;
  std::uint64_t limit = kStandard;
};

core::Result<Wanted> wanted(http::Query const& query) {
  Wanted out;
  auto first = number(query, "first", 0), limit = number(query, "limit", kStandard);
  auto since = instant(query, "since"), until = instant(query, "until");
  if (!first) return std::unexpected(first.error());
  if (!limit) return std::unexpected(limit.error());
  if (!since) return std::unexpected(since.error());
  if (!until) return std::unexpected(until.error());
  out.query.first = *first;
  out.query.since_us = *since;
  out.query.until_us = *until;
  out.query.organisation = query.find("organisation").value_or("");
  out.limit = std::clamp<std::uint64_t>(*limit, 1, kMost);
  return out;
}

core::Result<json> page_of(store::AuditReader& reader, Wanted const& asked) {
  auto size = reader.size();
  if (!size) return std::unexpected(size.error());
  json entries = json::array();
  json next = nullptr;
  std::size_t bytes = 0;
  store::AuditQuery query = asked.query;
  query.last = *size;
  auto visited = reader.visit(query, [&](store::AuditRow const& row) {
    if (entries.size() == asked.limit || bytes > kPageBytes) {
      next = row.position;
      return false;
    }
    bytes += row.entry.size();
    entries.push_back({{"position", row.position},
                       {"at_us", row.at_us},
                       {"entry", std::string(row.entry)},
                       {"salt", core::to_hex(row.salt)},
                       {"leaf", core::to_hex(row.leaf)}});
    return true;
  });
  if (!visited) return std::unexpected(visited.error());
  return json{{"entries", std::move(entries)}, {"next", std::move(next)}, {"size", *size}};
}

}  // namespace

// The trail as it is stored, with what re-derives its leaves. No content is in it.
Answer audit_entries(Context& context, http::Request& request) {
  auto asked = wanted(request.query);
  if (!asked) co_return error_answer(request, asked.error());
  auto page = co_await context.bridge.run<json>(
      request.principal->organisation, [&](store::ReadStore& reader) { return page_of(reader.audit(), *asked); });
  if (!page) co_return error_answer(request, page.error());
  co_return json_answer(200, *page);
}

// The trail's size and root as of now, signed.
Answer audit_checkpoint(Context& context, http::Request& request) {
  using Signed = ledger::AuditCheckpoints::Signed;
  auto made = co_await context.bridge.run<Signed>(request.principal->organisation, [&](store::ReadStore& reader) {
    return context.checkpoints.sign(reader.audit());
  });
  if (!made) co_return error_answer(request, made.error());
  co_return json_answer(200, {{"origin", made->checkpoint.origin},
                              {"size", made->checkpoint.size},
                              {"root", core::to_base64(core::view(made->checkpoint.root))},
                              {"note", made->note},
                              {"key", context.checkpoints.key().text()}});
}

}  // namespace tocsin::endpoints
