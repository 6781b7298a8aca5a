#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/envelope_split.hpp"
#include "clients/cpp/files.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/object_writer.hpp"
#include "clients/cpp/progress.hpp"
#include "clients/cpp/scan/scan_report.hpp"
#include "clients/cpp/target.hpp"
#include "schema/kinds/template_prints.hpp"
#include "server/base/clock.hpp"
#include "server/match/asn_database.hpp"

namespace tocsin::client {
namespace {

constexpr std::size_t kMostDays = 4'000;
constexpr std::size_t kMostOfPrompt = 64u << 10;  // bytes that are looked at: half of them from its end
constexpr std::int64_t kDay = 86'400'000'000;

// The objects of a collection that a scan needs, as long as there are more.
Outcome<void> pull_collection(Session& session, std::string const& objects, KnownIndicators& known, Progress& progress,
                              std::size_t& count) {
  std::string next;
  do {
    Target target(objects);
    target.with("match[type]", "indicator,prompt-template");
    if (!next.empty()) target.with("next", next);
    auto const response = session.get(target.text());
    if (!response) return std::unexpected(response.error());
    auto page = split_envelope(response->body);
    if (!page) return fail(Exit::server, std::move(page.error()), kWhichServer);
    for (auto const object : page->objects) known.add(object);
    count += page->objects.size();
    progress.show(count, "objects pulled");
    if (page->more && (page->next.empty() || page->next == next))
      return fail(Exit::server, "The server says that there is more, but not where: the pull is incomplete.",
                  kWhichServer);
    next = page->more ? std::move(page->next) : std::string();
  } while (!next.empty());
  return {};
}

Outcome<void> pull_known(Session& session, Console& console, KnownIndicators& known) {
  auto const mutes = session.get_json("/api/v1/mutes", kJson);
  if (!mutes) return std::unexpected(mutes.error());
  for (auto const& mute : list_or_empty(*mutes, "mutes")) known.mute(mute);
  auto const root = session.root();
  if (!root) return std::unexpected(root.error());
  auto const collections = session.readable(std::nullopt);
  if (!collections) return std::unexpected(collections.error());
  Progress progress(console.err, console.terminal, console.columns, 0);
  std::size_t count = 0;
  for (auto const& one : *collections) {
    auto const objects = root->path + "collections/" + encoded(one.id) + "/objects/";
    if (auto pulled = pull_collection(session, objects, known, progress, count); !pulled) return pulled;
  }
  known.index();
  return {};
}

void add_key(match::Item& item, match::Field field, std::string const& text) {
  if (text.empty()) return;
  if (auto key = match::parse_key(field, text)) item.keys.push_back(*std::move(key));
}

// Scans logs one after the other, record by record.
class Scan {
 public:
  Scan(KnownIndicators& known, std::optional<match::AsnDatabase> asns) : known_(known), asns_(std::move(asns)) {}

  void take(logs::AccessRecord const& record) {
    auto const day = record.at_us / kDay;
    auto const counted = days_.size() < kMostDays || days_.contains(day);
    if (counted) ++days_[day].all;
    auto const hits = known_.hits_of(item_of(record));
    if (hits.empty()) return;
    if (counted) ++days_[day].hit;
    for (auto const& hit : hits) hits_[hit.indicator].add(record.at_us);
    bool const is_address = record.account.empty();
    suspects_.add(is_address ? address_text(*record.address) : record.account, is_address, record.at_us, hits);
  }

  [[nodiscard]] ScanReport report(std::vector<ScannedLog> logs) && {
    return {std::move(logs), suspects_.findings(), std::move(days_), std::move(hits_)};
  }

 private:
  static std::string address_text(match::IpAddress const& address) {
    return match::text_of({address.value, address.six, static_cast<std::uint8_t>(address.six ? 128 : 32)});
  }

  [[nodiscard]] match::Item item_of(logs::AccessRecord const& record) const {
    match::Item out;
    out.at_us = record.at_us;
    out.address = record.address;
    if (asns_ && record.address) out.asn = asns_->find(*record.address);
    add_key(out, match::Field::ja3, record.ja3);
    add_key(out, match::Field::ja4, record.ja4);
    add_key(out, match::Field::ja4h, record.ja4h);
    add_key(out, match::Field::user_agent, record.user_agent);
    add_key(out, match::Field::email_domain, record.email_domain);
    add_key(out, match::Field::domain, record.domain);
    if (known_.has_templates() && !record.prompt.empty()) out.prints = prints_of(record.prompt);
    return out;
  }

  static std::vector<kinds::Print> prints_of(std::string const& prompt) {
    if (prompt.size() <= kMostOfPrompt) return kinds::prints_of(prompt);
    constexpr auto kHalf = kMostOfPrompt / 2;
    return kinds::prints_of(prompt.substr(0, kHalf) + "\n" + prompt.substr(prompt.size() - kHalf));
  }

  KnownIndicators& known_;
  std::optional<match::AsnDatabase> const asns_;
  Suspects suspects_;
  std::map<std::int64_t, DayOfRequests> days_;
  std::map<std::size_t, Seen> hits_;
};

Outcome<ScannedLog> read_log(Console& console, ScanOptions const& options, std::string const& file, Scan& scan) {
  auto reader = logs::LogReader::make(options.format, options.maps, [&](auto const& one) { scan.take(one); });
  if (!reader) return fail(Exit::local, std::move(reader.error()), "See: tocsin scan --help");
  std::size_t total = 0, done = 0;
  if (file != "-") {
    auto const size = size_of_file(file, file);
    if (!size) return std::unexpected(size.error());
    total = *size;
  }
  Progress progress(console.err, console.terminal, console.columns, total);
  auto const take = [&](std::string_view piece) -> Outcome<void> {
    reader->feed(piece);
    progress.show(done += piece.size(), "bytes");
    return {};
  };
  if (auto read = file == "-" ? read_pieces(console.in, take) : read_pieces(file, file, take); !read)
    return std::unexpected(std::move(read.error()));
  reader->finish();
  return ScannedLog{file == "-" ? "standard input" : file,
                    reader->format() ? std::string(logs::name(*reader->format())) : std::string(), reader->counts()};
}

Outcome<std::optional<match::AsnDatabase>> open_asns(std::optional<std::string> const& file) {
  if (!file) return std::nullopt;
  auto opened = match::AsnDatabase::open(*file);
  if (!opened) return fail(Exit::local, std::move(opened.error()), "Name a file in MaxMind DB format.");
  return *std::move(opened);
}

Outcome<void> write_reports(Console& console, ScanOptions const& options, ScanReport const& report,
                            KnownIndicators const& known) {
  if (options.html) {
    auto file = OutputFile::create(*options.html);
    if (!file) return std::unexpected(std::move(file.error()));
    write_page(file->stream(), report, known, options.most);
    if (auto kept = file->commit(); !kept) return kept;
  }
  console.began = true;
  if (console.json || options.ndjson)
    write_lines(console.out, report, known);
  else
    write_table(console.out, report, known, options.most);
  return {};
}

}  // namespace

Outcome<Exit> scan(Session& session, Console& console, ScanOptions const& options) {
  // What cannot be read is told before anything is pulled.
  if (auto const made = logs::LogReader::make(options.format, options.maps, [](auto const&) {}); !made)
    return fail(Exit::local, made.error(), "See: tocsin scan --help");
  for (auto const& file : options.files)
    if (file != "-")
      if (auto const size = size_of_file(file, file); !size) return std::unexpected(size.error());
  auto asns = open_asns(options.asns);
  if (!asns) return std::unexpected(std::move(asns.error()));
  KnownIndicators known(options.min_confidence, base::SystemClock().now_us());
  if (auto pulled = pull_known(session, console, known); !pulled) return std::unexpected(std::move(pulled.error()));
  Scan scan(known, *std::move(asns));
  std::vector<ScannedLog> logs;
  for (auto const& file : options.files) {
    auto log = read_log(console, options, file, scan);
    if (!log) return std::unexpected(std::move(log.error()));
    logs.push_back(*std::move(log));
  }
  auto const report = std::move(scan).report(std::move(logs));
  if (auto written = write_reports(console, options, report, known); !written)
    return std::unexpected(std::move(written.error()));
  return Exit::ok;
}

}  // namespace tocsin::client
