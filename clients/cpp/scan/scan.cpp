#include <iostream>

#include "clients/cpp/access_log.hpp"
#include "clients/cpp/commands.hpp"
#include "clients/cpp/field_maps.hpp"
#include "clients/cpp/files.hpp"
#include "clients/cpp/object_writer.hpp"
#include "clients/cpp/progress.hpp"
#include "clients/cpp/scan/pulling.hpp"
#include "clients/cpp/scan/record_item.hpp"
#include "clients/cpp/scan/scan_report.hpp"
#include "server/match/asn_database.hpp"

namespace tocsin::client {
namespace {

constexpr std::size_t kMostDays = 4'000;
constexpr std::int64_t kDay = 86'400'000'000;

// Scans logs one after the other, record by record.
class Scan {
 public:
  Scan(KnownIndicators& known, std::optional<match::AsnDatabase> asns) : known_(known), asns_(std::move(asns)) {}

  void take(logs::AccessRecord const& record) {
    auto const day = record.at_us / kDay;
    auto const counted = days_.size() < kMostDays || days_.contains(day);
    if (counted) ++days_[day].all;
    auto const hits = known_.hits_of(item_of(record, asns_ ? &*asns_ : nullptr, known_.has_templates()));
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

  KnownIndicators& known_;
  std::optional<match::AsnDatabase> const asns_;
  Suspects suspects_;
  std::map<std::int64_t, DayOfRequests> days_;
  std::map<std::size_t, Seen> hits_;
};

Outcome<ScannedLog> read_log(Console& console, ScanOptions const& options, std::string const& file, Scan& scan) {
  auto reader = make_log_reader(options.format, options.maps, "scan", [&](auto const& one) { scan.take(one); });
  if (!reader) return std::unexpected(std::move(reader.error()));
  std::size_t total = 0, done = 0;
  if (file != "-") {
    auto const size = size_of_file(file, file);
    if (!size) return std::unexpected(size.error());
    total = *size;
  }
  Progress progress(console.err, console.terminal, console.columns, total);
  auto const told = [&](std::size_t bytes) { progress.show(done += bytes, "bytes"); };
  if (auto read = read_access_log(file, console, *reader, told); !read) return std::unexpected(std::move(read.error()));
  return ScannedLog{name_of_log(file), reader->format() ? std::string(logs::name(*reader->format())) : std::string(),
                    reader->counts()};
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
    auto file = OutputFile::create_private(*options.html);
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

// A scan of nothing finds nobody: whoever looks at the exit code must not take that for a clean log.
Outcome<Exit> all_read(ScanReport const& report) {
  auto const counts = counts_of(report);
  if (counts.lines == 0 || counts.records > 0) return Exit::ok;
  return fail(Exit::local,
              counts.lines == 1 ? "The only line is no request."
                                : "None of the " + grouped(counts.lines) + " lines is a request.",
              "Say what they are: --format, and --map where members have other names.");
}

}  // namespace

Outcome<Exit> scan(Session& session, Console& console, ScanOptions const& options) {
  // What cannot be read is told before anything is pulled.
  if (auto made = make_log_reader(options.format, options.maps, "scan", [](auto const&) {}); !made)
    return std::unexpected(std::move(made.error()));
  for (auto const& file : options.files)
    if (file != "-")
      if (auto const size = size_of_file(file, file); !size) return std::unexpected(size.error());
  auto asns = open_asns(options.asns);
  if (!asns) return std::unexpected(std::move(asns.error()));
  auto const pulled = pull_known(session, console, options.min_confidence);
  if (!pulled) return std::unexpected(pulled.error());
  auto& known = **pulled;
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
  return all_read(report);
}

}  // namespace tocsin::client
