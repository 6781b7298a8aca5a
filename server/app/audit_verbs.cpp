#include "server/app/audit_verbs.hpp"

#include <unistd.h>

#include <cctype>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>

#include "schema/core/counted.hpp"
#include "server/app/admin_call.hpp"
#include "server/app/audit_bundle.hpp"
#include "server/app/audit_check.hpp"
#include "server/app/table.hpp"
#include "server/app/verbs.hpp"
#include "server/base/files.hpp"

namespace tocsin::app {
namespace {

using nlohmann::json;

core::Result<json> ask(Layout const& layout, base::Config const& config, std::string const& path,
                       std::string const& query = {}) {
  return admin_call(layout, config, http::Method::get, "/api/v1/audit/" + path, nullptr, {}, query);
}

std::string parameter(std::string_view name, std::string_view value) {
  std::string out = "&" + std::string(name) + "=";
  for (char c : value)
    out += std::isalnum(static_cast<unsigned char>(c)) != 0 ? std::string(1, c) : "%" + core::to_hex({&c, 1});
  return out;
}

// All entries below `size` that `filters` lets through, in order; page after page.
core::Result<void> each_entry(Layout const& layout, base::Config const& config, std::string const& filters,
                              std::uint64_t size, std::function<void(json const&)> const& visit) {
  for (json next = 0; !next.is_null();) {
    auto page = ask(layout, config, "entries", "limit=10000&first=" + next.dump() + filters);
    if (!page) return std::unexpected(page.error());
    for (json const& row : page->at("entries"))
      if (row.at("position").get<std::uint64_t>() < size) visit(row);
    next = page->at("next");
    if (next.is_number() && next.get<std::uint64_t>() >= size) next = nullptr;
  }
  return {};
}

std::string text(json const& row, char const* name) { return row.at(name).get<std::string>(); }

// What an entry counts, as people read it.
std::string counts_of(json const& entry) {
  std::string out;
  for (char const* name :
       {"objects", "requests", "stored", "unchanged", "refused", "waiting", "publications", "ranges", "versions"})
    if (auto at = entry.find(name); at != entry.end())
      out += (out.empty() ? "" : " ") + std::string(name) + "=" + at->dump();
  if (auto at = entry.find("moderated"); at != entry.end())
    out += (out.empty() ? "" : " ") + ("moderated=" + at->at("published").dump()) + " of=" + text(*at, "of");
  return out.empty() ? "-" : out;
}

// Where it happened, or to whom or which peer, and what was read there.
std::string place_of(json const& entry) {
  std::string out;
  auto add = [&](json const& word) { out += (out.empty() ? "" : " ") + word.get<std::string>(); };
  for (char const* name : {"organisation", "credential", "collection", "what", "peer"})
    if (auto at = entry.find(name); at != entry.end() && at->is_string()) add(*at);
  // Many submissions in one entry are told by what they count.
  if (auto at = entry.find("submissions"); at != entry.end() && at->size() == 1) add(at->front());
  return out.empty() ? "-" : out;
}

core::Result<void> write(std::filesystem::path const& file, std::string_view bytes) {
  return base::write_file(file, bytes, 0600);
}

struct Bundle {
  std::string entries, leaves;
};

core::Result<void> write_bundle(std::filesystem::path const& folder, json const& checkpoint, Bundle const& bundle,
                                bool for_counsel) {
  std::string note = text(checkpoint, "note");
  std::vector<std::pair<char const*, std::string>> files{{"entries.ndjson", bundle.entries}, {"checkpoint.txt", note}};
  if (for_counsel) {
    auto key = log::VerifierKey::parse(text(checkpoint, "key"));
    auto parsed = log::Note::parse(note);
    if (!key || !parsed) return std::unexpected(key ? parsed.error() : key.error());
    files.emplace_back("leaves.txt", bundle.leaves);
    files.emplace_back("checkpoint.body", parsed->text());
    files.emplace_back("checkpoint.sig", parsed->signatures().front().bytes);
    files.emplace_back("public-key.pem", public_key_pem(key->public_key()));
    files.emplace_back("verify.py", bundle_program());
    files.emplace_back("README.txt", bundle_explanation());
  }
  for (auto const& [name, bytes] : files)
    if (auto written = write(folder / name, bytes); !written) return written;
  return {};
}

}  // namespace

int audit_verify(Layout const& layout, std::filesystem::path const& checkpoints) {
  auto config = config_or_report(layout);
  if (!config) return 1;
  auto known = known_audit_roots(layout, checkpoints);
  if (!known) return report(known.error());
  auto first = ask(layout, *config, "entries", "limit=1");
  if (!first) return report(first.error());
  auto size = first->at("size").get<std::uint64_t>();
  std::size_t compared = known->size();
  ledger::AuditVerifier verifier(*std::move(known));
  auto done = each_entry(layout, *config, "", size, [&](json const& row) {
    std::string entry = text(row, "entry"), salt = core::from_hex(text(row, "salt")).value_or(""),
                leaf = core::from_hex(text(row, "leaf")).value_or("");
    verifier.add({row.at("position").get<std::uint64_t>(), row.at("at_us").get<std::int64_t>(), entry, salt, leaf});
  });
  if (!done) return report(done.error());
  auto verdict = verifier.finish(size);
  bool good = say_audit_verdict(verdict, compared);
  std::cout << (good ? "ok\n" : "NOT OK\n");
  return good ? 0 : 1;
}

int audit_list(Layout const& layout, AuditListOptions const& options) {
  auto config = config_or_report(layout);
  if (!config) return 1;
  std::string filters;
  if (!options.organisation.empty()) filters += parameter("organisation", options.organisation);
  if (!options.since.empty()) filters += parameter("since", options.since);
  if (!options.until.empty()) filters += parameter("until", options.until);
  TextRows rows;
  auto done = each_entry(layout, *config, filters, UINT64_MAX, [&](json const& row) {
    json entry = json::parse(text(row, "entry"), nullptr, false);
    if (!entry.is_object() || !entry.contains("by")) return;
    rows.push_back({text(entry, "at"), text(entry.at("by"), "organisation"), text(entry.at("by"), "credential"),
                    text(entry, "action"), place_of(entry), counts_of(entry)});
  });
  if (!done) return report(done.error());
  std::vector<std::string> const header{"TIME", "ORGANISATION", "CREDENTIAL", "ACTION", "WHERE", "COUNTS"};
  std::cout << (::isatty(STDOUT_FILENO) == 1 ? table_for_people(header, rows) : table_for_programs(rows));
  return 0;
}

int audit_export(Layout const& layout, std::filesystem::path const& folder, bool for_counsel) {
  auto config = config_or_report(layout);
  if (!config) return 1;
  auto checkpoint = ask(layout, *config, "checkpoint");
  if (!checkpoint) return report(checkpoint.error());
  std::error_code failed;
  if (!std::filesystem::create_directory(folder, failed))
    return report({core::Code::io_failed, "The folder " + folder.string() + " exists already or cannot be made.", "",
                   "Name one that does not exist, in a folder that does."});
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  Bundle bundle;
  auto size = checkpoint->at("size").get<std::uint64_t>();
  auto done = each_entry(layout, *config, "", size, [&](json const& row) {
    json line = row;
    line.erase("at_us");  // the entry says it
    bundle.entries += line.dump() + "\n";
    bundle.leaves += text(row, "leaf") + "\n";
  });
  if (!done) return report(done.error());
  if (auto written = write_bundle(folder, *checkpoint, bundle, for_counsel); !written) return report(written.error());
  std::cout << folder.string() << "\t" << core::counted(size, "entry", "entries") << '\n';
  return 0;
}

}  // namespace tocsin::app
