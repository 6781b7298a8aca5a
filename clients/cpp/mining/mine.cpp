#include <iostream>
#include <optional>

#include "clients/cpp/access_log.hpp"
#include "clients/cpp/commands.hpp"
#include "clients/cpp/field_maps.hpp"
#include "clients/cpp/mining/account_sample.hpp"
#include "clients/cpp/mining/mined.hpp"
#include "clients/cpp/mining/mined_items.hpp"
#include "clients/cpp/object_writer.hpp"
#include "clients/logs/log_reader.hpp"

namespace tocsin::client {
namespace {

constexpr auto kUnnamed = "Unnamed campaign";

struct Read {
  logs::LogCounts counts;
  std::size_t nameless = 0;
};

Outcome<Read> read_log(MineOptions const& options, Console& console, AccountSample& sample) {
  std::size_t nameless = 0;
  auto reader = make_log_reader(std::nullopt, options.maps, "mine", [&](logs::AccessRecord const& request) {
    if (request.account.empty())
      ++nameless;
    else
      sample.add(request);
  });
  if (!reader) return std::unexpected(std::move(reader.error()));
  if (auto read = read_access_log(options.log, console, *reader); !read)
    return std::unexpected(std::move(read.error()));
  return Read{reader->counts(), nameless};
}

void say_read(std::ostream& err, Read const& read, AccountSample const& sample) {
  err << "read " << read.counts.lines << (read.counts.lines == 1 ? " line" : " lines") << '\n';
  if (read.counts.bad() > 0)
    err << "skipped " << read.counts.bad() << " that are no request, the first in line "
        << read.counts.worst.front().line << ": " << read.counts.worst.front().why << '\n';
  if (read.nameless > 0) err << "skipped " << read.nameless << " without an account\n";
  err << "looked at " << counted(sample.prompts(), "prompt", "prompts") << " of " << sample.accounts().size() << " of "
      << counted(sample.seen(), "account", "accounts") << '\n';
}

void say_mined(std::ostream& err, Mined const& mined, std::size_t min_accounts) {
  if (mined.templates.empty()) {
    err << "found no template that " << min_accounts << " accounts use\n";
    return;
  }
  err << "found " << mined.templates.size() << (mined.templates.size() == 1 ? " template" : " templates") << " that "
      << mined.accounts.size() << " accounts use, and " << mined.common.ranges.size()
      << (mined.common.ranges.size() == 1 ? " range" : " ranges") << " that they come from more than others\n";
}

// To the file, when one is named; else to standard output.
Outcome<void> write_to(std::optional<std::string> const& name, Console& console, auto const& write) {
  if (!name || *name == "-") {
    write(console.out);
    return {};
  }
  auto file = OutputFile::create(*name);
  if (!file) return std::unexpected(std::move(file.error()));
  write(file->stream());
  return file->commit();
}

Outcome<void> write_private(std::string const& name, auto const& write) {
  auto file = OutputFile::create_private(name);
  if (!file) return std::unexpected(std::move(file.error()));
  write(file->stream());
  return file->commit();
}

// As CSV has it: a name that holds what separates cells stands in quotes.
void write_accounts(std::ostream& out, Mined const& mined) {
  out << "account\n";
  for (auto const& name : mined.accounts) {
    if (name.find_first_of(",;\t\"\r\n") == name.npos) {
      out << name << '\n';
      continue;
    }
    out << '"';
    for (char const c : name) out << (c == '"' ? "\"\"" : std::string(1, c));
    out << "\"\n";
  }
}

}  // namespace

Outcome<Exit> mine(Console& console, MineOptions const& options) {
  if (options.accounts_to == "-")
    return fail(Exit::local, "--accounts-to takes a file: accounts are not to stand among items.", "Name a file.");
  AccountSample sample;
  auto const read = read_log(options, console, sample);
  if (!read) return std::unexpected(read.error());
  auto const mined = mined_from(sample.accounts(), options.min_accounts);
  console.began = true;
  auto const name = options.campaign.value_or(kUnnamed);
  auto written = write_to(options.output, console, [&](std::ostream& out) { write_mined(out, name, mined); });
  if (written && options.accounts_to)
    written = write_private(*options.accounts_to, [&](std::ostream& out) { write_accounts(out, mined); });
  if (!written) return std::unexpected(std::move(written.error()));
  say_read(console.err, *read, sample);
  say_mined(console.err, mined, options.min_accounts);
  if (mined.templates.empty()) return Exit::ok;
  console.err << "nothing was sent; honest people use templates, too: read every line, then: tocsin share "
              << (options.output && *options.output != "-" ? *options.output : std::string("FILE")) << '\n';
  return Exit::ok;
}

}  // namespace tocsin::client
