#include <array>
#include <iostream>
#include <optional>
#include <string_view>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/draft/account_table.hpp"
#include "clients/cpp/draft/draft_items.hpp"
#include "clients/cpp/draft/gathering.hpp"
#include "clients/cpp/field_maps.hpp"
#include "clients/cpp/files.hpp"
#include "clients/cpp/object_writer.hpp"

namespace tocsin::client {
namespace {

constexpr auto kUnnamed = "Unnamed campaign";

Outcome<void> read_input(std::string const& file, Console& console, AccountTable& table) {
  auto const take = [&](std::string_view piece) { return table.feed(piece); };
  auto read = file == "-" ? read_pieces(console.in, take) : read_pieces(file, file, take);
  if (!read) return read;
  return table.finish();
}

// "a, b and c" of what there is any of.
class Counts {
 public:
  void add(std::size_t count, std::string_view one, std::string_view more) {
    if (count == 0) return;
    parts_.push_back(std::to_string(count) + " " + std::string(count == 1 ? one : more));
  }
  [[nodiscard]] bool empty() const { return parts_.empty(); }
  [[nodiscard]] std::string text() const {
    std::string out;
    for (std::size_t i = 0; i < parts_.size(); ++i)
      out += (i == 0 ? "" : i + 1 == parts_.size() ? " and " : ", ") + parts_[i];
    return out;
  }

 private:
  std::vector<std::string> parts_;
};

void say_skipped(std::ostream& err, Skipped const& skipped, std::string_view why) {
  if (skipped.rows == 0) return;
  err << "skipped " << skipped.rows << (skipped.rows == 1 ? " row " : " rows ") << why << ", the first in line "
      << skipped.first_line << '\n';
}

void say_rows(std::ostream& err, TableCounts const& counts, std::size_t accounts) {
  Counts read;
  read.add(counts.rows, "row", "rows");
  read.add(accounts, "account", "accounts");
  err << "read " << (read.empty() ? "no row" : read.text()) << '\n';
  say_skipped(err, counts.torn, "that had not the form of the others");
  say_skipped(err, counts.nameless, "without an account");
}

void say_passed_over(std::ostream& err, PassedOver const& passed) {
  Counts counts;
  counts.add(passed.addresses, "address that is none", "addresses that are none");
  counts.add(passed.reserved, "private or reserved address", "private or reserved addresses");
  counts.add(passed.emails, "e-mail address that is none", "e-mail addresses that are none");
  counts.add(passed.fingerprints, "JA4 fingerprint that is none", "JA4 fingerprints that are none");
  counts.add(passed.days, "date that is none", "dates that are none");
  if (!counts.empty()) err << "passed over " << counts.text() << '\n';
  if (passed.providers) err << "passed over the providers: that column has other things than a few names\n";
}

void say_drafted(std::ostream& err, Common const& common, TooFew const& few, std::size_t least) {
  Counts items;
  if (common.size() > 0) items.add(1, "campaign", "");
  items.add(common.ranges.empty() ? 0 : 1, "proxy-network", "");
  items.add(common.ranges.size(), "ip-range", "ip-range");
  items.add(common.mailboxes.size(), "account-pattern", "account-pattern");
  items.add(common.fingerprints.size(), "tls-fingerprint", "tls-fingerprint");
  err << "drafted " << (items.empty() ? "nothing" : items.text()) << '\n';
  Counts left;
  left.add(few.addresses, "address", "addresses");
  left.add(few.shapes, "form of e-mail addresses", "forms of e-mail addresses");
  left.add(few.fingerprints, "fingerprint", "fingerprints");
  if (!left.empty()) err << "left out, as fewer than " << least << " accounts share each: " << left.text() << '\n';
}

Outcome<void> write_draft(DraftOptions const& options, Console& console, Common const& common) {
  auto const name = options.campaign.value_or(kUnnamed);
  if (!options.output || *options.output == "-") {
    write_items(console.out, name, common);
    return {};
  }
  auto file = OutputFile::create(*options.output);
  if (!file) return std::unexpected(std::move(file.error()));
  write_items(file->stream(), name, common);
  return file->commit();
}

void say_next(std::ostream& err, DraftOptions const& options, bool empty) {
  if (empty) return;
  if (!options.campaign) err << "the campaign has no name yet: give it one with --campaign, or in the file\n";
  auto const file = options.output && *options.output != "-" ? *options.output : std::string("FILE");
  err << "nothing was sent; read every line, then: tocsin share " << file << '\n';
}

}  // namespace

Outcome<Exit> draft(Console& console, DraftOptions const& options) {
  auto const maps = read_maps(options.maps);
  if (!maps) return std::unexpected(maps.error());
  auto columns = ColumnNames::parse(*maps);
  if (!columns) return std::unexpected(std::move(columns.error()));
  Gathering gathering(options.min_accounts);
  AccountTable table(std::move(*columns), [&](AccountRow const& row) { gathering.add(row); });
  if (auto read = read_input(options.file, console, table); !read) return std::unexpected(std::move(read.error()));
  auto const common = gathering.common();
  console.began = true;
  if (auto written = write_draft(options, console, common); !written)
    return std::unexpected(std::move(written.error()));
  say_rows(console.err, table.counts(), common.accounts);
  say_passed_over(console.err, gathering.passed_over());
  say_drafted(console.err, common, gathering.too_few(), options.min_accounts);
  say_next(console.err, options, common.size() == 0);
  return Exit::ok;
}

}  // namespace tocsin::client
