#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "clients/cpp/access_log.hpp"
#include "clients/cpp/commands.hpp"
#include "clients/cpp/field_maps.hpp"
#include "clients/cpp/files.hpp"
#include "clients/cpp/object_writer.hpp"
#include "clients/cpp/usage/account_list.hpp"
#include "clients/cpp/usage/digest.hpp"
#include "clients/cpp/usage/log_window.hpp"
#include "clients/cpp/usage/meter.hpp"
#include "clients/cpp/usage/profile_item.hpp"
#include "clients/cpp/usage/thresholds.hpp"
#include "clients/logs/log_reader.hpp"

namespace tocsin::client {
namespace {

using Item = nlohmann::ordered_json;

// What the user says of the log besides it.
struct Given {
  PromptRules rules;
  std::vector<Release> releases;
  std::optional<AccountList> accounts;
};

// Takes what `read` makes of a file, when one was named.
template <class T>
Outcome<void> take(std::optional<std::string> const& file, Outcome<T> (*read)(std::string const&), auto& into) {
  if (!file) return {};
  auto made = read(*file);
  if (!made) return std::unexpected(std::move(made.error()));
  into = std::move(*made);
  return {};
}

Outcome<PromptRules> read_rules(std::string const& file) {
  auto const text = read_file(file, file);
  if (!text) return std::unexpected(text.error());
  return PromptRules::parse(*text);
}

Outcome<std::vector<Release>> read_releases(std::string const& file) {
  auto const text = read_file(file, file);
  if (!text) return std::unexpected(text.error());
  return parse_releases(*text);
}

Outcome<Given> read_given(UsageOptions const& options) {
  Given out;
  auto taken = take(options.rules, read_rules, out.rules);
  if (taken) taken = take(options.releases, read_releases, out.releases);
  if (taken) taken = take(options.accounts, read_accounts, out.accounts);
  if (!taken) return std::unexpected(std::move(taken.error()));
  return out;
}

// The requests of a log, measured by whether the user named their accounts; all of them where he named none.
class Measuring {
 public:
  Measuring(Given const& given, LogWindow window)
      : given_(given),
        window_(std::move(window)),
        cluster_(given.rules, given.releases),
        others_(given.rules, given.releases) {}

  void add(logs::AccessRecord const& request) {
    if (request.account.empty()) return void(++nameless_);
    if (!window_.take(request.at_us)) return;
    bool const ours = !given_.accounts || given_.accounts->contains(digest(request.account));
    (ours ? cluster_ : others_).add(request);
  }

  [[nodiscard]] Figures cluster() const {
    auto out = cluster_.figures(window_.window());
    if (given_.accounts) out.shared_payment_clusters = given_.accounts->shared_payments();
    return out;
  }
  [[nodiscard]] std::optional<Figures> others() const {
    auto out = others_.figures(window_.window());
    return out.requests > 0 ? std::optional(std::move(out)) : std::nullopt;
  }
  [[nodiscard]] std::size_t nameless() const { return nameless_; }
  [[nodiscard]] LogWindow const& window() const { return window_; }

 private:
  Given const& given_;
  LogWindow window_;
  Meter cluster_, others_;
  std::size_t nameless_ = 0;
};

Outcome<logs::LogCounts> read_log(UsageOptions const& options, Console& console, Measuring& measuring) {
  auto reader = make_log_reader(std::nullopt, options.maps, "profile",
                                [&](logs::AccessRecord const& request) { measuring.add(request); });
  if (!reader) return std::unexpected(std::move(reader.error()));
  if (auto read = read_access_log(options.log, console, *reader); !read)
    return std::unexpected(std::move(read.error()));
  return reader->counts();
}

void say_read(std::ostream& err, logs::LogCounts const& counts, Measuring const& measuring) {
  err << "read " << counts.lines << (counts.lines == 1 ? " line" : " lines") << '\n';
  if (counts.bad() > 0)
    err << "skipped " << counts.bad() << " that are no request, the first in line " << counts.worst.front().line << ": "
        << counts.worst.front().why << '\n';
  if (measuring.nameless() > 0) err << "skipped " << measuring.nameless() << " without an account\n";
  if (measuring.window().outside() > 0) err << "passed over " << measuring.window().outside() << " of another time\n";
}

std::string cell(Item const& value) { return value.is_string() ? printable(value.get<std::string>()) : value.dump(); }

void say_figures(std::ostream& err, Figures const& cluster, std::optional<Figures> const& others) {
  constexpr std::size_t kName = 26, kValue = 26;
  auto const padded = [](std::string text, std::size_t width) {
    text.resize(std::max(width, text.size() + 1), ' ');
    return text;
  };
  auto const theirs = others ? properties_of(*others) : Item::object();
  err << padded("", kName) << (others ? padded("cluster", kValue) + "others" : "all accounts") << '\n';
  for (auto const& [name, value] : properties_of(cluster).items()) {
    auto const found = theirs.find(name);
    auto const other = found == theirs.end() ? std::string() : cell(*found);
    err << padded(name, kName) << (other.empty() ? cell(value) : padded(cell(value), kValue) + other) << '\n';
  }
}

Outcome<void> write_profile(UsageOptions const& options, Console& console, Item const& item) {
  auto const line = item.dump(-1, ' ', false, Item::error_handler_t::replace) + '\n';
  if (!options.output || *options.output == "-") {
    console.out << line;
    return {};
  }
  auto file = OutputFile::create(*options.output);
  if (!file) return std::unexpected(std::move(file.error()));
  file->stream() << line;
  return file->commit();
}

}  // namespace

Outcome<Exit> profile_usage(Console& console, UsageOptions const& options) {
  auto const given = read_given(options);
  if (!given) return std::unexpected(given.error());
  auto window = LogWindow::parse(options.from, options.until);
  if (!window) return std::unexpected(std::move(window.error()));
  Measuring measuring(*given, std::move(*window));
  auto const counts = read_log(options, console, measuring);
  if (!counts) return std::unexpected(counts.error());
  say_read(console.err, *counts, measuring);
  if (measuring.window().too_long())
    return fail(Exit::local, "The requests of this log are of more than 400 days.",
                "Say of which time the figures shall be, with --from and --until.");
  auto const cluster = measuring.cluster();
  if (cluster.accounts < options.min_accounts)
    return fail(Exit::local,
                "Fewer than " + std::to_string(options.min_accounts) + " of these accounts are in the log: that is " +
                    "about them, and not about a cluster.",
                "Name more accounts, or a longer log.");
  auto const others = measuring.others();
  say_figures(console.err, cluster, others);
  auto const told = thresholds(cluster, others, options.min_accounts);
  if (!told)
    return fail(Exit::local, "No figure tells these accounts from others, so there is nothing to share.",
                "Try a longer log, --rules and --releases, or other accounts.");
  console.began = true;
  if (auto written = write_profile(options, console, profile_item(cluster, *told)); !written)
    return std::unexpected(std::move(written.error()));
  console.err << "nothing was sent; read it, then: tocsin share "
              << (options.output && *options.output != "-" ? *options.output : std::string("FILE")) << '\n';
  return Exit::ok;
}

}  // namespace tocsin::client
